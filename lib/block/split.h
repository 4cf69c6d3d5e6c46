/* SPDX-License-Identifier: GPL-2.0 */
/*
 * split.h - serve a request in pieces
 *
 * A layer begins a split, cuts pieces off the request (the parent) from front to
 * back, submits each piece to a blockdev of its choice, and ends the split.  The
 * parent completes with its last piece; its status is the first failure.
 */
#ifndef ANYFS_BLOCK_SPLIT_H
#define ANYFS_BLOCK_SPLIT_H

#include <stdatomic.h>
#include "blockdev.h"

struct split {
	struct lkl_block_req *parent;
	/* Called once, before the parent completes with parent->status; may be NULL. */
	void (*ended)(struct split *split, void *data);
	void *data;
	_Atomic unsigned int pending;	/* pieces, plus one until split_end() */
	_Atomic int status;		/* first failure */
	const struct lkl_block_iov *iov;	/* the parent's buffer where the next cut begins */
	lkl_size done;			/* bytes of *iov that are cut already */
};

struct piece {
	struct lkl_block_req req;	/* first; the split sets done and submitter */
	struct lkl_block_iov iov[];
};

/* Begin to split @parent; @data is passed to @ended.  NULL: out of memory. */
struct split *split_begin(struct lkl_block_req *parent,
			  void (*ended)(struct split *split, void *data), void *data);

/*
 * Cut off the parent's next @len bytes as a piece for offset @offset of another
 * blockdev; the piece is pending until split_piece_done().  NULL: out of memory, and
 * the parent will fail with -ENOMEM.
 */
struct piece *split_cut(struct split *split, uint64_t offset, uint64_t len);
/* Like split_cut(), for the whole parent: the piece uses the parent's buffer array. */
struct piece *split_whole(struct split *split, uint64_t offset);
/* Fill the parent's next @len bytes with zeros. */
void split_zero(struct split *split, uint64_t len);

/* Submit @piece to @bd. */
void split_submit(struct blockdev *bd, struct piece *piece);
/* Complete @piece with @status and free it; completes the parent if it was the last piece. */
void split_piece_done(struct piece *piece, int status);

/* Make the parent fail with @status, unless it has failed already. */
void split_fail(struct split *split, int status);
/* End the split; no more cuts.  Returns what the submit operation returns for the parent. */
int split_end(struct split *split);

#endif /* ANYFS_BLOCK_SPLIT_H */
