// SPDX-License-Identifier: GPL-2.0
/*
 * kernel.c - a kernel without an image: its disks and mounts, for programs of LKL
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "disk.h"

#define UMOUNT_MS	1000	/* how long to wait while the file system is busy */

/* A disk of the kernel, which JavaScript serves. */
struct lkl_device {
	struct lkl_device *next;
	struct disk *d;
	struct lkl_disk disk;
	int id;
	uint32_t number;		/* its name in JavaScript */
	uint64_t size;
};

static int get_capacity(struct lkl_disk disk, unsigned long long *size)
{
	struct lkl_device *dev = disk.handle;

	*size = dev->size;
	return 0;
}

static int ask_js(struct lkl_device *dev, enum question_kind kind, void *buf, size_t len,
		  uint64_t offset)
{
	struct question q = {
		.kind = kind, .disk = dev->number, .offset = offset, .data = buf, .len = len,
	};

	return disk_ask(dev->d, &q);
}

static int request(struct lkl_disk disk, struct lkl_blk_req *req)
{
	struct lkl_device *dev = disk.handle;
	uint64_t offset = req->sector * 512;
	int rc = 0;

	if (req->type != LKL_DEV_BLK_TYPE_READ && req->type != LKL_DEV_BLK_TYPE_WRITE)
		rc = ask_js(dev, ASK_FLUSH, NULL, 0, 0);
	else
		for (int i = 0; i < req->count && !rc; i++) {
			rc = ask_js(dev, req->type == LKL_DEV_BLK_TYPE_READ ? ASK_READ : ASK_WRITE,
				    req->buf[i].iov_base, req->buf[i].iov_len, offset);
			offset += req->buf[i].iov_len;
		}
	return rc ? LKL_DEV_BLK_STATUS_IOERR : LKL_DEV_BLK_STATUS_OK;
}

static struct lkl_dev_blk_ops device_ops = { .get_capacity = get_capacity, .request = request };

/* args: number, size.  Returns the kernel's id of the disk. */
static int64_t add_disk(struct disk *d, int64_t number, int64_t size)
{
	struct lkl_device *dev = calloc(1, sizeof(*dev));

	if (!dev)
		return -ENOMEM;
	dev->d = d;
	dev->number = number;
	dev->size = size;
	dev->disk.handle = dev;
	dev->disk.ops = &device_ops;
	dev->id = lkl_disk_add(&dev->disk);
	if (dev->id < 0) {
		int rc = dev->id;

		free(dev);
		return rc;
	}
	pthread_mutex_lock(&d->lock);
	dev->next = d->devices;
	d->devices = dev;
	pthread_mutex_unlock(&d->lock);
	return dev->id;
}

static struct lkl_device *unlink_device(struct disk *d, int64_t id)
{
	struct lkl_device **p = &d->devices, *dev;

	pthread_mutex_lock(&d->lock);
	while (*p && (*p)->id != id)
		p = &(*p)->next;
	dev = *p;
	if (dev)
		*p = dev->next;
	pthread_mutex_unlock(&d->lock);
	return dev;
}

static int64_t remove_device(struct disk *d, int64_t id)
{
	struct lkl_device *dev = unlink_device(d, id);
	int rc;

	if (!dev)
		return -ENODEV;
	rc = lkl_disk_remove(dev->disk);
	if (!rc) {
		free(dev);
		return 0;
	}
	pthread_mutex_lock(&d->lock);
	dev->next = d->devices;
	d->devices = dev;
	pthread_mutex_unlock(&d->lock);
	return rc;
}

/* args: id, partition, type, flags, options, buffer for the mount point. */
static int64_t mount_device(struct job *job)
{
	return lkl_mount_dev(job->args[0], job->args[1], (const char *)(intptr_t)job->args[2],
			     job->args[3], (const char *)(intptr_t)job->args[4],
			     (char *)(intptr_t)job->args[5], job->lens[5]);
}

void kernel_run(struct disk *d, struct job *job)
{
	switch (job->kind) {
	case JOB_DISK_ADD: job->result = add_disk(d, job->args[0], job->args[1]); break;
	case JOB_DISK_REMOVE: job->result = remove_device(d, job->args[0]); break;
	case JOB_MOUNT: job->result = mount_device(job); break;
	case JOB_UMOUNT:
		job->result = lkl_umount_dev(job->args[0], job->args[1], 0, UMOUNT_MS);
		break;
	default: job->result = -ENOSYS;
	}
}

void kernel_free_devices(struct disk *d)
{
	struct lkl_device *dev;

	while ((dev = d->devices)) {
		d->devices = dev->next;
		free(dev);
	}
}
