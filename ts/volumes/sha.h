/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sha.h - SHA-1 and SHA-2 (FIPS 180-4)
 */
#ifndef ANYFS_VOLUMES_SHA_H
#define ANYFS_VOLUMES_SHA_H

#include <stddef.h>
#include <stdint.h>

#define SHA_BLOCK_MAX	128u
#define SHA_MAX		64u		/* bytes of a digest */

struct sha_state {
	union {
		uint32_t w[8];
		uint64_t x[8];
	} h;
	uint64_t total;			/* bytes */
	uint8_t block[SHA_BLOCK_MAX];
};

struct sha {
	const char *name;		/* "sha256" */
	unsigned int len, block;	/* bytes of a digest, and of a block */
	unsigned int word;		/* bytes */
	uint64_t start[8];
	void (*compress)(struct sha_state *s, const uint8_t *block);
};

/* Indexed by enum GCRY_MD_...; the first has no name. */
extern const struct sha sha_table[];
#define SHA_NR	6

void sha_init(const struct sha *sha, struct sha_state *s);
void sha_add(const struct sha *sha, struct sha_state *s, const void *data, size_t len);
/* Write the digest and wipe the state. */
void sha_end(const struct sha *sha, struct sha_state *s, uint8_t *out);

#endif /* ANYFS_VOLUMES_SHA_H */
