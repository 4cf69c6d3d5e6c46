// SPDX-License-Identifier: GPL-2.0
/*
 * device.c - the bytes of block devices of our kernel
 *
 * The name of a device node contains the device number.  So a node stays valid if another
 * device gets the number later, and two threads may create the same node.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "device.h"
#include "image.h"
#include "kernel-syscalls.h"
#include <lkl/linux/fs.h>
#include <lkl/linux/mount.h>

int device_node(struct anyfs_kernel *k, uint64_t dev, char *path, size_t len)
{
	int64_t rc;

	snprintf(path, len, "/dev/b%llx", (unsigned long long)dev);
	rc = k_mknod(k, path, LKL_S_IFBLK | 0600, dev);
	if (rc == -ENOENT) {
		k_mkdir(k, "/dev", 0755);
		rc = k_mknod(k, path, LKL_S_IFBLK | 0600, dev);
	}
	return rc == -EEXIST ? 0 : rc;
}

void device_of_blockdev(struct blockdev *bd, uint64_t start, uint64_t size, struct device *d)
{
	*d = (struct device){
		.bd = bd, .start = start, .size = size, .block = bd->limits.logical_block,
		.can_write = bd->can_write, .fd = -1,
	};
}

int device_of_part(struct anyfs_kernel *k, int disk, unsigned int part, uint64_t start,
		   struct device *d)
{
	struct blockdev *bd = disk_blockdev(k, disk);
	int64_t dev = host_disk_dev(k, disk, part);
	int rc;

	if (!bd || dev < 0)
		return -ENODEV;
	rc = device_open(k, dev, false, d);
	if (rc)
		return rc;
	device_close(d);
	d->bd = bd;
	d->start = start;
	return 0;
}

static int ask_size(struct device *d)
{
	uint64_t bytes = 0;
	int block = 0;
	int read_only = 0;
	int64_t rc = k_ioctl(d->k, d->fd, LKL_BLKGETSIZE64, &bytes);

	if (rc >= 0)
		rc = k_ioctl(d->k, d->fd, LKL_BLKSSZGET, &block);
	if (rc >= 0)
		rc = k_ioctl(d->k, d->fd, LKL_BLKROGET, &read_only);
	d->size = bytes;
	d->block = block;
	d->can_write = !read_only;
	return rc < 0 ? rc : 0;
}

int device_open(struct anyfs_kernel *k, uint64_t dev, bool write, struct device *d)
{
	char path[64];
	int rc = device_node(k, dev, path, sizeof(path));

	*d = (struct device){ .k = k, .dev = dev, .fd = -1 };
	if (rc)
		return rc;
	d->fd = k_open(k, path, (write ? LKL_O_RDWR : LKL_O_RDONLY) | LKL_O_CLOEXEC);
	if (d->fd < 0)
		return d->fd;
	rc = ask_size(d);
	if (rc)
		device_close(d);
	return rc;
}

int device_set_readonly(struct anyfs_kernel *k, uint64_t dev, bool read_only)
{
	int flag = read_only;
	char path[64];
	int64_t rc = device_node(k, dev, path, sizeof(path)), fd;

	if (rc < 0)
		return rc;
	fd = k_open(k, path, LKL_O_RDONLY | LKL_O_CLOEXEC);
	if (fd < 0)
		return fd;
	rc = k_ioctl(k, fd, LKL_BLKROSET, &flag);
	k_close(k, fd);
	return rc < 0 ? rc : 0;
}

void device_close(struct device *d)
{
	if (d->fd >= 0)
		k_close(d->k, d->fd);
	d->fd = -1;
}

static int read_kernel(const struct device *d, char *buf, size_t len, uint64_t offset)
{
	while (len) {
		int64_t n = k_pread(d->k, d->fd, buf, len, offset);

		if (n <= 0)
			return n ? n : -EIO;
		buf += n;
		len -= n;
		offset += n;
	}
	return 0;
}

uint64_t device_known_zeros(const struct device *d, uint64_t at, uint64_t len)
{
	struct blockdev_extent e;

	if (!d->bd || blockdev_extents(d->bd, d->start + at, len, &e, 1) != 1 ||
	    !(e.flags & BLOCKDEV_EXTENT_ZERO))
		return 0;
	return e.len / d->block * d->block;
}

/* Number of bytes at @at up to the next hole; at least a block, or all if that is unknown. */
static uint64_t data_run(const struct device *d, uint64_t at)
{
	uint64_t left = d->size - at;
	struct blockdev_extent e;

	if (!d->bd || blockdev_extents(d->bd, d->start + at, left, &e, 1) != 1)
		return left;
	if (e.len >= d->block)
		return e.len;
	return left < d->block ? left : d->block;
}

int device_find_data(const struct device *d, uint64_t at, uint64_t *start, uint64_t *end)
{
	uint64_t zeros = 1;

	while (at < d->size && (zeros = device_known_zeros(d, at, d->size - at)))
		at += zeros;
	if (at >= d->size)
		return -ENXIO;
	*start = at;
	*end = at + data_run(d, at);
	return 0;
}

/* Read at any alignment, although the blockdev reads whole blocks only. */
static int read_blocks(const struct device *d, char *buf, size_t len, uint64_t offset)
{
	uint32_t mask = d->bd->limits.logical_block - 1;
	uint64_t from = (d->start + offset) & ~(uint64_t)mask;
	uint64_t to = (d->start + offset + len + mask) & ~(uint64_t)mask;
	char *space;
	int rc;

	if (from == d->start + offset && to == from + len)
		return blockdev_pread(d->bd, buf, len, from);
	space = malloc(to - from);
	if (!space)
		return -ENOMEM;
	rc = blockdev_pread(d->bd, space, to - from, from);
	if (!rc)
		memcpy(buf, space + (d->start + offset - from), len);
	free(space);
	return rc;
}

bool device_is_whole(const struct device *d)
{
	if (!d->size)
		return false;
	return !d->bd || (d->start <= d->bd->capacity && d->size <= d->bd->capacity - d->start);
}

int device_read(const struct device *d, void *buf, size_t len, uint64_t offset)
{
	if (offset > d->size || len > d->size - offset)
		return -ENXIO;
	if (!len)
		return 0;
	return d->bd ? read_blocks(d, buf, len, offset) : read_kernel(d, buf, len, offset);
}

static int write_kernel(const struct device *d, const char *buf, size_t len, uint64_t offset)
{
	while (len) {
		int64_t n = k_pwrite(d->k, d->fd, buf, len, offset);

		if (n <= 0)
			return n ? n : -EIO;
		buf += n;
		len -= n;
		offset += n;
	}
	return 0;
}

int device_write(const struct device *d, const void *buf, size_t len, uint64_t offset)
{
	if (offset > d->size || len > d->size - offset)
		return -ENXIO;
	if (!len)
		return 0;
	return d->bd ? blockdev_pwrite(d->bd, buf, len, d->start + offset) :
		       write_kernel(d, buf, len, offset);
}
