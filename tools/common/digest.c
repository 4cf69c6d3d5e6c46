// SPDX-License-Identifier: GPL-2.0
/*
 * digest.c - checksums of files of the image
 */
#include <stdlib.h>
#include <string.h>
#include "digest.h"
#include "messages.h"
#include "output.h"
#include "side.h"

#define BUFFER_SIZE	(512u << 10)

static const struct nettle_hash *const kinds[] = {
	&nettle_sha256, &nettle_md5, &nettle_sha1, &nettle_sha512, &digest_blake2b,
};

#define NR_KINDS	(sizeof(kinds) / sizeof(kinds[0]))

const struct nettle_hash *digest_find(const char *name)
{
	for (size_t i = 0; i < NR_KINDS; i++)
		if (!strcmp(kinds[i]->name, name))
			return kinds[i];
	return NULL;
}

const struct nettle_hash *digest_by_length(size_t len)
{
	for (size_t i = 0; i < NR_KINDS; i++)
		if (kinds[i]->digest_size * 2 == len)
			return kinds[i];
	return NULL;
}

static void put_hex(const uint8_t *bytes, size_t len, char *hex)
{
	static const char digits[] = "0123456789abcdef";

	for (; len; len--, bytes++) {
		*hex++ = digits[*bytes >> 4];
		*hex++ = digits[*bytes & 15];
	}
	*hex = '\0';
}

long digest_file(struct tool *t, const struct nettle_hash *kind, int fd,
		 char hex[DIGEST_HEX_MAX], uint64_t *size)
{
	static uint8_t *buf;
	uint8_t sum[DIGEST_HEX_MAX / 2];
	void *state = tool_alloc(t, kind->context_size);
	long n;

	if (!buf)
		buf = tool_alloc(t, BUFFER_SIZE);
	*size = 0;
	kind->init(state);
	while ((n = side_image.read(fd, buf, BUFFER_SIZE)) > 0) {
		kind->update(state, n, buf);
		*size += n;
		t->bytes += n;
		progress_show(t);
	}
	t->files += n == 0;
	kind->digest(state, kind->digest_size, sum);
	put_hex(sum, kind->digest_size, hex);
	free(state);
	return n;
}
