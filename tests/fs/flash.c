// SPDX-License-Identifier: GPL-2.0
/*
 * flash.c - compare the tree in an image of flash memory
 *
 *	flash jffs2|ubifs IMAGE		stdin: the lines of "fs fill"
 *
 * With block2mtd the image becomes an MTD with blocks of 128 KiB; ubifs lies in the
 * first volume of a UBI on it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <anyfs.h>
#include <lkl.h>
#include <lkl/linux/fcntl.h>
#include <lkl/linux/mount.h>
#include <lkl/linux/stat.h>
#include <lkl/mtd/ubi-user.h>
#include "fs.h"

#define BLOCK_DEV	"/flash"
#define POINT		"/flash-mnt"

static int write_text(const char *path, const char *text)
{
	long fd = lkl_sys_open(path, LKL_O_WRONLY, 0);
	long rc = fd < 0 ? fd : lkl_sys_write(fd, text, strlen(text));

	if (fd >= 0)
		lkl_sys_close(fd);
	return rc < 0 ? report_error(path, text, rc) : 0;
}

/* Make MTD 0 from the image. */
static int make_mtd(const char *image)
{
	int disk = anyfs_disk_add(image, 0);
	uint32_t dev;
	int rc;

	if (disk < 0) {
		fprintf(stderr, "%s\n", anyfs_strerror_last());
		return disk;
	}
	if ((rc = lkl_get_virtio_blkdev(disk, 0, &dev)) ||
	    (rc = lkl_sys_mknod(BLOCK_DEV, LKL_S_IFBLK | 0600, dev)) ||
	    (rc = lkl_mount_fs("sysfs")) < 0)
		return report_error(image, "making its device", rc);
	return write_text("/sysfs/module/block2mtd/parameters/block2mtd", BLOCK_DEV ",128KiB");
}

/* Read "major:minor" from a file of sysfs; returns the number that mknod(2) takes. */
static long device_number(const char *path)
{
	char text[32] = "";
	unsigned int major, minor;
	long fd = lkl_sys_open(path, LKL_O_RDONLY, 0);

	if (fd < 0)
		return fd;
	lkl_sys_read(fd, text, sizeof(text) - 1);
	lkl_sys_close(fd);
	if (sscanf(text, "%u:%u", &major, &minor) != 2)
		return -EINVAL;
	return (minor & 0xff) | major << 8 | (minor & ~0xffu) << 12;
}

static int attach_ubi(void)
{
	struct lkl_ubi_attach_req rq = { .ubi_num = 0, .mtd_num = 0 };
	long dev = device_number("/sysfs/class/misc/ubi_ctrl/dev"), fd, rc;

	if (dev < 0)
		return report_error("ubi_ctrl", "its number", dev);
	rc = lkl_sys_mknod("/ubi_ctrl", LKL_S_IFCHR | 0600, dev);
	fd = rc ? rc : lkl_sys_open("/ubi_ctrl", LKL_O_RDWR, 0);
	rc = fd < 0 ? fd : lkl_sys_ioctl(fd, LKL_UBI_IOCATT, (unsigned long)&rq);
	return rc < 0 ? report_error("ubi", "attaching", rc) : 0;
}

int main(int argc, char **argv)
{
	const char *level = getenv("FS_LOGLEVEL");
	AnyfsKernelOpts opts = { .loglevel = level ? atoi(level) : 0 };
	const struct fs_tree t = { &fs_kernel, POINT };
	bool ubi = argc == 3 && !strcmp(argv[1], "ubifs");
	char none[4096] = "";
	long rc;

	if (argc != 3) {
		fprintf(stderr, "usage: flash jffs2|ubifs IMAGE\n");
		return 2;
	}
	if (anyfs_kernel_init(&opts) || make_mtd(argv[2]) || (ubi && attach_ubi()))
		return 3;
	lkl_sys_mkdir(POINT, 0700);
	rc = lkl_sys_mount(ubi ? "ubi0_0" : "mtd0", POINT, argv[1], LKL_MS_RDONLY, none);
	if (rc)
		return report_error(argv[2], "mounting", rc) != 0;
	return features_check(&t) || lkl_sys_umount(POINT, 0);
}
