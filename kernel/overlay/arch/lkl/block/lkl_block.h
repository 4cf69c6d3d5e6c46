/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl_block.h - the block driver: disk.c has the disks, request.c the requests
 */
#ifndef LKL_BLOCK_H
#define LKL_BLOCK_H

#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <asm/lkl.h>

#define LKL_BLOCK_DEPTH		64	/* requests in flight per disk */
#define LKL_BLOCK_SEGMENTS	128	/* pieces of memory per request */
#define LKL_BLOCK_MAX_BYTES	(4U << 20)	/* data per request */

struct lkl_disk {
	int index;		/* in the IDR of disk.c, and in the name vda, vdb ... */
	void *host_disk;	/* first argument of the host's block operations */
	struct gendisk *gd;
	struct blk_mq_tag_set tags;
	bool removing;		/* opening fails; protected by gd->open_mutex */
};

/* Driver data of a blk-mq request: the host's request. */
struct lkl_block_cmd {
	struct lkl_block_req req;
	struct lkl_block_iov iov[LKL_BLOCK_SEGMENTS];
};

extern const struct blk_mq_ops lkl_block_mq_ops;

#endif
