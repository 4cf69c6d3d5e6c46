// SPDX-License-Identifier: GPL-2.0
/*
 * callback.c - a blockdev whose requests are served by a function of the caller
 *
 * The function may wait, use much stack and call any library, so it runs on a
 * pool's threads and never on the thread that calls submit.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "blockdev.h"
#include "error.h"

struct callback {
	struct blockdev bd;
	struct callback_ops ops;
	void *data;
	struct block_pool *pool;
};

static int serve(void *data, struct lkl_block_req *req)
{
	struct callback *cb = data;

	return cb->ops.request(cb->data, req);
}

static int callback_submit(struct blockdev *bd, struct lkl_block_req *req)
{
	struct callback *cb = (struct callback *)bd;

	block_pool_submit(cb->pool, req);
	return BLOCKDEV_KEPT;
}

static void callback_cancel(struct blockdev *bd, struct lkl_block_req *req)
{
	struct callback *cb = (struct callback *)bd;

	block_pool_cancel(cb->pool, req);
	if (cb->ops.cancel)
		cb->ops.cancel(cb->data, req);
}

static void callback_close(struct blockdev *bd)
{
	struct callback *cb = (struct callback *)bd;

	block_pool_destroy(cb->pool);
	if (cb->ops.close)
		cb->ops.close(cb->data);
	free(cb);
}

static const struct blockdev_ops callback_blockdev_ops = {
	.size = sizeof(struct blockdev_ops),
	.kind = "callback",
	.submit = callback_submit,
	.cancel = callback_cancel,
	.close = callback_close,
};

int callback_open(const struct callback_ops *ops, void *data, uint64_t capacity,
		  bool can_write, unsigned int threads, struct blockdev **bd)
{
	struct callback *cb;

	if (!capacity || capacity % 512)
		return error_set(-EINVAL, "callback disk: size %llu is not a multiple of 512",
				 (unsigned long long)capacity);
	cb = calloc(1, sizeof(*cb));
	if (!cb || blockdev_init(&cb->bd, &callback_blockdev_ops, "callback") < 0 ||
	    block_pool_create(threads, serve, cb, &cb->pool) < 0) {
		if (cb)
			free(cb->bd.name);
		free(cb);
		return error_set(-ENOMEM, "callback disk: out of memory");
	}
	cb->ops = *ops;
	cb->data = data;
	cb->bd.capacity = capacity;
	cb->bd.limits.logical_block = 512;
	cb->bd.limits.physical_block = 512;
	cb->bd.limits.io_opt = 1 << 20;
	cb->bd.can_write = can_write;
	cb->bd.can_flush = can_write;
	*bd = &cb->bd;
	return 0;
}
