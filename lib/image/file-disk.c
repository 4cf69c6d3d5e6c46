// SPDX-License-Identifier: GPL-2.0
/*
 * file-disk.c - a file in one of our kernel's file systems, as a block device
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "attach.h"
#include "file-disk.h"
#include "image.h"
#include "kernel-syscalls.h"
#include "source.h"
#include <lkl/linux/loop.h>
#include <lkl/linux/major.h>

#define READERS		4u		/* threads that read the file */
#define SECTOR		512u

/* ---- A blockdev that reads a file of the kernel ------------------------------------ */

struct file {
	struct anyfs_kernel *k;
	int64_t fd;
};

/* Read @len bytes; bytes beyond the end of the file are zeros. */
static int read_file(const struct file *f, char *buf, size_t len, uint64_t offset)
{
	while (len) {
		int64_t n = k_pread(f->k, f->fd, buf, len, offset);

		if (n < 0)
			return n;
		if (!n) {
			memset(buf, 0, len);
			return 0;
		}
		buf += n;
		len -= n;
		offset += n;
	}
	return 0;
}

static int file_request(void *data, struct lkl_block_req *req)
{
	uint64_t offset = req->offset;
	int rc = req->op == LKL_BLK_READ ? 0 : -EROFS;

	for (uint32_t i = 0; i < req->nr_iov && !rc; i++) {
		rc = read_file(data, req->iov[i].base, req->iov[i].len, offset);
		offset += req->iov[i].len;
	}
	return rc;
}

/* file_disk_close() closes the descriptor: the kernel may have ended when this runs. */
static void file_close(void *data)
{
	free(data);
}

static const struct callback_ops file_ops = { .request = file_request, .close = file_close };

static int file_size(struct anyfs_kernel *k, int64_t fd, uint64_t *size)
{
	struct lkl_statx stx;
	int64_t rc = ksys(k, __lkl__NR_statx, fd, KPTR(""), LKL_AT_EMPTY_PATH, LKL_STATX_SIZE,
			  KPTR(&stx));

	*size = stx.stx_size;
	return rc < 0 ? rc : 0;
}

static int open_blockdev(struct anyfs_kernel *k, int64_t fd, const char *object,
			 struct blockdev **bd)
{
	struct file *f = malloc(sizeof(*f));
	uint64_t size = 0, capacity;
	int rc = f ? file_size(k, fd, &size) : -ENOMEM;

	if (!rc && size < SECTOR)
		rc = error_set(-ENODATA, "%s: a file of %llu bytes is not a disk", object,
			       (unsigned long long)size);
	else if (rc)
		kstate_error(k, rc, object);
	capacity = (size + SECTOR - 1) & ~(uint64_t)(SECTOR - 1);
	if (f)
		*f = (struct file){ .k = k, .fd = fd };
	if (!rc)
		rc = callback_open(&file_ops, f, capacity, false, READERS, bd);
	if (rc) {
		free(f);
		return rc;
	}
	(*bd)->tail = capacity - size;
	return 0;
}

/* ---- The disk ------------------------------------------------------------------------- */

/* Replace *@bd by the disk that its format contains; *@is_raw is true if there is no format. */
static int apply_format(struct blockdev **bd, const char *object, bool *is_raw)
{
	static const struct format_options options;
	const struct format *format;
	struct blockdev *disk;
	char *name = strdup(object);
	int rc = name ? 0 : error_set(-ENOMEM, "%s: out of memory", object);

	if (rc)
		return rc;
	/* Messages about formats and kernel errors begin with this name. */
	free((*bd)->name);
	(*bd)->name = name;
	rc = source_probe(*bd, object, &format);
	*is_raw = !format;
	if (rc || !format)
		return rc;
	rc = format->open(*bd, &options, &disk);
	if (rc)
		return rc;
	blockdev_close(*bd);
	*bd = disk;
	return 0;
}

