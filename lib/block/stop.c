// SPDX-License-Identifier: GPL-2.0
/*
 * stop.c - a disk that stores nothing more after a write has failed
 *
 * File systems and their journals survive a disk that stops, but not one that loses a write
 * and stores later ones, as an image does whose host's disk is full: then metadata of data
 * that was never stored is committed, and a journal that could not be written is marked as
 * empty.
 */
#include <errno.h>
#include <stdatomic.h>
#include "blockdev.h"
#include "error.h"

bool blockdev_stop_refuses(struct blockdev *bd, struct lkl_block_req *req)
{
	int err = req->op == LKL_BLK_READ ? 0 : blockdev_stopped(bd);

	if (err)
		req->status = err;
	return err;
}

/*
 * Only writes and flushes count.  File systems wait for zeroing, and can do without: ext4
 * zeroes its inode tables in the background.  A discard that fails loses nothing.
 */
void blockdev_stop_note(struct blockdev *bd, const struct lkl_block_req *req)
{
	int none = 0;

	if (bd->stop_on_error && req->status &&
	    (req->op == LKL_BLK_WRITE || req->op == LKL_BLK_FLUSH))
		atomic_compare_exchange_strong(&bd->stopped, &none, blockdev_status(req->status));
}

int blockdev_stopped(struct blockdev *bd)
{
	return atomic_load_explicit(&bd->stopped, memory_order_acquire);
}

int blockdev_stop_error(struct blockdev *bd, const char *object)
{
	int err = blockdev_stopped(bd);
	bool full = err == -ENOSPC || err == -EDQUOT;

	return error_set(err, "%s: %s (%s), and nothing was stored after that: the image is as if power had been cut; %srun 'anyfs fsck'",
			 object, full ? "the host's disk is full" : "writing the image failed",
			 error_name(err), full ? "free space on the host, then " : "");
}
