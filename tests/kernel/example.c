// SPDX-License-Identifier: GPL-2.0
/*
 * The published example of the interface, with its missing declarations and
 * includes of the C library added, and each answer checked.
 *
 *	example		(reads disk.img in the current directory)
 */
#include <stdio.h>
#include <string.h>
#include "anyfs.h"
#include <lkl.h>
#include <lkl/linux/stat.h>

#define CHECK(what) do { \
	if (!(what)) { \
		fprintf(stderr, "line %d: %s: %s\n", __LINE__, #what, anyfs_strerror_last()); \
		return 1; \
	} } while (0)

int main(void)
{
	char buf[4096] = "";
	int err;

	CHECK(anyfs_kernel_init(NULL) == 0);
	int disk_id = anyfs_disk_add("disk.img", ANYFS_DISK_READONLY);
	CHECK(disk_id >= 0);
	AnyfsMount m;
	CHECK(anyfs_mount(disk_id, 1, "ext4", LKL_MS_RDONLY, NULL, &m) == 0);
	CHECK(!strncmp(m.mount_point, "/lklmnt/", 8));
	char path[256];
	snprintf(path, sizeof path, "%s/etc/passwd", m.mount_point);
	long fd = lkl_sys_open(path, LKL_O_RDONLY, 0);
	CHECK(fd >= 0);
	long n = lkl_sys_read(fd, buf, sizeof(buf));
	CHECK(n > 0 && !strncmp(buf, "root:", 5));
	CHECK(lkl_sys_close(fd) == 0);
	struct lkl_stat st;
	CHECK(lkl_sys_lstat(path, &st) == 0);
	CHECK(st.st_size == n && (st.st_mode & 0777) == 0640 && st.lkl_st_mtime == 1700000000);
	struct lkl_dir *dir = lkl_opendir(m.mount_point, &err);
	CHECK(dir);
	CHECK(lkl_readdir(dir));
	lkl_closedir(dir);
	CHECK(anyfs_umount(m.mount_point) == 0);
	CHECK(anyfs_disk_remove(disk_id) == 0);
	CHECK(anyfs_kernel_halt() == 0);
	puts("ok");
	return 0;
}
