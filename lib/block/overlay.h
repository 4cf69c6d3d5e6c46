/* SPDX-License-Identifier: GPL-2.0 */
/*
 * overlay.h - a copy-on-write layer: what is written goes to a store of its
 * own, and the blockdev below never changes
 *
 * Two stores: memory, and a file that keeps the changes (overlay-file.c has
 * its format).  A read of what was never written goes down as it is.
 */
#ifndef ANYFS_BLOCK_OVERLAY_H
#define ANYFS_BLOCK_OVERLAY_H

#include <pthread.h>
#include "blockdev.h"
#include "overlay-map.h"

/*
 * Put a layer over @lower that keeps at most @limit bytes of changes in
 * memory; more of them fail with -ENOSPC.  The layer takes a reference to @lower;
 * the caller keeps its own.  0 or -ENOMEM.
 */
int overlay_open_memory(struct blockdev *lower, uint64_t limit, struct blockdev **bd);

/*
 * Put a layer over @lower that keeps the changes in the file @path; it takes
 * a reference to @lower, and the caller keeps its own.  @flags as for raw_open():
 * with BLOCKDEV_WRITE the file is made if there is none (or an empty one) and
 * locked exclusively; without it the layer is read-only and shows what the file
 * holds.  -ESTALE: the file belongs to another image, or the image has changed
 * since; -EINVAL: it is no overlay; -EUCLEAN: it is damaged; else as raw_open().
 */
int overlay_open_file(struct blockdev *lower, const char *path, unsigned int flags,
		      struct blockdev **bd);

/* Requests that changed something so far, in this process.  @bd is an overlay. */
uint64_t overlay_changes(struct blockdev *bd);

/* Whether a write was refused because @limit was reached.  @bd is an overlay in memory. */
bool overlay_was_full(struct blockdev *bd);

/* sparse.c: a zeroed disk in memory that grows as it is written, up to a limit */

int sparse_open(uint64_t capacity, uint32_t logical_block, uint64_t limit, struct blockdev **bd);
/* Whether a write was refused because the limit was reached. */
bool sparse_was_full(struct blockdev *bd);

/* ---- Between overlay.c and overlay-file.c ---- */

struct overlay {
	struct blockdev bd;
	struct blockdev *lower, *upper;	/* the image, the changes */
	uint64_t shift;			/* where upper has the disk's first byte */
	struct overlay_map map;
	_Atomic uint64_t changes;

	/* Of a file: */
	int fd;				/* upper's */
	uint64_t map_offset;
	struct block_pool *pool;	/* for flushes, which wait */
	pthread_mutex_t flushing;	/* one flush at a time */
	int failed;			/* of a flush: it cannot be known what was stored */
};

/* Takes @upper over, and a reference to @lower.  Nothing on failure: 0 or -ENOMEM. */
int overlay_create(struct blockdev *lower, struct blockdev *upper, uint64_t shift,
		   struct overlay **ov);

/* overlay-file.c: make durable what was written; 0 or -errno. */
int overlay_file_flush(void *ov, struct lkl_block_req *req);

#endif /* ANYFS_BLOCK_OVERLAY_H */
