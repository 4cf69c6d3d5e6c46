// SPDX-License-Identifier: GPL-2.0
/*
 * overlay.c - the copy-on-write layer: send each request to the image or the store
 *
 * The image is the blockdev below; the store holds the written blocks.  The map has
 * a bit for each logical block, and requests are whole blocks, so a write never
 * needs to copy a block from the image first.
 *
 *   read    If all blocks are in the image, or all are in a store that has the
 *           image's offsets, the request is passed on unchanged.  Otherwise it is
 *           cut into runs of blocks from the same place.
 *   write   Goes to the store; when it has completed, the bits of its blocks are
 *           set.  After a failed write the blocks still read from the image.
 *   zero, discard  Like writes; the store may keep holes for them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "overlay.h"
#include "split.h"

/* After a successful write, let reads find the blocks in the store. */
static void note_stored(struct split *split, void *data)
{
	const struct lkl_block_req *req = split->parent;
	struct overlay *ov = data;
	uint32_t block = ov->bd.limits.logical_block;

	if (!req->status && req->op != LKL_BLK_READ)
		overlay_map_set(&ov->map, req->offset / block, req->len / block);
}

static struct split *begin(struct overlay *ov, struct lkl_block_req *req)
{
	struct split *split = split_begin(req, note_stored, ov);

	if (!split)
		req->status = -ENOMEM;
	return split;
}

/* Submit the whole request to the store, with the same buffers. */
static int submit_whole(struct overlay *ov, struct lkl_block_req *req)
{
	struct split *split = begin(ov, req);
	struct piece *piece = split ? split_whole(split, req->offset + ov->shift) : NULL;

	if (piece)
		split_submit(ov->upper, piece);
	return split ? split_end(split) : BLOCKDEV_DONE;
}

/* Read blocks of which some are in the store and some in the image. */
static int read_runs(struct overlay *ov, struct lkl_block_req *req)
{
	struct split *split = begin(ov, req);
	uint64_t pos = req->offset, end = req->offset + req->len;
	uint32_t block = ov->bd.limits.logical_block;

	while (split && pos < end) {
		bool set;
		uint64_t nr = overlay_map_run(&ov->map, pos / block, (end - pos) / block, &set);
		struct piece *piece = split_cut(split, set ? pos + ov->shift : pos, nr * block);

		if (!piece)
			break;
		split_submit(set ? ov->upper : ov->lower, piece);
		pos += nr * block;
	}
	return split ? split_end(split) : BLOCKDEV_DONE;
}

static int submit_read(struct overlay *ov, struct lkl_block_req *req)
{
	uint32_t block = ov->bd.limits.logical_block;
	uint64_t first = req->offset / block, nr = req->len / block;
	bool set;

	if (!nr || !atomic_load_explicit(&ov->map.used, memory_order_acquire))
		return blockdev_submit(ov->lower, req);
	if (overlay_map_run(&ov->map, first, nr, &set) < nr)
		return read_runs(ov, req);
	if (!set)
		return blockdev_submit(ov->lower, req);
	return ov->shift ? submit_whole(ov, req) : blockdev_submit(ov->upper, req);
}

static int overlay_submit(struct blockdev *bd, struct lkl_block_req *req)
{
	struct overlay *ov = (struct overlay *)bd;

	if (req->op == LKL_BLK_READ)
		return submit_read(ov, req);
	if (req->op == LKL_BLK_FLUSH) {
		block_pool_submit(ov->pool, req);
		return BLOCKDEV_KEPT;
	}
	if (!req->len) {
		req->status = 0;
		return BLOCKDEV_DONE;
	}
	atomic_fetch_add_explicit(&ov->changes, 1, memory_order_relaxed);
	return submit_whole(ov, req);
}

