// SPDX-License-Identifier: GPL-2.0
/*
 * file-ops.c - lkl_dev_blk_ops, the operations of a disk that is a file
 *
 * lkl_disk_add() compares a disk's ops with the address of this table and then uses the
 * library's raw backend.  These functions are for programs that call them from their own
 * operations.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <unistd.h>
#include "internal.h"

static int get_capacity(struct lkl_disk disk, unsigned long long *res)
{
	off_t size = lseek(disk.fd, 0, SEEK_END);

	if (size < 0)
		return -errno;
	*res = size;
	return 0;
}

/* Transfer the whole buffer at offset @at; false on an error or if the file is too short. */
static bool transfer(int fd, unsigned int type, char *buf, size_t len, off_t at)
{
	while (len) {
		ssize_t n = type == LKL_DEV_BLK_TYPE_READ ?
			    TEMP_FAILURE_RETRY(pread(fd, buf, len, at)) :
			    TEMP_FAILURE_RETRY(pwrite(fd, buf, len, at));

		if (n <= 0)
			return false;
		buf += n;
		len -= n;
		at += n;
	}
	return true;
}

static int request(struct lkl_disk disk, struct lkl_blk_req *req)
{
	off_t at = req->sector * 512;

	switch (req->type) {
	case LKL_DEV_BLK_TYPE_FLUSH:
	case LKL_DEV_BLK_TYPE_FLUSH_OUT:
		return fdatasync(disk.fd) ? LKL_DEV_BLK_STATUS_IOERR : LKL_DEV_BLK_STATUS_OK;
	case LKL_DEV_BLK_TYPE_READ:
	case LKL_DEV_BLK_TYPE_WRITE:
		for (int i = 0; i < req->count; i++) {
			if (!transfer(disk.fd, req->type, req->buf[i].iov_base,
				      req->buf[i].iov_len, at))
				return LKL_DEV_BLK_STATUS_IOERR;
			at += req->buf[i].iov_len;
		}
		return LKL_DEV_BLK_STATUS_OK;
	default:
		return LKL_DEV_BLK_STATUS_UNSUP;
	}
}

struct lkl_dev_blk_ops lkl_dev_blk_ops = {
	.get_capacity = get_capacity,
	.request = request,
};
