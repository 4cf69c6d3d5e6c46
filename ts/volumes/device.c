// SPDX-License-Identifier: GPL-2.0
/*
 * device.c - device.h and the device mapper's control file, by calls of the host
 *
 * The kernel has a memory of its own; the host copies.  The imports suspend the module.
 */
#include <errno.h>
#include <stdlib.h>
#include "device.h"
#include "image.h"
#include "mapper.h"
#include "md-array.h"
#include <lkl/linux/dm-ioctl.h>

#define IMPORT(name)	__attribute__((import_module("host"), import_name(#name)))

/* Bytes of a device; negative: -errno. */
IMPORT(size) double js_size(double dev);
/* 0 or -errno. */
IMPORT(read) int js_read(double dev, void *buf, size_t len, double offset);
/* Make an ioctl of the device mapper on @size bytes at @io.  Its result or -errno. */
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

/* The kernel's log is not read: messages have no more than the error number. */
void klog_begin(struct anyfs_kernel *k, struct klog *log)
{
}

void klog_end(struct anyfs_kernel *k, struct klog *log)
{
}

void klog_read(struct anyfs_kernel *k, struct klog *log, struct klog_lines *lines)
{
	lines->nr = 0;
}

const char *klog_reason(const struct klog_lines *lines)
{
	return "";
}

/* The default of a new kernel; groups are not opened degraded here. */
int md_allow_dirty_degraded(struct anyfs_kernel *k, bool allow)
{
	return allow ? -EOPNOTSUPP : 0;
}
