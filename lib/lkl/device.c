// SPDX-License-Identifier: GPL-2.0
/*
 * device.c - disks that a program serves with its own struct lkl_dev_blk_ops
 *
 * Each request of the kernel is passed to the program as a struct lkl_blk_req, one
 * at a time: existing programs do not expect concurrent calls.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "blockdev.h"
#include "internal.h"

static_assert(sizeof(struct iovec) == sizeof(struct lkl_block_iov) &&
	      offsetof(struct iovec, iov_base) == offsetof(struct lkl_block_iov, base) &&
	      offsetof(struct iovec, iov_len) == offsetof(struct lkl_block_iov, len),
	      "the buffer array is passed to the program unchanged");

static int request(void *data, struct lkl_block_req *req)
{
	struct lkl_disk *disk = data;
	struct lkl_blk_req classic = {
		.type = req->op == LKL_BLK_READ ? LKL_DEV_BLK_TYPE_READ :
			req->op == LKL_BLK_WRITE ? LKL_DEV_BLK_TYPE_WRITE : LKL_DEV_BLK_TYPE_FLUSH,
		.sector = req->offset / 512,
		.buf = (struct iovec *)req->iov,
		.count = req->nr_iov,
	};

	switch (disk->ops->request(*disk, &classic)) {
	case LKL_DEV_BLK_STATUS_OK:
		return 0;
	case LKL_DEV_BLK_STATUS_UNSUP:
		return req->op == LKL_BLK_FLUSH ? 0 : -EOPNOTSUPP;
	default:
		return -EIO;
	}
}

static const struct callback_ops ops = {
	.request = request,
	.close = free,
};

int dev_ops_blockdev(const struct lkl_disk *disk, struct blockdev **bd)
{
	unsigned long long size = 0;
	struct lkl_disk *copy;
	int err;

	if (!disk->ops->get_capacity || !disk->ops->request)
		return error_set(-EINVAL, "lkl_disk_add: the operations lack get_capacity or request");
	err = disk->ops->get_capacity(*disk, &size);
	if (err)
		return error_set(err < 0 ? err : -EIO, "lkl_disk_add: the disk's get_capacity() failed: %d", err);
	if (size < 512)
		return error_set(-EINVAL, "lkl_disk_add: a disk of %llu bytes is too small; it needs at least one sector of 512 bytes",
				 size);
	copy = malloc(sizeof(*copy));
	if (!copy)
		return error_set(-ENOMEM, "lkl_disk_add: out of memory");
	*copy = *disk;
	err = callback_open(&ops, copy, size & ~511ULL, true, 1, bd);
	if (err)
		free(copy);
	return err;
}
