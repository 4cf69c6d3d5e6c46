/* SPDX-License-Identifier: GPL-2.0 */
/*
 * listed.h - a disk whose ranges are a list in memory
 *
 * For formats that list the places of the data in the order of the disk, and have no
 * tables for random access.
 */
#ifndef ANYFS_FORMAT_LISTED_H
#define ANYFS_FORMAT_LISTED_H

#include "mapped.h"

#define LISTED_MAX	(4u << 20)	/* ranges */

struct listed_range {
	uint64_t len;			/* bytes; all but the last are whole sectors */
	enum run_kind kind;
	/* DATA, PACKED: the file with the data; open as long as the list: listed_hold(). */
	struct blockdev *from;
	uint64_t offset;		/* DATA, PACKED: offset in from; FILL: the four bytes */
	uint32_t packed_len;		/* PACKED: bytes stored; len is that of the whole unit */
	enum codec codec;		/* PACKED */
};

struct listed;

/* Make an empty list.  NULL: out of memory. */
struct listed *listed_create(void);
/* Append @range.  0; -EINVAL: bad length; -E2BIG: more than LISTED_MAX ranges; -ENOMEM. */
int listed_add(struct listed *l, const struct listed_range *range);
/* The sum of the lengths of all ranges, bytes. */
uint64_t listed_size(const struct listed *l);
/* Keep a reference to @bd until the list is freed.  0 or -ENOMEM. */
int listed_hold(struct listed *l, struct blockdev *bd);
/*
 * Make the list a disk over @lower; frees @l on failure.  0, or -errno with error text:
 * -EINVAL: the list is empty.
 */
int listed_finish(struct listed *l, struct blockdev *lower, struct blockdev **bd);
void listed_free(struct listed *l);

#endif /* ANYFS_FORMAT_LISTED_H */
