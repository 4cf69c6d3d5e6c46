// SPDX-License-Identifier: GPL-2.0
/*
 * sparse.c - a disk in memory that allocates memory for written data only
 *
 * The data is in chunks of memory, in a table of two levels; ranges without a chunk
 * read as zeros.  Writes that exceed the limit fail with -ENOSPC.  One lock guards
 * the table, since a discard frees chunks that another thread may be reading.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "overlay.h"

#define CHUNK		(16u << 10)	/* bytes */
#define LEAF_CHUNKS	512u

/* A part of the disk: pointers to its chunks, NULL for chunks that were never written. */
struct leaf {
	char *chunks[LEAF_CHUNKS];
};

struct sparse {
	struct blockdev bd;
	pthread_mutex_t lock;		/* guards all that follows */
	struct leaf **leaves;
	uint64_t nr_leaves;
	uint64_t used, limit;		/* bytes */
	bool was_full;
};

/*
 * The table entry of chunk @nr; the entry is NULL if there is no chunk.  Returns NULL
 * if the leaf does not exist and was not created: @make is false, or out of memory.
 */
static char **find_chunk(struct sparse *sp, uint64_t nr, bool make)
{
	struct leaf **leaf = &sp->leaves[nr / LEAF_CHUNKS];

	if (!*leaf && make)
		*leaf = calloc(1, sizeof(**leaf));
	return *leaf ? &(*leaf)->chunks[nr % LEAF_CHUNKS] : NULL;
}

static int make_chunk(struct sparse *sp, uint64_t nr, char **chunk)
{
	char **pos = find_chunk(sp, nr, true);

	if (pos && *pos) {
		*chunk = *pos;
		return 0;
	}
	if (sp->limit - sp->used < CHUNK) {
		sp->was_full = true;
		return -ENOSPC;
	}
	if (!pos || !(*pos = calloc(1, CHUNK)))
		return -ENOMEM;
	sp->used += CHUNK;
	*chunk = *pos;
	return 0;
}

static void free_chunk(struct sparse *sp, char **pos)
{
	if (!*pos)
		return;
	free(*pos);
	*pos = NULL;
	sp->used -= CHUNK;
}

static uint64_t left_in_chunk(uint64_t pos, uint64_t len)
{
	uint64_t left = CHUNK - pos % CHUNK;

	return left < len ? left : len;
}

static void read_part(struct sparse *sp, char *dst, uint64_t pos, size_t len)
{
	char **chunk = find_chunk(sp, pos / CHUNK, false);

	if (chunk && *chunk)
		memcpy(dst, *chunk + pos % CHUNK, len);
	else
		memset(dst, 0, len);
}

static int write_part(struct sparse *sp, const char *src, uint64_t pos, size_t len)
{
	char *chunk;
	int err = make_chunk(sp, pos / CHUNK, &chunk);

	if (!err)
		memcpy(chunk + pos % CHUNK, src, len);
	return err;
}

static int transfer(struct sparse *sp, const struct lkl_block_req *req)
{
	uint64_t pos = req->offset;

	for (unsigned int i = 0; i < req->nr_iov; i++) {
		char *base = req->iov[i].base;
		uint64_t len = req->iov[i].len;

		while (len) {
			uint64_t step = left_in_chunk(pos, len);
			int err = 0;

			if (req->op == LKL_BLK_READ)
				read_part(sp, base, pos, step);
			else
				err = write_part(sp, base, pos, step);
			if (err)
				return err;
			base += step;
			pos += step;
			len -= step;
		}
	}
	return 0;
}

static void zero(struct sparse *sp, uint64_t pos, uint64_t len)
{
	while (len) {
		uint64_t step = left_in_chunk(pos, len);
		char **chunk = find_chunk(sp, pos / CHUNK, false);

		if (chunk && step == CHUNK)
			free_chunk(sp, chunk);
		else if (chunk && *chunk)
			memset(*chunk + pos % CHUNK, 0, step);
		pos += step;
		len -= step;
	}
}

static int sparse_submit(struct blockdev *bd, struct lkl_block_req *req)
{
	struct sparse *sp = (struct sparse *)bd;

	req->status = 0;
	pthread_mutex_lock(&sp->lock);
	if (req->op == LKL_BLK_READ || req->op == LKL_BLK_WRITE)
		req->status = transfer(sp, req);
	else
		zero(sp, req->offset, req->len);
	pthread_mutex_unlock(&sp->lock);
	return BLOCKDEV_DONE;
}

static int sparse_extents(struct blockdev *bd, uint64_t offset, uint64_t len,
			  struct blockdev_extent *extents, unsigned int max)
{
	struct sparse *sp = (struct sparse *)bd;
	uint64_t pos = offset, end = offset + len;
	bool first = true, stored = false;

	pthread_mutex_lock(&sp->lock);
	while (pos < end) {
		char **chunk = find_chunk(sp, pos / CHUNK, false);
		bool is = chunk && *chunk;

		if (!first && is != stored)
			break;
		first = false;
		stored = is;
		pos += left_in_chunk(pos, end - pos);
	}
	pthread_mutex_unlock(&sp->lock);
	extents[0].len = pos - offset;
	extents[0].flags = stored ? 0 : BLOCKDEV_EXTENT_ZERO | BLOCKDEV_EXTENT_HOLE;
	return 1;
}

static void sparse_close(struct blockdev *bd)
{
	struct sparse *sp = (struct sparse *)bd;

	for (uint64_t i = 0; sp->used && i < sp->nr_leaves; i++)
		for (unsigned int j = 0; sp->leaves[i] && j < LEAF_CHUNKS; j++)
			free_chunk(sp, &sp->leaves[i]->chunks[j]);
	for (uint64_t i = 0; i < sp->nr_leaves; i++)
		free(sp->leaves[i]);
	free(sp->leaves);
	pthread_mutex_destroy(&sp->lock);
	free(sp);
}

static const struct blockdev_ops sparse_ops = {
	.size = sizeof(struct blockdev_ops),
	.kind = "sparse",
	.submit = sparse_submit,
	.extents = sparse_extents,
	.close = sparse_close,
};

int sparse_open(uint64_t capacity, uint32_t logical_block, uint64_t limit, struct blockdev **bd)
{
	uint64_t nr = capacity / CHUNK / LEAF_CHUNKS + 1;
	struct sparse *sp = calloc(1, sizeof(*sp));
	struct leaf **leaves = nr == (size_t)nr ? calloc(nr, sizeof(*leaves)) : NULL;

	if (!sp || !leaves || blockdev_init(&sp->bd, &sparse_ops, "memory") < 0) {
		free(leaves);
		free(sp);
		return error_set(-ENOMEM, "memory disk: out of memory for the table of a disk of %llu bytes",
				 (unsigned long long)capacity);
	}
	pthread_mutex_init(&sp->lock, NULL);
	sp->leaves = leaves;
	sp->nr_leaves = nr;
	sp->limit = limit;
	sp->bd.capacity = capacity;
	sp->bd.limits.logical_block = logical_block;
	sp->bd.limits.physical_block = 4096;
	sp->bd.limits.io_opt = 1 << 20;
	sp->bd.limits.discard_granularity = CHUNK;
	sp->bd.can_write = true;
	sp->bd.can_discard = true;
	sp->bd.can_zero = true;
	*bd = &sp->bd;
	return 0;
}

bool sparse_was_full(struct blockdev *bd)
{
	struct sparse *sp = (struct sparse *)bd;
	bool full;

	pthread_mutex_lock(&sp->lock);
	full = sp->was_full;
	pthread_mutex_unlock(&sp->lock);
	return full;
}
