// SPDX-License-Identifier: GPL-2.0
/*
 * devnode.c - ask the kernel about disks and partitions
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "image.h"
#include "kernel-syscalls.h"
#include "mapper.h"
#include <lkl/linux/fs.h>
#include <lkl/linux/mount.h>

#define MISC_MAJOR	10u		/* include/uapi/linux/major.h */

static int64_t open_control(struct anyfs_kernel *k, const char *path, unsigned int minor)
{
	int64_t fd = k_open(k, path, LKL_O_RDWR | LKL_O_CLOEXEC);

	if (fd != -ENOENT)
		return fd;
	k_mkdir(k, "/dev", 0755);
	fd = k_mknod(k, path, LKL_S_IFCHR | 0600, MISC_MAJOR << 8 | minor);
	if (fd < 0 && fd != -EEXIST)
		return fd;
	return k_open(k, path, LKL_O_RDWR | LKL_O_CLOEXEC);
}

int64_t devnode_control(struct anyfs_kernel *k, const char *path, unsigned int minor,
			unsigned long cmd, void *arg)
{
	int64_t fd = open_control(k, path, minor), rc;

	if (fd < 0)
		return fd;
	rc = k_ioctl(k, fd, cmd, arg);
	k_close(k, fd);
	return rc;
}

int64_t devnode_ioctl(struct anyfs_kernel *k, int disk, unsigned int part, unsigned long cmd,
		      void *arg)
{
	int64_t dev = host_disk_dev(k, disk, part);
	char path[64];
	int64_t fd, rc = dev < 0 ? dev : device_node(k, dev, path, sizeof(path));

	if (rc < 0)
		return rc;
	fd = k_open(k, path, LKL_O_RDONLY | LKL_O_CLOEXEC);
	if (fd < 0)
		return fd;
	rc = k_ioctl(k, fd, cmd, arg);
	k_close(k, fd);
	return rc;
}

int64_t devnode_size(struct anyfs_kernel *k, int disk, unsigned int part)
{
	uint64_t bytes = 0;
	int64_t rc = devnode_ioctl(k, disk, part, LKL_BLKGETSIZE64, &bytes);

	return rc < 0 ? rc : (int64_t)bytes;
}

/* Open a sysfs that is not attached to a mount point: threads need not share a directory. */
static int64_t open_sysfs(struct anyfs_kernel *k, unsigned int attributes)
{
	int64_t fs = ksys(k, __lkl__NR_fsopen, KPTR("sysfs"), LKL_FSOPEN_CLOEXEC, 0, 0, 0), rc;

	if (fs < 0)
		return fs;
	rc = ksys(k, __lkl__NR_fsconfig, fs, LKL_FSCONFIG_CMD_CREATE, 0, 0, 0);
	if (rc >= 0)
		rc = ksys(k, __lkl__NR_fsmount, fs, LKL_FSMOUNT_CLOEXEC, attributes, 0, 0);
	k_close(k, fs);
	return rc;
}

int64_t devnode_start(struct anyfs_kernel *k, int disk, unsigned int part)
{
	int64_t dev = host_disk_dev(k, disk, part);
	char number[32], path[96], text[32] = "";
	int64_t sysfs, fd, n;

	if (dev < 0)
		return dev;
	sysfs = open_sysfs(k, LKL_MOUNT_ATTR_RDONLY);
	if (sysfs < 0)
		return sysfs;
	mapper_dev(dev, number, sizeof(number));
	snprintf(path, sizeof(path), "dev/block/%s/start", number);
	fd = ksys(k, __lkl__NR_openat, sysfs, KPTR(path), LKL_O_RDONLY | LKL_O_CLOEXEC, 0, 0);
	k_close(k, sysfs);
	if (fd < 0)
		return fd;
	n = k_read(k, fd, text, sizeof(text) - 1);
	k_close(k, fd);
	return n > 0 ? strtoll(text, NULL, 10) * 512 : n ? n : -EIO;
}

int sysfs_write(struct anyfs_kernel *k, const char *path, const char *text)
{
	int64_t sysfs = open_sysfs(k, 0), fd, rc;

	if (sysfs < 0)
		return sysfs;
	fd = ksys(k, __lkl__NR_openat, sysfs, KPTR(path), LKL_O_WRONLY | LKL_O_CLOEXEC, 0, 0);
	k_close(k, sysfs);
	if (fd < 0)
		return fd;
	rc = ksys(k, __lkl__NR_write, fd, KPTR(text), strlen(text), 0, 0);
	k_close(k, fd);
	return rc < 0 ? rc : 0;
}
