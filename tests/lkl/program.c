// SPDX-License-Identifier: GPL-2.0
/*
 * A typical program for the Linux Kernel Library, without anyfs.h.
 * Prints a file and a directory's number of entries, twice, each time with a new kernel.
 *
 *	program IMAGE PART FSTYPE DIRECTORY FILE
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <lkl.h>
#include <lkl_host.h>
#include <lkl/asm/syscalls.h>
#include <lkl/linux/stat.h>

static char mpoint[32];

static int list(const char *name)
{
	struct lkl_linux_dirent64 *de;
	struct lkl_dir *dir;
	char path[512];
	int err, n = 0;

	snprintf(path, sizeof(path), "%s/%s", mpoint, name);
	dir = lkl_opendir(path, &err);
	if (!dir) {
		fprintf(stderr, "%s: %s\n", path, lkl_strerror(err));
		return err;
	}
	while ((de = lkl_readdir(dir)))
		n += strcmp(de->d_name, ".") && strcmp(de->d_name, "..");
	err = lkl_errdir(dir);
	lkl_closedir(dir);
	printf("%d entries\n", n);
	return err;
}

static int print_file(const char *name)
{
	char path[512], buf[4096];
	long fd, n;

	snprintf(path, sizeof(path), "%s/%s", mpoint, name);
	fd = lkl_sys_open(path, LKL_O_RDONLY, 0);
	if (fd < 0) {
		fprintf(stderr, "%s: %s\n", path, lkl_strerror(fd));
		return fd;
	}
	while ((n = lkl_sys_read(fd, buf, sizeof(buf))) > 0)
		fwrite(buf, 1, n, stdout);
	lkl_sys_close(fd);
	return n;
}

static int use_image(char **argv)
{
	unsigned int part = atoi(argv[2]);
	struct lkl_disk disk;
	int ret, disk_id;

	memset(&disk, 0, sizeof(disk));
	disk.ops = NULL;
	disk.fd = open(argv[1], O_RDONLY);
	if (disk.fd < 0) {
		perror(argv[1]);
		return 1;
	}
	lkl_host_ops.print = NULL;
	ret = lkl_init(&lkl_host_ops);
	if (ret < 0)
		return 1;
	disk_id = ret = lkl_disk_add(&disk);
	if (ret < 0)
		goto out;
	ret = lkl_start_kernel("mem=50M");
	if (ret < 0)
		goto out_remove;
	ret = lkl_mount_dev(disk_id, part, argv[3], LKL_MS_RDONLY, NULL, mpoint, sizeof(mpoint));
	if (ret)
		goto out_halt;
	ret = list(argv[4]);
	if (!ret)
		ret = print_file(argv[5]);
	if (!ret)
		ret = lkl_umount_dev(disk_id, part, 0, 1000);
out_halt:
	lkl_sys_halt();
out_remove:
	lkl_disk_remove(disk);
	lkl_cleanup();
out:
	if (ret)
		fprintf(stderr, "%s: %s\n", argv[1], lkl_strerror(ret));
	close(disk.fd);
	return ret != 0;
}

int main(int argc, char **argv)
{
	if (argc != 6)
		return 2;
	return use_image(argv) || use_image(argv);
}
