/* SPDX-License-Identifier: GPL-2.0 */
/*
 * discards.h - a layer that keeps a list of discards and does not carry them out
 *
 * The ioctl FITRIM makes a file system discard all blocks that it does not use: the list is then
 * its own map of free space.
 */
#ifndef ANYFS_BLOCK_DISCARDS_H
#define ANYFS_BLOCK_DISCARDS_H

#include "blockdev.h"

struct discards;

struct block_range {
	uint64_t offset, len;		/* bytes */
};

/* Put the layer over @lower; it takes a reference, the caller keeps its own.  0 or -ENOMEM. */
int discards_open(struct blockdev *lower, struct blockdev **bd);
/*
 * The discards so far, sorted, those that touch merged, as an array that the caller frees.
 * Returns the number of ranges, or -ENOMEM.
 */
int64_t discards_get(struct discards *d, struct block_range **ranges);

#endif /* ANYFS_BLOCK_DISCARDS_H */
