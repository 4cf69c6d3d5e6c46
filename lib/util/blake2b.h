/* SPDX-License-Identifier: GPL-2.0 */
/*
 * blake2b.h - the hash BLAKE2b (RFC 7693), without a key
 */
#ifndef ANYFS_BLAKE2B_H
#define ANYFS_BLAKE2B_H

#include <stddef.h>
#include <stdint.h>

#define BLAKE2B_BLOCK	128u
#define BLAKE2B_MAX	64u		/* bytes of a digest */

struct blake2b {
	uint64_t h[8];
	uint64_t total;			/* bytes that were compressed */
	uint8_t block[BLAKE2B_BLOCK];
	size_t have;			/* bytes in block */
	size_t len;			/* bytes of the digest */
};

/* Begin a digest of @len bytes, at most BLAKE2B_MAX. */
void blake2b_init(struct blake2b *s, size_t len);
void blake2b_add(struct blake2b *s, const void *data, size_t len);
/* Write the digest, of the length given to blake2b_init(), and wipe the state. */
void blake2b_end(struct blake2b *s, uint8_t *out);

#endif /* ANYFS_BLAKE2B_H */
