// SPDX-License-Identifier: GPL-2.0
/*
 * disk.c - an image in memory whose changes are dropped
 *
 * A private mapping of the seed: opening is cheap, only changed pages take memory, and closing
 * drops them.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "fuzz.h"

struct disk {
	struct blockdev bd;
	char *data;
	size_t mapped;
};

static int disk_submit(struct blockdev *bd, struct lkl_block_req *req)
{
	struct disk *disk = (struct disk *)bd;
	char *pos = disk->data + req->offset;

	for (unsigned int i = 0; i < req->nr_iov; i++) {
		const struct lkl_block_iov *iov = &req->iov[i];

		if (req->op == LKL_BLK_READ)
			memcpy(iov->base, pos, iov->len);
		else
			memcpy(pos, iov->base, iov->len);
		pos += iov->len;
	}
	req->status = 0;
	return BLOCKDEV_DONE;
}

static void disk_close(struct blockdev *bd)
{
	struct disk *disk = (struct disk *)bd;

	munmap(disk->data, disk->mapped);
	free(disk);
}

static const struct blockdev_ops disk_ops = {
	.size = sizeof(struct blockdev_ops),
	.kind = "fuzz",
	.submit = disk_submit,
	.close = disk_close,
};

struct blockdev *seed_open(const struct job *job, uint64_t size, char **data)
{
	struct disk *disk = calloc(1, sizeof(*disk));

	if (!disk || blockdev_init(&disk->bd, &disk_ops, "image"))
		die("out of memory");
	disk->mapped = job->size;
	disk->data = mmap(NULL, job->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE,
			  job->image, 0);
	if (disk->data == MAP_FAILED)
		die("cannot map the image");
	disk->bd.capacity = size;
	disk->bd.limits.logical_block = 512;
	disk->bd.limits.physical_block = 512;
	disk->bd.can_write = true;
	*data = disk->data;
	return &disk->bd;
}
