// SPDX-License-Identifier: GPL-2.0
/*
 * Describe every file of a partition in the view of the library kernel, in the
 * lines of tools-dev/debian-disk/manifest.py (not sorted).
 *
 *	walk IMAGE PARTITION
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "anyfs.h"
#include <lkl.h>
#include <lkl/linux/stat.h>

#define PATH_LEN	8192

static char mount_point[64];

static void die(const char *path, const char *what, long err)
{
	fprintf(stderr, "walk: %s: %s: %s\n", path, what, lkl_strerror(err));
	exit(1);
}

static void put_escaped(const char *s)
{
	for (; *s; s++) {
		if (*s == '\\')
			fputs("\\\\", stdout);
		else if (*s == '\t')
			fputs("\\t", stdout);
		else if (*s == '\n')
			fputs("\\n", stdout);
		else
			putchar(*s);
	}
}

#define KIND(mode)	((mode) & 0170000)
#define KIND_FILE	0100000
#define KIND_DIR	0040000
#define KIND_LINK	0120000
#define KIND_BLOCK	0060000
#define KIND_CHAR	0020000
#define KIND_FIFO	0010000

static const char *kind_name(unsigned int mode)
{
	switch (KIND(mode)) {
	case KIND_FILE: return "file";
	case KIND_DIR: return "dir";
	case KIND_LINK: return "link";
	case KIND_FIFO: return "fifo";
	case KIND_BLOCK: return "block";
	case KIND_CHAR: return "char";
	default: return "socket";
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void put_xattrs(const char *full)
{
	static char names[65536];
	static unsigned char value[65536];
	char *list[256];
	int nr = 0;
	long len = lkl_sys_llistxattr(full, names, sizeof(names));

	if (len < 0)
		die(full, "llistxattr", len);
	for (long i = 0; i < len && nr < 256; i += strlen(names + i) + 1)
		list[nr++] = names + i;
	qsort(list, nr, sizeof(list[0]), by_name);
	for (int i = 0; i < nr; i++) {
		long n = lkl_sys_lgetxattr(full, list[i], value, sizeof(value));

		if (n < 0)
			die(full, list[i], n);
		printf("%s%s=", i ? "," : "", list[i]);
		for (long k = 0; k < n; k++)
			printf("%02x", value[k]);
	}
	if (!nr)
		putchar('-');
}

static void put_target(const char *full)
{
	char target[4097];
	long n = lkl_sys_readlink(full, target, sizeof(target) - 1);

	if (n < 0)
		die(full, "readlink", n);
	target[n] = 0;
	put_escaped(target);
}

static unsigned int put_line(const char *full)
{
	struct lkl_statx st;
	long err = lkl_sys_statx(LKL_AT_FDCWD, full, LKL_AT_SYMLINK_NOFOLLOW,
				 LKL_STATX_BASIC_STATS, &st);

	if (err)
		die(full, "statx", err);
	put_escaped(full + strlen(mount_point) + 1);
	printf("\t%s\t%04o\t%u\t%u\t%lld\t", kind_name(st.stx_mode), st.stx_mode & 07777,
	       st.stx_uid, st.stx_gid, (long long)st.stx_mtime.tv_sec);
	switch (KIND(st.stx_mode)) {
	case KIND_FILE:
		printf("%llu\t-\t%u\t-\t", (unsigned long long)st.stx_size, st.stx_nlink);
		break;
	case KIND_BLOCK:
	case KIND_CHAR:
		printf("-\t%u:%u\t-\t-\t", st.stx_rdev_major, st.stx_rdev_minor);
		break;
	case KIND_LINK:
		printf("%llu\t-\t-\t", (unsigned long long)st.stx_size);
		put_target(full);
		putchar('\t');
		break;
	default:
		printf("-\t-\t-\t-\t");
	}
	put_xattrs(full);
	putchar('\n');
	return st.stx_mode;
}

static void walk(char *path)
{
	size_t end = strlen(path);
	struct lkl_linux_dirent64 *de;
	struct lkl_dir *dir;
	int err;

	dir = lkl_opendir(path, &err);
	if (!dir)
		die(path, "opendir", err);
	while ((de = lkl_readdir(dir))) {
		if (!strcmp(de->d_name, ".") || !strcmp(de->d_name, "..") ||
		    (end == strlen(mount_point) && !strcmp(de->d_name, "lost+found")))
			continue;
		if (end + strlen(de->d_name) + 2 > PATH_LEN)
			die(path, de->d_name, -36);
		path[end] = '/';
		strcpy(path + end + 1, de->d_name);
		if (KIND(put_line(path)) == KIND_DIR)
			walk(path);
		path[end] = 0;
	}
	if (lkl_errdir(dir))
		die(path, "readdir", lkl_errdir(dir));
	lkl_closedir(dir);
}

int main(int argc, char **argv)
{
	char path[PATH_LEN];
	AnyfsMount m;
	int disk;

	if (argc != 3) {
		fprintf(stderr, "usage: walk IMAGE PARTITION\n");
		return 2;
	}
	if (anyfs_kernel_init(NULL) ||
	    (disk = anyfs_disk_add(argv[1], ANYFS_DISK_READONLY)) < 0 ||
	    anyfs_mount(disk, atoi(argv[2]), NULL, LKL_MS_RDONLY, NULL, &m)) {
		fprintf(stderr, "walk: %s\n", anyfs_strerror_last());
		return 1;
	}
	strcpy(mount_point, m.mount_point);
	strcpy(path, mount_point);
	walk(path);
	if (anyfs_umount(m.mount_point) || anyfs_disk_remove(disk) || anyfs_kernel_halt()) {
		fprintf(stderr, "walk: %s\n", anyfs_strerror_last());
		return 1;
	}
	return fflush(stdout) ? 1 : 0;
}
