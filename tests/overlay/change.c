// SPDX-License-Identifier: GPL-2.0
/*
 * Change a file system: for overlays, and to leave journals behind.
 *
 *	change [-dv] [-n FILES] [-o OVERLAY] [-t FSTYPE] [-m OPTIONS] IMAGE PARTITION
 *
 * The program writes the text "changed" to the file "old", and the numbers from 1 to 5000, one
 * per line, to a new file "sub/kept".  Both are synced only by fsync().  Then the file system is
 * unmounted; with -d the process ends without unmounting, like a power cut after the last
 * fsync().  -v shows the kernel's messages, -n makes this number of additional empty files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <anyfs.h>
#include <lkl.h>
#include <lkl/linux/stat.h>
#include "exit-on-error.h"

static AnyfsMount mount;

static const char *path_of(const char *name)
{
	static char text[256];

	snprintf(text, sizeof(text), "%s/%s", mount.mount_point, name);
	return text;
}

static void write_file(const char *name, int flags, const char *text, size_t len)
{
	long fd = must(name, lkl_sys_open(path_of(name), LKL_O_WRONLY | flags, 0644));

	if (must(name, lkl_sys_write(fd, text, len)) != (long)len) {
		fprintf(stderr, "%s: short write\n", name);
		exit(1);
	}
	must("fsync", lkl_sys_fsync(fd));
	must("close", lkl_sys_close(fd));
}

static void make_many(int files)
{
	char name[32];

	must("mkdir", lkl_sys_mkdir(path_of("many"), 0755));
	for (int i = 0; i < files; i++) {
		snprintf(name, sizeof(name), "many/%d", i);
		must(name, lkl_sys_mknod(path_of(name), LKL_S_IFREG | 0644, 0));
	}
}

static void make_changes(void)
{
	static char numbers[32768];
	size_t len = 0;

	for (int i = 1; i <= 5000; i++)
		len += snprintf(numbers + len, sizeof(numbers) - len, "%d\n", i);
	must("mkdir", lkl_sys_mkdir(path_of("sub"), 0755));
	write_file("sub/kept", LKL_O_CREAT | LKL_O_EXCL, numbers, len);
	write_file("old", LKL_O_CREAT | LKL_O_TRUNC, "changed\n", 8);
}

int main(int argc, char **argv)
{
	const char *fstype = NULL, *options = NULL;
	AnyfsKernelOpts kernel = { 0 };
	AnyfsDiskOpts opts = { 0 };
	int c, disk, die = 0, files = 0;

	while ((c = getopt(argc, argv, "dvn:o:t:m:")) != -1) {
		if (c == 'd')
			die = 1;
		else if (c == 'v')
			kernel.loglevel = 8;
		else if (c == 'n')
			files = atoi(optarg);
		else if (c == 'o')
			opts.overlay = optarg;
		else if (c == 't')
			fstype = optarg;
		else if (c == 'm')
			options = optarg;
		else
			return 2;
	}
	if (argc - optind != 2)
		return 2;
	must("kernel", anyfs_kernel_init(&kernel));
	disk = must("disk", anyfs_disk_add_with(argv[optind], &opts));
	must("mount", anyfs_mount(disk, atoi(argv[optind + 1]), fstype, 0, options, &mount));
	if (files)
		make_many(files);
	make_changes();
	if (die)
		_exit(0);
	must("umount", anyfs_umount(mount.mount_point));
	must("remove", anyfs_disk_remove(disk));
	must("halt", anyfs_kernel_halt());
	return 0;
}
