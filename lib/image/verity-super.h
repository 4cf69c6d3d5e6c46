/* SPDX-License-Identifier: GPL-2.0 */
/*
 * verity-super.h - the superblock before the hashes of dm-verity
 */
#ifndef ANYFS_IMAGE_VERITY_SUPER_H
#define ANYFS_IMAGE_VERITY_SUPER_H

#include <stdint.h>
#include "device.h"

#define VERITY_SALT_MAX	256u

struct verity_super {
	uint32_t hash_type;
	uint32_t data_block, hash_block;	/* bytes */
	uint64_t data_blocks;
	uint64_t first_hash;			/* in blocks of the hash device */
	char algorithm[32];
	char salt[2 * VERITY_SALT_MAX + 1];	/* hexadecimal; "-": none */
};

/*
 * Read the superblock at @offset of @d for a volume of @size bytes.  0, or -EUCLEAN with a
 * text that begins with @object.
 */
int verity_super_read(const struct device *d, uint64_t offset, uint64_t size, const char *object,
		      struct verity_super *s);

#endif /* ANYFS_IMAGE_VERITY_SUPER_H */
