// SPDX-License-Identifier: GPL-2.0
/*
 * device.c - implements device.h, the device mapper's control file and sysfs with calls to the host
 *
 * The kernel has a memory of its own: the host copies data between that memory and this module's.
 * The imports suspend the module until the host has finished.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "device.h"
#include "image.h"
#include "kernel-syscalls.h"
#include "mapper.h"
#include <lkl/linux/dm-ioctl.h>

#define IMPORT(name)	__attribute__((import_module("host"), import_name(#name)))

/* Returns the bytes of a device, or -errno. */
IMPORT(size) double js_size(double dev);
/* Read @len bytes of a device.  Returns 0 or -errno. */
IMPORT(read) int js_read(double dev, void *buf, size_t len, double offset);
/* Make an ioctl of the device mapper on @size bytes at @io.  Returns its result or -errno. */
IMPORT(control) int js_control(unsigned long cmd, void *io, size_t size);

int device_open(struct anyfs_kernel *k, uint64_t dev, bool write, struct device *d)
{
	double size = js_size(dev);

	if (size < 0)
		return size;
	*d = (struct device){ .dev = dev, .size = size, .block = 512, .can_write = write, .fd = -1 };
	return 0;
}

void device_close(struct device *d)
{
}

int device_read(const struct device *d, void *buf, size_t len, uint64_t offset)
{
	if (offset > d->size || len > d->size - offset)
		return -ENXIO;
	return js_read(d->dev, buf, len, offset);
}

int64_t devnode_control(struct anyfs_kernel *k, const char *path, unsigned int minor,
			unsigned long cmd, void *arg)
{
	const struct lkl_dm_ioctl *io = arg;

	return js_control(cmd, arg, io->data_size);
}

int device_node(struct anyfs_kernel *k, uint64_t dev, char *path, size_t len)
{
	int64_t rc;

	snprintf(path, len, "/dev.%llu", (unsigned long long)dev);
	rc = k_mknod(k, path, LKL_S_IFBLK | 0600, dev);
	return rc < 0 && rc != -EEXIST ? rc : 0;
}

/* The host has mounted sysfs at /sys. */
int sysfs_write(struct anyfs_kernel *k, const char *path, const char *text)
{
	char whole[128];
	int64_t fd, rc;

	snprintf(whole, sizeof(whole), "/sys/%s", path);
	fd = k_open(k, whole, LKL_O_WRONLY | LKL_O_CLOEXEC);
	if (fd < 0)
		return fd;
	rc = ksys(k, __lkl__NR_write, fd, KPTR(text), strlen(text), 0, 0);
	k_close(k, fd);
	return rc < 0 ? rc : 0;
}
