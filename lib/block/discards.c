// SPDX-License-Identifier: GPL-2.0
/*
 * discards.c - a layer that keeps a list of discards and does not carry them out
 *
 * A discard succeeds without an effect: the blocks keep their data.  Other requests are passed
 * to the blockdev below.  Layers above find the list in their struct blockdev.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "discards.h"

struct discards {
	struct blockdev bd;
	struct blockdev *lower;
	pthread_mutex_t lock;		/* guards all that follows */
	struct block_range *ranges;	/* in order of arrival */
	size_t nr, room;
};

static int add_range(struct discards *d, uint64_t offset, uint64_t len)
{
	struct block_range *last = d->nr ? &d->ranges[d->nr - 1] : NULL, *more;

	/* The kernel splits large discards. */
	if (last && last->offset + last->len == offset) {
		last->len += len;
		return 0;
	}
	if (d->nr == d->room) {
		more = reallocarray(d->ranges, d->room * 2 + 64, sizeof(*more));
		if (!more)
			return -ENOMEM;
		d->ranges = more;
		d->room = d->room * 2 + 64;
	}
	d->ranges[d->nr++] = (struct block_range){ offset, len };
	return 0;
}

static int discards_submit(struct blockdev *bd, struct lkl_block_req *req)
{
	struct discards *d = (struct discards *)bd;

	if (req->op != LKL_BLK_DISCARD)
		return blockdev_submit(d->lower, req);
	pthread_mutex_lock(&d->lock);
	req->status = add_range(d, req->offset, req->len);
	pthread_mutex_unlock(&d->lock);
	return BLOCKDEV_DONE;
}

static bool discards_help(struct blockdev *bd)
{
	return blockdev_help(((struct discards *)bd)->lower);
}

static void discards_cancel(struct blockdev *bd, struct lkl_block_req *req)
{
	blockdev_cancel(((struct discards *)bd)->lower, req);
}

static int discards_extents(struct blockdev *bd, uint64_t offset, uint64_t len,
			    struct blockdev_extent *extents, unsigned int max)
{
	return blockdev_extents(((struct discards *)bd)->lower, offset, len, extents, max);
}

static void discards_prefetch(struct blockdev *bd, uint64_t offset, uint64_t len)
{
	blockdev_prefetch(((struct discards *)bd)->lower, offset, len);
}

static void discards_close(struct blockdev *bd)
{
	struct discards *d = (struct discards *)bd;

	pthread_mutex_destroy(&d->lock);
	blockdev_close(d->lower);
	free(d->ranges);
	free(d);
}

static const struct blockdev_ops discards_ops = {
	.size = sizeof(struct blockdev_ops),
	.kind = "discards",
	.submit = discards_submit,
	.help = discards_help,
	.cancel = discards_cancel,
	.extents = discards_extents,
	.prefetch = discards_prefetch,
	.close = discards_close,
};

int discards_open(struct blockdev *lower, struct blockdev **bd)
{
	struct discards *d = calloc(1, sizeof(*d));

	if (!d || blockdev_init_over(&d->bd, &discards_ops, lower) < 0) {
		free(d);
		return -ENOMEM;
	}
	d->lower = blockdev_get(lower);
	pthread_mutex_init(&d->lock, NULL);
	d->bd.can_discard = true;
	/* The kernel discards nothing smaller than a physical block: allow each logical block. */
	d->bd.limits.physical_block = lower->limits.logical_block;
	d->bd.limits.discard_granularity = lower->limits.logical_block;
	d->bd.discards = d;
	*bd = &d->bd;
	return 0;
}

static int by_offset(const void *a, const void *b)
{
	const struct block_range *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Sort @r, and merge ranges that touch or overlap; returns how many are left. */
static size_t sort_and_merge(struct block_range *r, size_t nr)
{
	size_t kept = 0;

	qsort(r, nr, sizeof(*r), by_offset);
	for (size_t i = 0; i < nr; i++) {
		uint64_t end = r[i].offset + r[i].len;
		struct block_range *last = kept ? &r[kept - 1] : NULL;

		if (!last || last->offset + last->len < r[i].offset)
			r[kept++] = r[i];
		else if (last->offset + last->len < end)
			last->len = end - last->offset;
	}
	return kept;
}

int64_t discards_get(struct discards *d, struct block_range **ranges)
{
	struct block_range *copy;
	size_t nr;

	pthread_mutex_lock(&d->lock);
	nr = d->nr;
	copy = calloc(nr + 1, sizeof(*copy));
	if (copy && nr)
		memcpy(copy, d->ranges, nr * sizeof(*copy));
	pthread_mutex_unlock(&d->lock);
	if (!copy)
		return -ENOMEM;
	*ranges = copy;
	return sort_and_merge(copy, nr);
}
