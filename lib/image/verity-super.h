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
	uint32_t hash_type;			/* 0: Chromium OS, 1: the usual format */
	uint32_t data_block, hash_block;	/* sizes of blocks, bytes */
	uint64_t data_blocks;			/* number of data blocks */
	uint64_t first_hash;			/* number of the first block of hashes */
	char algorithm[32];			/* of the hashes: "sha256" */
	char salt[2 * VERITY_SALT_MAX + 1];	/* hexadecimal; "-": none */
};

/*
 * Read the superblock at @offset of @d for a volume of @size bytes.  0, or -EUCLEAN with
 * error text that begins with @object.
 */
int verity_super_read(const struct device *d, uint64_t offset, uint64_t size, const char *object,
		      struct verity_super *s);

#endif /* ANYFS_IMAGE_VERITY_SUPER_H */
