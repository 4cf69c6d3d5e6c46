// SPDX-License-Identifier: GPL-2.0
/*
 * blake2b.c - the checksum BLAKE2b of RFC 7693, with 64 bytes and without a key, like b2sum
 *
 * Nettle 3.8, the version in Debian 12, does not have this checksum.
 */
#include <endian.h>
#include <string.h>
#include "digest.h"

#define BLOCK	128			/* bytes */
#define SIZE	64			/* bytes of the result */

struct blake2b {
	uint64_t h[8];
	uint64_t total;			/* bytes in earlier blocks */
	size_t used;			/* bytes in @block */
	uint8_t block[BLOCK];
};

static const uint64_t start[8] = {
	0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
	0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

/* The order of the words in each round; rounds 10 and 11 repeat 0 and 1. */
static const uint8_t order[10][16] = {
	{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
	{ 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4 },
	{ 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8 },
	{ 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13 },
	{ 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9 },
	{ 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11 },
	{ 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10 },
	{ 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5 },
	{ 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0 },
};

static uint64_t rotate(uint64_t x, unsigned int bits)
{
	return x >> bits | x << (64 - bits);
}

static void mix(uint64_t v[16], int a, int b, int c, int d, uint64_t x, uint64_t y)
{
	v[a] += v[b] + x;
	v[d] = rotate(v[d] ^ v[a], 32);
	v[c] += v[d];
	v[b] = rotate(v[b] ^ v[c], 24);
	v[a] += v[b] + y;
	v[d] = rotate(v[d] ^ v[a], 16);
	v[c] += v[d];
	v[b] = rotate(v[b] ^ v[c], 63);
}

static void take_block(struct blake2b *s, const uint8_t *block, bool last)
{
	uint64_t v[16], m[16];

	for (int i = 0; i < 8; i++) {
		v[i] = s->h[i];
		v[i + 8] = start[i];
	}
	v[12] ^= s->total;
	v[14] = last ? ~v[14] : v[14];
	for (int i = 0; i < 16; i++) {
		memcpy(&m[i], block + 8 * i, 8);
		m[i] = le64toh(m[i]);
	}
	for (int round = 0; round < 12; round++) {
		const uint8_t *o = order[round % 10];

		for (int i = 0; i < 4; i++)
			mix(v, i, i + 4, i + 8, i + 12, m[o[2 * i]], m[o[2 * i + 1]]);
		for (int i = 0; i < 4; i++)
			mix(v, i, (i + 1) % 4 + 4, (i + 2) % 4 + 8, (i + 3) % 4 + 12,
			    m[o[8 + 2 * i]], m[o[9 + 2 * i]]);
	}
	for (int i = 0; i < 8; i++)
		s->h[i] ^= v[i] ^ v[i + 8];
}

static void init(void *state)
{
	struct blake2b *s = state;

	memset(s, 0, sizeof(*s));
	memcpy(s->h, start, sizeof(start));
	s->h[0] ^= 0x01010000 ^ SIZE;
}

static void update(void *state, size_t len, const uint8_t *data)
{
	struct blake2b *s = state;

	while (len) {
		size_t n = BLOCK - s->used < len ? BLOCK - s->used : len;

		/* The last block is special: keep it until more follows. */
		if (s->used == BLOCK) {
			s->total += BLOCK;
			take_block(s, s->block, false);
			s->used = 0;
			continue;
		}
		memcpy(s->block + s->used, data, n);
		s->used += n;
		data += n;
		len -= n;
	}
}

static void finish(void *state, size_t len, uint8_t *out)
{
	struct blake2b *s = state;

	memset(s->block + s->used, 0, BLOCK - s->used);
	s->total += s->used;
	take_block(s, s->block, true);
	for (int i = 0; i < 8; i++)
		s->h[i] = htole64(s->h[i]);
	memcpy(out, s->h, len);
}

const struct nettle_hash digest_blake2b = {
	.name = "blake2b", .context_size = sizeof(struct blake2b), .digest_size = SIZE,
	.block_size = BLOCK, .init = init, .update = update, .digest = finish,
};
