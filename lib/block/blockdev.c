// SPDX-License-Identifier: GPL-2.0
/*
 * blockdev.c - check requests and pass them to the backend
 *
 * Every request goes through blockdev_submit(), which checks it against the
 * limits and abilities that the backend declares.  A backend sees valid requests
 * only.
 */
#include <errno.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "blockdev.h"
#include "error.h"

static int check_op(const struct blockdev *bd, const struct lkl_block_req *req)
{
	bool able;

	switch (req->op) {
	case LKL_BLK_READ:
		return 0;
	case LKL_BLK_FLUSH:
		return bd->can_flush ? 0 : -EOPNOTSUPP;
	case LKL_BLK_WRITE:
		able = true;
		break;
	case LKL_BLK_DISCARD:
		able = bd->can_discard;
		break;
	case LKL_BLK_ZERO:
		able = bd->can_zero;
		break;
	default:
		return -EINVAL;
	}
	if (!bd->can_write)
		return -EROFS;
	if (!able || ((req->flags & LKL_BLK_FUA) && !bd->can_fua))
		return -EOPNOTSUPP;
	return 0;
}

static int check_request(const struct blockdev *bd, const struct lkl_block_req *req)
{
	int err = check_op(bd, req);

	if (err || req->op == LKL_BLK_FLUSH)
		return err;
	if ((req->offset | req->len) & (bd->limits.logical_block - 1))
		return -EINVAL;
	if (bd->limits.max_request && req->iov && req->len > bd->limits.max_request)
		return -EINVAL;
	if (req->offset > bd->capacity || req->len > bd->capacity - req->offset)
		return -EIO;
	return 0;
}

int blockdev_submit(struct blockdev *bd, struct lkl_block_req *req)
{
	int err = check_request(bd, req);

	if (err) {
		req->status = err;
		return BLOCKDEV_DONE;
	}
	return bd->ops->submit(bd, req);
}

int blockdev_status(int status)
{
	return status > 0 || status < -4095 ? -EIO : status;
}

void blockdev_complete(struct lkl_block_req *req, int status)
{
	req->status = blockdev_status(status);
	req->done(req);
}

static void wake(struct lkl_block_req *req)
{
	sem_post(req->submitter);
}

static int submit_and_wait(struct blockdev *bd, struct lkl_block_req *req)
{
	sem_t sem;

	sem_init(&sem, 0, 0);
	req->done = wake;
	req->submitter = &sem;
	if (blockdev_submit(bd, req) == BLOCKDEV_KEPT)
		while (sem_wait(&sem) < 0)
			;	/* EINTR */
	sem_destroy(&sem);
	return req->status;
}

static int transfer(struct blockdev *bd, unsigned int op, void *buf, size_t len, uint64_t offset)
{
	struct lkl_block_iov iov = { .base = buf, .len = len };
	struct lkl_block_req req = {
		.op = op,
		.iov = &iov,
		.nr_iov = 1,
		.offset = offset,
		.len = len,
	};

	return submit_and_wait(bd, &req);
}

/* Transfer in requests of at most limits.max_request bytes. */
static int transfer_all(struct blockdev *bd, unsigned int op, char *buf, size_t len,
			uint64_t offset)
{
	uint64_t max = bd->limits.max_request ? bd->limits.max_request : len;
	int err;

	do {
		size_t step = len < max ? len : max;

		err = transfer(bd, op, buf, step, offset);
		buf += step;
		offset += step;
		len -= step;
	} while (len && !err);
	return err;
}

int blockdev_pread(struct blockdev *bd, void *buf, size_t len, uint64_t offset)
{
	return transfer_all(bd, LKL_BLK_READ, buf, len, offset);
}

int blockdev_pwrite(struct blockdev *bd, const void *buf, size_t len, uint64_t offset)
{
	return transfer_all(bd, LKL_BLK_WRITE, (char *)buf, len, offset);
}

