/* SPDX-License-Identifier: GPL-2.0 */
/*
 * overlay.h - a copy-on-write layer: written blocks go to a store, and the blockdev
 * below never changes
 *
 * There are two kinds of store: memory, and a file that keeps the changes (its
 * format is described in overlay-file.c).  A read of blocks that were never written
 * is passed to the blockdev below.
 */
#ifndef ANYFS_BLOCK_OVERLAY_H
#define ANYFS_BLOCK_OVERLAY_H

#include <pthread.h>
#include "blockdev.h"
#include "overlay-map.h"

/*
 * Create a layer over @lower that keeps at most @limit bytes of changes in memory;
 * writes beyond that fail with -ENOSPC.  The layer takes a reference to @lower; the
 * caller keeps its own.  0 or -ENOMEM.
 */
int overlay_open_memory(struct blockdev *lower, uint64_t limit, struct blockdev **bd);

/*
 * Create a layer over @lower that keeps the changes in the file @path.  The layer
 * takes a reference to @lower; the caller keeps its own.  @flags as for raw_open():
 * with BLOCKDEV_WRITE the file is locked exclusively, and is created if it does not
 * exist or is empty; without it the layer is read-only and includes the changes in
 * the file.  -ESTALE: the file belongs to another image, or the image was changed
 * since; -EINVAL: it is not an overlay; -EUCLEAN: it is damaged; else the errors of raw_open().
 */
int overlay_open_file(struct blockdev *lower, const char *path, unsigned int flags,
		      struct blockdev **bd);

/* Number of write, zero and discard requests so far.  @bd is an overlay. */
uint64_t overlay_changes(struct blockdev *bd);

/* True if a write failed because @limit was reached.  @bd is an overlay in memory. */
bool overlay_was_full(struct blockdev *bd);

/* sparse.c */

/*
 * A zeroed disk in memory.  Memory is allocated for written data only, up to @limit
 * bytes; writes beyond that fail with -ENOSPC.  0 or -ENOMEM.
 */
int sparse_open(uint64_t capacity, uint32_t logical_block, uint64_t limit, struct blockdev **bd);
/* True if a write failed because the limit was reached. */
bool sparse_was_full(struct blockdev *bd);

/* ---- Between overlay.c and overlay-file.c ---- */

struct overlay {
	struct blockdev bd;
	struct blockdev *lower, *upper;	/* references: the image, the store */
	uint64_t shift;			/* byte offset in upper of the disk's first byte */
	struct overlay_map map;
	_Atomic uint64_t changes;	/* requests that changed the disk so far */

	/* If the store is a file: */
	int fd;				/* upper's descriptor */
	uint64_t map_offset;		/* of the map in the file, bytes */
	struct block_pool *pool;	/* serves flushes, which wait */
	pthread_mutex_t flushing;	/* one flush at a time */
	int failed;			/* error of a flush: it is unknown what was stored */
};

/*
 * Create an overlay that owns @upper and takes a reference to @lower.  0 or -ENOMEM;
 * on failure the caller still owns @upper.
 */
int overlay_create(struct blockdev *lower, struct blockdev *upper, uint64_t shift,
		   struct overlay **ov);

/* overlay-file.c: make all completed writes durable; 0 or -errno. */
int overlay_file_flush(void *ov, struct lkl_block_req *req);

#endif /* ANYFS_BLOCK_OVERLAY_H */