static void overlay_close(struct blockdev *bd)
{
	struct overlay *ov = (struct overlay *)bd;

	/* Save the changes since the last flush: first the blocks, then the map. */
	if (ov->pool && bd->can_write)
		overlay_file_flush(ov, NULL);
	block_pool_destroy(ov->pool);
	pthread_mutex_destroy(&ov->flushing);
	overlay_map_free(&ov->map);
	blockdev_close(ov->upper);
	blockdev_close(ov->lower);
	free(ov);
}

/* The blockdev below has the kept reads of blocks that were never written. */
static bool overlay_help(struct blockdev *bd)
{
	return blockdev_help(((struct overlay *)bd)->lower);
}

/* Cancels requests that were passed down unchanged; pieces of a split request go on. */
static void overlay_cancel(struct blockdev *bd, struct lkl_block_req *req)
{
	blockdev_cancel(((struct overlay *)bd)->lower, req);
}

static int overlay_extents(struct blockdev *bd, uint64_t offset, uint64_t len,
			   struct blockdev_extent *extents, unsigned int max)
{
	struct overlay *ov = (struct overlay *)bd;
	uint32_t block = bd->limits.logical_block;
	uint64_t first = offset / block, last = (offset + len - 1) / block;
	uint64_t run;
	bool set;

	run = (first + overlay_map_run(&ov->map, first, last - first + 1, &set)) * block - offset;
	if (run < len)
		len = run;
	return set ? blockdev_extents(ov->upper, offset + ov->shift, len, extents, max) :
		     blockdev_extents(ov->lower, offset, len, extents, max);
}

static void overlay_prefetch(struct blockdev *bd, uint64_t offset, uint64_t len)
{
	blockdev_prefetch(((struct overlay *)bd)->lower, offset, len);
}

static const struct blockdev_ops overlay_ops = {
	.size = sizeof(struct blockdev_ops),
	.kind = "overlay",
	.submit = overlay_submit,
	.help = overlay_help,
	.cancel = overlay_cancel,
	.extents = overlay_extents,
	.prefetch = overlay_prefetch,
	.close = overlay_close,
};

int overlay_create(struct blockdev *lower, struct blockdev *upper, uint64_t shift,
		   struct overlay **ovp)
{
	struct overlay *ov = calloc(1, sizeof(*ov));
	uint64_t blocks = lower->capacity / lower->limits.logical_block;

	if (!ov || blockdev_init_over(&ov->bd, &overlay_ops, lower) < 0 ||
	    overlay_map_init(&ov->map, blocks) < 0) {
		if (ov)
			free(ov->bd.name);
		free(ov);
		return error_set(-ENOMEM, "%s: out of memory for an overlay", lower->name);
	}
	ov->lower = blockdev_get(lower);
	ov->upper = upper;
	ov->shift = shift;
	pthread_mutex_init(&ov->flushing, NULL);
	ov->bd.can_write = upper->can_write;
	ov->bd.can_flush = false;
	ov->bd.can_fua = false;		/* the kernel sends a flush instead */
	ov->bd.can_discard = upper->can_discard;
	ov->bd.can_zero = upper->can_zero;
	ov->bd.limits.discard_granularity = upper->limits.discard_granularity;
	if (ov->bd.limits.discard_granularity < lower->limits.logical_block)
		ov->bd.limits.discard_granularity = lower->limits.logical_block;
	*ovp = ov;
	return 0;
}

int overlay_open_memory(struct blockdev *lower, uint64_t limit, struct blockdev **bd)
{
	struct blockdev *upper;
	struct overlay *ov;
	int err = sparse_open(lower->capacity, lower->limits.logical_block, limit, &upper);

	if (err)
		return err;
	err = overlay_create(lower, upper, 0, &ov);
	if (err) {
		blockdev_close(upper);
		return err;
	}
	*bd = &ov->bd;
	return 0;
}

uint64_t overlay_changes(struct blockdev *bd)
{
	return atomic_load(&((struct overlay *)bd)->changes);
}

bool overlay_was_full(struct blockdev *bd)
{
	return sparse_was_full(((struct overlay *)bd)->upper);
}