static int read_descriptor(int fd, char *buf, size_t len, uint64_t offset)
{
	while (len) {
		ssize_t n = pread(fd, buf, len, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? error_host(errno) : -EIO;
		buf += n;
		offset += n;
		len -= n;
	}
	return 0;
}

/* Read whole blocks, without other threads if that is possible. */
static int read_blocks(struct blockdev *bd, void *buf, size_t len, uint64_t offset)
{
	int err = BLOCKDEV_HAS(bd, read_now) ? bd->ops->read_now(bd, buf, len, offset) : -EAGAIN;

	return err == -EAGAIN ? blockdev_pread(bd, buf, len, offset) : err;
}

int blockdev_read_bytes(struct blockdev *bd, void *buf, size_t len, uint64_t offset)
{
	int fd = blockdev_descriptor(bd, BLOCKDEV_FD_READ), err;
	uint32_t block = bd->limits.logical_block, skip = offset % block;
	uint64_t size = bd->capacity - bd->tail, span;
	char *blocks;

	if (offset > size || len > size - offset)
		return -EIO;
	if (fd >= 0)
		return read_descriptor(fd, buf, len, bd->fd_start + offset);
	span = (skip + len + block - 1) / block * block;
	if (span == len)
		return read_blocks(bd, buf, len, offset);
	blocks = malloc(span);
	if (!blocks)
		return -ENOMEM;
	err = read_blocks(bd, blocks, span, offset - skip);
	if (!err)
		memcpy(buf, blocks + skip, len);
	free(blocks);
	return err;
}

int blockdev_flush(struct blockdev *bd)
{
	struct lkl_block_req req = { .op = LKL_BLK_FLUSH };

	return bd->can_flush ? submit_and_wait(bd, &req) : 0;
}

int blockdev_init(struct blockdev *bd, const struct blockdev_ops *ops, const char *name)
{
	bd->ops = ops;
	bd->name = strdup(name);
	atomic_init(&bd->refs, 1);
	return bd->name ? 0 : -ENOMEM;
}

int blockdev_init_over(struct blockdev *bd, const struct blockdev_ops *ops,
		       const struct blockdev *lower)
{
	bd->capacity = lower->capacity;
	bd->tail = lower->tail;
	memcpy(bd->format, lower->format, sizeof(bd->format));
	bd->limits = lower->limits;
	bd->can_write = lower->can_write;
	bd->can_flush = lower->can_flush;
	bd->can_fua = lower->can_fua;
	bd->can_discard = lower->can_discard;
	bd->can_zero = lower->can_zero;
	bd->is_remote = lower->is_remote;
	bd->has_cache = lower->has_cache;
	bd->calls_kernel = lower->calls_kernel;
	bd->discards = lower->discards;
	return blockdev_init(bd, ops, lower->name);
}

int blockdev_descriptor(struct blockdev *bd, enum blockdev_descriptor use)
{
	return BLOCKDEV_HAS(bd, descriptor) ? bd->ops->descriptor(bd, use) : -1;
}

int blockdev_extents(struct blockdev *bd, uint64_t offset, uint64_t len,
		     struct blockdev_extent *extents, unsigned int max)
{
	if (!len || !max || offset > bd->capacity || len > bd->capacity - offset)
		return -EINVAL;
	if (BLOCKDEV_HAS(bd, extents))
		return bd->ops->extents(bd, offset, len, extents, max);
	extents[0] = (struct blockdev_extent){ .len = len };
	return 1;
}

bool blockdev_help(struct blockdev *bd)
{
	return BLOCKDEV_HAS(bd, help) && bd->ops->help(bd);
}

void blockdev_cancel(struct blockdev *bd, struct lkl_block_req *req)
{
	if (BLOCKDEV_HAS(bd, cancel))
		bd->ops->cancel(bd, req);
}

void blockdev_prefetch(struct blockdev *bd, uint64_t offset, uint64_t len)
{
	if (offset > bd->capacity || !BLOCKDEV_HAS(bd, prefetch))
		return;
	bd->ops->prefetch(bd, offset, len < bd->capacity - offset ? len : bd->capacity - offset);
}

struct blockdev *blockdev_get(struct blockdev *bd)
{
	atomic_fetch_add_explicit(&bd->refs, 1, memory_order_relaxed);
	return bd;
}

void blockdev_close(struct blockdev *bd)
{
	char *name;

	if (!bd || atomic_fetch_sub_explicit(&bd->refs, 1, memory_order_acq_rel) > 1)
		return;
	name = bd->name;
	bd->ops->close(bd);
	free(name);
}