static int attach_disk(struct file_disk *d, struct blockdev *bd, const char *object)
{
	int64_t dev;

	/*
	 * The threads of the blockdev enter the kernel, also when they end.  So the kernel
	 * must not wait for their end when it removes the disk.  A reference to the blockdev
	 * is kept, so that the removal does not end the threads.
	 */
	bd->calls_kernel = true;
	d->bd = blockdev_get(bd);
	d->disk = block_attach(d->k, bd);
	if (d->disk < 0) {
		blockdev_close(bd);
		return kstate_error(d->k, d->disk, object);
	}
	dev = host_disk_dev(d->k, d->disk, 0);
	d->dev = dev;
	return dev < 0 ? kstate_error(d->k, dev, object) : 0;
}

/* ---- The loop device ------------------------------------------------------------------- */

#define CONTROL_MINOR	237		/* LOOP_CTRL_MINOR */
#define CONTROL_PATH	"/dev/loop-control"

/* Open loop device @index.  Its minor number is @index, since max_part of the driver is 0. */
static int64_t open_loop(struct anyfs_kernel *k, int64_t index, uint64_t *dev)
{
	char path[64];
	int64_t rc;

	*dev = (uint64_t)(index & ~0xff) << 12 | LKL_LOOP_MAJOR << 8 | (index & 0xff);
	rc = device_node(k, *dev, path, sizeof(path));
	return rc < 0 ? rc : k_open(k, path, LKL_O_RDWR | LKL_O_CLOEXEC);
}

static int64_t free_loop(struct anyfs_kernel *k)
{
	return devnode_control(k, CONTROL_PATH, CONTROL_MINOR, LKL_LOOP_CTL_GET_FREE, NULL);
}

static int make_loop(struct file_disk *d, const char *object)
{
	struct lkl_loop_config config = { .fd = d->fd };
	int64_t index, fd, rc = -EBUSY;

	/* Another thread may take the free loop device first. */
	for (int i = 0; i < 8 && rc == -EBUSY; i++) {
		index = free_loop(d->k);
		fd = index < 0 ? index : open_loop(d->k, index, &d->dev);
		if (fd < 0)
			return kstate_error(d->k, fd, object);
		rc = k_ioctl(d->k, fd, LKL_LOOP_CONFIGURE, &config);
		k_close(d->k, fd);
	}
	d->disk = -1;
	return rc < 0 ? kstate_error(d->k, rc, object) : 0;
}

static int remove_loop(const struct file_disk *d)
{
	char path[64];
	int64_t rc = device_node(d->k, d->dev, path, sizeof(path)), fd;

	if (rc < 0)
		return rc;
	fd = k_open(d->k, path, LKL_O_RDONLY | LKL_O_CLOEXEC);
	if (fd < 0)
		return fd;
	rc = k_ioctl(d->k, fd, LKL_LOOP_CLR_FD, NULL);
	k_close(d->k, fd);
	return rc < 0 ? rc : 0;
}

/* ---- Disk or loop device ---------------------------------------------------------------- */

int file_disk_open(struct anyfs_kernel *k, int64_t fd, bool can_write, const char *object,
		   struct file_disk *d)
{
	struct blockdev *bd = NULL;
	bool is_raw = false;
	int rc;

	*d = (struct file_disk){ .k = k, .fd = fd, .disk = -1 };
	rc = open_blockdev(k, fd, object, &bd);
	if (!rc) {
		rc = apply_format(&bd, object, &is_raw);
		if (rc || (is_raw && can_write))
			blockdev_close(bd);
		else
			rc = attach_disk(d, bd, object);
	}
	if (!rc && is_raw && can_write)
		rc = make_loop(d, object);
	if (rc) {
		if (d->disk >= 0)
			block_detach(k, d->disk);
		file_disk_free(d);
		k_close(k, fd);
	}
	return rc;
}

void file_disk_free(struct file_disk *d)
{
	blockdev_close(d->bd);
	d->bd = NULL;
}

int file_disk_close(struct file_disk *d)
{
	int rc = d->bd ? block_detach(d->k, d->disk) : remove_loop(d);

	/* Keep the descriptor: while the disk is in use, its blockdev reads the file. */
	if (!rc || !d->bd)
		k_close(d->k, d->fd);
	return rc;
}

int file_disk_shadow(const struct file_disk *d, uint64_t *dev)
{
	int shadow = d->disk < 0 ? -EROFS : block_shadow(d->k, d->disk);
	int64_t number = shadow < 0 ? shadow : host_disk_dev(d->k, shadow, 0);

	*dev = number;
	return number < 0 ? number : 0;
}
