// SPDX-License-Identifier: GPL-2.0
/*
 * overlay.c - the copy-on-write layer: where each request goes
 *
 * The map has a bit for each logical block, and requests are whole blocks, so
 * that nothing ever has to be copied up before it is written.
 *
 *   read    All of it below, or all of it in a store at the same offsets: the
 *           request itself goes on, untouched.  Else it is cut into runs.
 *   write   To the store; once it is there the blocks' bits are set.  A write
 *           that fails leaves the image's content in place.
 *   zero, discard  As writes: the store has holes for them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "overlay.h"

/* A request that went on in one or more pieces. */
struct split {
	struct overlay *ov;
	struct lkl_block_req *parent;
	_Atomic unsigned int pending;	/* pieces, and one for who cuts */
	_Atomic int status;		/* first failure */
};

struct piece {
	struct lkl_block_req req;	/* first; its submitter is the split */
	struct lkl_block_iov iov[];
};

/* How far into the parent's buffers the cutting has come. */
struct cursor {
	const struct lkl_block_iov *iov;
	lkl_size done;			/* bytes of *iov */
};

static void note_status(struct split *split, int status)
{
	int none = 0;

	if (status)
		atomic_compare_exchange_strong(&split->status, &none, status);
}

/* Let go of one of the pending; true, with the parent's status set, if it was the last. */
static bool put_split(struct split *split)
{
	struct lkl_block_req *parent = split->parent;
	struct overlay *ov = split->ov;

	if (atomic_fetch_sub(&split->pending, 1) > 1)
		return false;
	parent->status = atomic_load(&split->status);
	if (!parent->status && parent->op != LKL_BLK_READ)
		overlay_map_set(&ov->map, parent->offset / ov->bd.limits.logical_block,
				parent->len / ov->bd.limits.logical_block);
	free(split);
	return true;
}

static void piece_done(struct lkl_block_req *req)
{
	struct split *split = req->submitter;
	struct lkl_block_req *parent = split->parent;

	note_status(split, req->status);
	free(req);
	if (put_split(split))
		blockdev_complete(parent, parent->status);
}

static struct split *new_split(struct overlay *ov, struct lkl_block_req *parent)
{
	struct split *split = malloc(sizeof(*split));

	if (!split)
		return NULL;
	split->ov = ov;
	split->parent = parent;
	atomic_init(&split->pending, 1);
	atomic_init(&split->status, 0);
	return split;
}

/* The cutting is through; what submit returns. */
static int end_split(struct split *split)
{
	return put_split(split) ? BLOCKDEV_DONE : BLOCKDEV_KEPT;
}

static void submit_piece(struct split *split, struct blockdev *bd, struct piece *piece)
{
	piece->req.done = piece_done;
	piece->req.submitter = split;
	atomic_fetch_add(&split->pending, 1);
	/* The split itself stays: its cutter has not let go. */
	if (blockdev_submit(bd, &piece->req) == BLOCKDEV_DONE)
		piece_done(&piece->req);
}

/* The whole request, its buffers as they are. */
static int submit_whole(struct overlay *ov, struct lkl_block_req *req)
{
	struct split *split = new_split(ov, req);
	struct piece *piece = split ? malloc(sizeof(*piece)) : NULL;

	if (!piece) {
		free(split);
		req->status = -ENOMEM;
		return BLOCKDEV_DONE;
	}
	piece->req = *req;
	piece->req.offset += ov->shift;
	submit_piece(split, ov->upper, piece);
	return end_split(split);
}

/* Move the next @len bytes from @cur to @dst (NULL: only count); how many buffers. */
static unsigned int take(struct cursor *cur, uint64_t len, struct lkl_block_iov *dst)
{
	unsigned int nr = 0;

	while (len) {
		lkl_size left = cur->iov->len - cur->done;
		lkl_size step = left < len ? left : len;

		if (dst && step) {
			dst[nr].base = (char *)cur->iov->base + cur->done;
			dst[nr].len = step;
		}
		nr += step != 0;
		len -= step;
		cur->done += step;
		if (cur->done == cur->iov->len) {
			cur->iov++;
			cur->done = 0;
		}
	}
	return nr;
}

static struct piece *cut(struct cursor *cur, uint64_t offset, uint64_t len)
{
	struct cursor ahead = *cur;
	unsigned int nr = take(&ahead, len, NULL);
	struct piece *piece = malloc(sizeof(*piece) + nr * sizeof(piece->iov[0]));

	if (!piece)
		return NULL;
	piece->req = (struct lkl_block_req){
		.op = LKL_BLK_READ, .offset = offset, .len = len,
		.iov = piece->iov, .nr_iov = nr,
	};
	take(cur, len, piece->iov);
	return piece;
}

/* A read of blocks some of which are in the store. */
static int read_runs(struct overlay *ov, struct lkl_block_req *req)
{
	struct split *split = new_split(ov, req);
	struct cursor cur = { req->iov, 0 };
	uint64_t pos = req->offset, end = req->offset + req->len;
	uint32_t block = ov->bd.limits.logical_block;

	if (!split) {
		req->status = -ENOMEM;
		return BLOCKDEV_DONE;
	}
	while (pos < end) {
		bool set;
		uint64_t nr = overlay_map_run(&ov->map, pos / block, (end - pos) / block, &set);
		struct piece *piece = cut(&cur, set ? pos + ov->shift : pos, nr * block);

		if (!piece) {
			note_status(split, -ENOMEM);
			break;
		}
		submit_piece(split, set ? ov->upper : ov->lower, piece);
		pos += nr * block;
	}
	return end_split(split);
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

	/* What nobody flushed is stored all the same, in the order that keeps it sound. */
	if (ov->pool && bd->can_write)
		overlay_file_flush(ov, NULL);
	block_pool_destroy(ov->pool);
	pthread_mutex_destroy(&ov->flushing);
	overlay_map_free(&ov->map);
	blockdev_close(ov->upper);
	blockdev_close(ov->lower);
	free(ov);
}

/* Reads go down as they are where nothing was written. */
static bool overlay_help(struct blockdev *bd)
{
	struct blockdev *lower = ((struct overlay *)bd)->lower;

	return BLOCKDEV_HAS(lower, help) && lower->ops->help(lower);
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

static const struct blockdev_ops overlay_ops = {
	.size = sizeof(struct blockdev_ops),
	.kind = "overlay",
	.submit = overlay_submit,
	.help = overlay_help,
	.extents = overlay_extents,
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
		return error_set(-ENOMEM, "%s: no memory for an overlay", lower->name);
	}
	ov->lower = blockdev_get(lower);
	ov->upper = upper;
	ov->shift = shift;
	pthread_mutex_init(&ov->flushing, NULL);
	ov->bd.can_write = upper->can_write;
	ov->bd.can_flush = false;
	ov->bd.can_fua = false;		/* the kernel flushes instead */
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
