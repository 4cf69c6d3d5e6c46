// SPDX-License-Identifier: GPL-2.0
/*
 * devnode.c - device nodes of disks and partitions, and what they tell
 *
 * Nodes are /dev/disk<id> and /dev/disk<id>p<part>, made when needed and
 * removed with the disk.  Partition numbers and sizes come from the kernel.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "image.h"
#include "kernel-syscalls.h"
#include <lkl/linux/fs.h>
#include <lkl/linux/mount.h>

static void node_path(int disk, unsigned int part, char *path, size_t len)
{
	if (part)
		snprintf(path, len, "/dev/disk%dp%u", disk, part);
	else
		snprintf(path, len, "/dev/disk%d", disk);
}

int devnode_make(struct anyfs_kernel *k, int disk, unsigned int part, char *path, size_t len)
{
	int64_t dev = host_disk_dev(k, disk, part);
	int64_t rc;

	if (dev < 0)
		return dev;
	node_path(disk, part, path, len);
	rc = k_mknod(k, path, LKL_S_IFBLK | 0600, dev);
	if (rc == -ENOENT) {
		k_mkdir(k, "/dev", 0755);
		rc = k_mknod(k, path, LKL_S_IFBLK | 0600, dev);
	}
	if (rc == -EEXIST) {		/* of a disk that had this id before */
		k_unlink(k, path, 0);
		rc = k_mknod(k, path, LKL_S_IFBLK | 0600, dev);
	}
	return rc;
}

void devnode_remove(struct anyfs_kernel *k, int disk)
{
	struct part_set set;
	char path[64];

	parts_kernel_set(k, disk, &set);
	for (unsigned int part = 0; part <= PART_MAX; part++) {
		if (part && !part_set_has(&set, part))
			continue;
		node_path(disk, part, path, sizeof(path));
		k_unlink(k, path, 0);
	}
}

int64_t devnode_ioctl(struct anyfs_kernel *k, int disk, unsigned int part, unsigned long cmd,
		      void *arg)
{
	char path[64];
	int64_t fd, rc = devnode_make(k, disk, part, path, sizeof(path));

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

#define SYSFS_POINT	"/lklmnt/.sys"

int64_t devnode_start(struct anyfs_kernel *k, int disk, unsigned int part)
{
	int64_t dev = host_disk_dev(k, disk, part);
	char path[96], text[32];
	int64_t fd, rc, sectors = -EIO;

	if (dev < 0)
		return dev;
	k_mkdir(k, MOUNT_BASE, 0755);
	k_mkdir(k, SYSFS_POINT, 0755);
	rc = k_mount(k, "sysfs", SYSFS_POINT, "sysfs", LKL_MS_RDONLY, NULL);
	if (rc < 0)
		return rc;
	snprintf(path, sizeof(path), SYSFS_POINT "/dev/block/%u:%u/start",
		 (unsigned int)(dev >> 8 & 0xfff),
		 (unsigned int)((dev & 0xff) | (dev >> 12 & 0xfff00)));
	fd = k_open(k, path, LKL_O_RDONLY | LKL_O_CLOEXEC);
	if (fd >= 0) {
		rc = k_read(k, fd, text, sizeof(text) - 1);
		if (rc > 0) {
			text[rc] = '\0';
			sectors = strtoll(text, NULL, 10);
		}
		k_close(k, fd);
	}
	k_umount(k, SYSFS_POINT, 0);
	k_unlink(k, SYSFS_POINT, LKL_AT_REMOVEDIR);
	return sectors < 0 ? sectors : sectors * 512;
}
