// SPDX-License-Identifier: GPL-2.0
/*
 * subvol.c - create subvolumes of a btrfs
 *
 *	subvol IMAGE PATH...	(parents must exist, or be an earlier PATH)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <anyfs.h>
#include <lkl.h>
#include <lkl/linux/btrfs.h>

static void check(long rc, const char *what)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "%s: %ld: %s\n", what, rc, anyfs_strerror_last());
	exit(1);
}

static void create_subvolume(struct anyfs_image *im, char *path)
{
	struct lkl_btrfs_ioctl_vol_args args = { 0 };
	char *name = strrchr(path, '/');
	int fd;

	snprintf(args.name, sizeof(args.name), "%s", name + 1);
	*name = '\0';
	fd = anyfs_image_openat(im, *path ? path : "/", LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	check(fd, path);
	check(lkl_sys_ioctl(fd, LKL_BTRFS_IOC_SUBVOL_CREATE, (long)&args), args.name);
	lkl_sys_close(fd);
}

int main(int argc, char **argv)
{
	struct anyfs_image *im;

	if (argc < 3)
		return 2;
	check(anyfs_kernel_init(NULL), "boot");
	check(anyfs_image_open(NULL, argv[1], 0, &im), argv[1]);
	for (int i = 2; i < argc; i++)
		create_subvolume(im, argv[i]);
	check(anyfs_image_close(im), "close");
	check(anyfs_kernel_halt(), "halt");
	return 0;
}
