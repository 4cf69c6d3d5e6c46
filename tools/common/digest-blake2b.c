// SPDX-License-Identifier: GPL-2.0
/*
 * digest-blake2b.c - BLAKE2b with 64 bytes, like b2sum, with the interface of Nettle
 */
#include "blake2b.h"
#include "digest.h"

static void begin(void *state)
{
	blake2b_init(state, BLAKE2B_MAX);
}

static void add(void *state, size_t len, const uint8_t *data)
{
	blake2b_add(state, data, len);
}

/* digest.c always takes the whole digest: @len is BLAKE2B_MAX. */
static void end(void *state, size_t len, uint8_t *out)
{
	blake2b_end(state, out);
}

const struct nettle_hash digest_blake2b = {
	.name = "blake2b", .context_size = sizeof(struct blake2b), .digest_size = BLAKE2B_MAX,
	.block_size = BLAKE2B_BLOCK, .init = begin, .update = add, .digest = end,
};
