// SPDX-License-Identifier: GPL-2.0
/*
 * spy.c - see spy.h
 */
#include <stdlib.h>
#include <string.h>
#include "spy.h"

static int serve(struct spy *spy, struct lkl_block_req *req)
{
	if (spy->error && req->offset <= spy->error_offset &&
	    req->offset + req->len > spy->error_offset) {
		req->status = spy->error;
		return BLOCKDEV_DONE;
	}
	return blockdev_submit(spy->memory, req);
}

static int spy_submit(struct blockdev *bd, struct lkl_block_req *req)
{
	struct spy *spy = (struct spy *)bd;

	if (req->op == LKL_BLK_READ)
		spy->reads++;
	else
		spy->others++;
	spy->last = req;
	if (!spy->keep)
		return serve(spy, req);
	spy->kept[spy->nr_kept++] = req;
	return BLOCKDEV_KEPT;
}

static void spy_close(struct blockdev *bd)
{
	struct spy *spy = (struct spy *)bd;

	blockdev_close(spy->memory);
	free(spy);
}

static const struct blockdev_ops spy_ops = {
	.size = sizeof(struct blockdev_ops),
	.kind = "spy",
	.submit = spy_submit,
	.close = spy_close,
};

struct spy *spy_open(uint64_t capacity, uint32_t fill)
{
	struct spy *spy = calloc(1, sizeof(*spy));
	char *data = malloc(capacity);

	assert_non_null(spy);
	assert_non_null(data);
	assert_int_equal(memory_open(capacity, &spy->memory), 0);
	pattern_fill(data, capacity, 0, fill);
	assert_int_equal(blockdev_pwrite(spy->memory, data, capacity, 0), 0);
	free(data);
	assert_int_equal(blockdev_init_over(&spy->bd, &spy_ops, spy->memory), 0);
	spy->bd.can_write = false;	/* as a read-only image */
	return spy;
}

void spy_complete_kept(struct spy *spy)
{
	spy->keep = false;
	while (spy->nr_kept) {
		struct lkl_block_req *req = spy->kept[--spy->nr_kept];

		serve(spy, req);
		blockdev_complete(req, req->status);
	}
}
