// SPDX-License-Identifier: GPL-2.0
/*
 * fill.c - fill a seed with a small tree that has every kind of file
 *
 * Kinds of files that the file system lacks are left out.
 */
#include <stdio.h>
#include <string.h>
#include <lkl.h>
#include "fuzz.h"

static void make_path(char *path, size_t len, const char *root, const char *name)
{
	snprintf(path, len, "%s/%s", root, name);
}

static void make_file(const char *root, const char *name, size_t size, size_t hole)
{
	static char data[65536];
	char path[256];
	long fd;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = "once upon a time "[i % 17] + (i >> 12);
	make_path(path, sizeof(path), root, name);
	fd = lkl_sys_open(path, LKL_O_RDWR | LKL_O_CREAT, 0640);
	if (fd < 0)
		return;
	lkl_sys_pwrite64(fd, data, size, hole);
	lkl_sys_close(fd);
}

void fill(const char *root)
{
	char path[256], other[256], name[64];

	make_file(root, "empty", 0, 0);
	make_file(root, "small", 100, 0);
	make_file(root, "large", 60000, 0);
	make_file(root, "holes", 5000, 300000);
	make_path(path, sizeof(path), root, "dir");
	lkl_sys_mkdir(path, 0755);
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "dir/a file with a longer name, number %d", i);
		make_file(root, name, i * 50, 0);
	}
	make_path(path, sizeof(path), root, "dir/below");
	lkl_sys_mkdir(path, 0755);
	make_file(root, "dir/below/deep", 3000, 0);
	make_path(path, sizeof(path), root, "link");
	lkl_sys_symlink("dir/below/deep", path);
	make_path(path, sizeof(path), root, "long-link");
	memset(other, 'x', sizeof(other) - 1);
	other[sizeof(other) - 1] = '\0';
	lkl_sys_symlink(other, path);
	make_path(path, sizeof(path), root, "small");
	make_path(other, sizeof(other), root, "hard");
	lkl_sys_link(path, other);
	lkl_sys_setxattr(path, "user.colour", "green", 5, 0);
	memset(other, 'y', sizeof(other));
	lkl_sys_setxattr(path, "user.long", other, sizeof(other), 0);
	make_path(path, sizeof(path), root, "fifo");
	lkl_sys_mknod(path, 0010644, 0);
	make_path(path, sizeof(path), root, "device");
	lkl_sys_mknod(path, 0020600, 0x103);
	lkl_sys_sync();
}
