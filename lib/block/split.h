/* SPDX-License-Identifier: GPL-2.0 */
/*
 * split.h - a request that is served in pieces
 *
 * A layer begins a split, cuts pieces off the request's buffers from front to
 * back, serves each in its own way, and ends the split.  The request is complete
 * when its last piece is, with the first failure as its status.
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
	_Atomic unsigned int pending;	/* pieces, and one for the cutting thread */
	_Atomic int status;		/* first failure */
	const struct lkl_block_iov *iov;	/* the parent's buffer that is cut next */
	lkl_size done;			/* bytes of *iov that are cut */
};

struct piece {
	struct lkl_block_req req;	/* first; done and submitter are the split's */
	struct lkl_block_iov iov[];
};

/* NULL: out of memory. */
struct split *split_begin(struct lkl_block_req *parent,
			  void (*ended)(struct split *split, void *data), void *data);

/*
 * A request like the parent for its next @len bytes, at @offset of another
 * blockdev; it is pending until split_piece_done().  NULL: out of memory, which
 * the parent's status will say.
 */
struct piece *split_cut(struct split *split, uint64_t offset, uint64_t len);
/* The parent as a whole, its buffers as they are; likewise. */
struct piece *split_whole(struct split *split, uint64_t offset);
/* Fill the next @len bytes with zeros. */
void split_zero(struct split *split, uint64_t len);

/* Give @piece to @bd. */
void split_submit(struct blockdev *bd, struct piece *piece);
/* @piece is complete with @status and is freed, the parent perhaps completed. */
void split_piece_done(struct piece *piece, int status);

/* The parent fails with @status unless it has failed already. */
void split_fail(struct split *split, int status);
/* Nothing will be cut any more.  What the submit operation returns for the parent. */
int split_end(struct split *split);

#endif /* ANYFS_BLOCK_SPLIT_H */
