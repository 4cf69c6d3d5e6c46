// SPDX-License-Identifier: GPL-2.0
/*
 * split.c - serve a request in pieces, see split.h
 *
 * The thread that cuts the request counts as one pending piece, so that the split
 * cannot end while that thread still uses it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "split.h"

struct split *split_begin(struct lkl_block_req *parent,
			  void (*ended)(struct split *split, void *data), void *data)
{
	struct split *split = malloc(sizeof(*split));

	if (!split)
		return NULL;
	split->parent = parent;
	split->ended = ended;
	split->data = data;
	atomic_init(&split->pending, 1);
	atomic_init(&split->status, 0);
	split->iov = parent->iov;
	split->done = 0;
	return split;
}

void split_fail(struct split *split, int status)
{
	int none = 0;

	if (status)
		atomic_compare_exchange_strong(&split->status, &none, status);
}

/* Drop one pending count.  If it was the last, set the parent's status and return true. */
static bool put_split(struct split *split)
{
	if (atomic_fetch_sub(&split->pending, 1) > 1)
		return false;
	split->parent->status = atomic_load(&split->status);
	if (split->ended)
		split->ended(split, split->data);
	free(split);
	return true;
}

void split_piece_done(struct piece *piece, int status)
{
	struct split *split = piece->req.submitter;
	struct lkl_block_req *parent = split->parent;

	split_fail(split, status);
	free(piece);
	if (put_split(split))
		blockdev_complete(parent, parent->status);
}

static void piece_done(struct lkl_block_req *req)
{
	split_piece_done((struct piece *)req, req->status);
}

int split_end(struct split *split)
{
	return put_split(split) ? BLOCKDEV_DONE : BLOCKDEV_KEPT;
}

/*
 * Advance by @len bytes and store the buffers of this range in @dst (NULL: do not).
 * Returns the number of buffers.
 */
static unsigned int take_buffers(struct split *split, uint64_t len, struct lkl_block_iov *dst)
{
	unsigned int nr = 0;

	while (len) {
		lkl_size left = split->iov->len - split->done;
		lkl_size step = left < len ? left : len;

		if (dst && step) {
			dst[nr].base = (char *)split->iov->base + split->done;
			dst[nr].len = step;
		}
		nr += step != 0;
		len -= step;
		split->done += step;
		if (split->done == split->iov->len) {
			split->iov++;
			split->done = 0;
		}
	}
	return nr;
}

/* Initialise @piece (NULL: out of memory) as a pending part of the parent. */
static struct piece *begin_piece(struct split *split, struct piece *piece, uint64_t offset)
{
	if (!piece) {
		split_fail(split, -ENOMEM);
		return NULL;
	}
	piece->req = *split->parent;
	piece->req.offset = offset;
	piece->req.done = piece_done;
	piece->req.submitter = split;
	atomic_fetch_add(&split->pending, 1);
	return piece;
}

struct piece *split_whole(struct split *split, uint64_t offset)
{
	return begin_piece(split, malloc(sizeof(struct piece)), offset);
}

struct piece *split_cut(struct split *split, uint64_t offset, uint64_t len)
{
	const struct lkl_block_iov *iov = split->iov;
	lkl_size done = split->done;
	unsigned int nr = take_buffers(split, len, NULL);
	struct piece *piece = malloc(sizeof(*piece) + nr * sizeof(piece->iov[0]));

	piece = begin_piece(split, piece, offset);
	if (!piece)
		return NULL;
	split->iov = iov;
	split->done = done;
	take_buffers(split, len, piece->iov);
	piece->req.len = len;
	piece->req.iov = piece->iov;
	piece->req.nr_iov = nr;
	return piece;
}

void split_zero(struct split *split, uint64_t len)
{
	while (len) {
		lkl_size left = split->iov->len - split->done;
		lkl_size step = left < len ? left : len;

		memset((char *)split->iov->base + split->done, 0, step);
		len -= step;
		split->done += step;
		if (split->done == split->iov->len) {
			split->iov++;
			split->done = 0;
		}
	}
}

void split_submit(struct blockdev *bd, struct piece *piece)
{
	if (blockdev_submit(bd, &piece->req) == BLOCKDEV_DONE)
		split_piece_done(piece, piece->req.status);
}
