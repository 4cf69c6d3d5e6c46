// SPDX-License-Identifier: GPL-2.0
/*
 * walk.c - read everything in a mounted tree
 *
 * It lists directories, and reads metadata, attributes, links, and the beginning and end of
 * files.  A hostile tree may be endless, so all numbers have limits.
 */
#include <stdio.h>
#include <string.h>
#include <lkl.h>
#include <lkl/linux/stat.h>
#include "fuzz.h"

#define ENTRIES_MAX	600
#define DEPTH_MAX	12
#define READ_LEN	65536

struct walker {
	unsigned int entries;
	unsigned int failed;
	char buf[READ_LEN];
};

static long count_error(struct walker *w, long ret)
{
	w->failed += ret < 0;
	return ret;
}

static void read_attributes(struct walker *w, const char *path)
{
	char names[4096];
	long len = count_error(w, lkl_sys_llistxattr(path, names, sizeof(names)));

	for (long pos = 0; pos < len; pos += strnlen(names + pos, len - pos) + 1) {
		if (strnlen(names + pos, len - pos) == (size_t)(len - pos))
			break;
		count_error(w, lkl_sys_lgetxattr(path, names + pos, w->buf, sizeof(w->buf)));
	}
}

static void read_file(struct walker *w, const char *path, uint64_t size)
{
	const int flags = LKL_O_RDONLY | LKL_O_NOFOLLOW | LKL_O_NONBLOCK;
	long fd = count_error(w, lkl_sys_open(path, flags, 0));

	if (fd < 0)
		return;
	count_error(w, lkl_sys_pread64(fd, w->buf, sizeof(w->buf), 0));
	if (size > sizeof(w->buf))
		count_error(w, lkl_sys_pread64(fd, w->buf, 4096, size - 4096));
	count_error(w, lkl_sys_lseek(fd, 0, 3));	/* SEEK_DATA */
	lkl_sys_close(fd);
}

static void walk_dir(struct walker *w, const char *path, unsigned int depth);

static void walk_path(struct walker *w, const char *path, unsigned int depth)
{
	struct lkl_statx stx;

	if (count_error(w, lkl_sys_statx(LKL_AT_FDCWD, path, LKL_AT_SYMLINK_NOFOLLOW,
					 LKL_STATX_BASIC_STATS | LKL_STATX_BTIME, &stx)) < 0)
		return;
	read_attributes(w, path);
	switch (stx.stx_mode & 0170000) {
	case 0040000:
		walk_dir(w, path, depth + 1);
		break;
	case 0100000:
		read_file(w, path, stx.stx_size);
		break;
	case 0120000:
		count_error(w, lkl_sys_readlink(path, w->buf, sizeof(w->buf)));
		break;
	}
}

static void walk_dir(struct walker *w, const char *path, unsigned int depth)
{
	struct lkl_linux_dirent64 *e;
	char list[2048], child[2048];
	long fd, n;

	if (depth > DEPTH_MAX)
		return;
	fd = count_error(w, lkl_sys_open(path, LKL_O_RDONLY | LKL_O_DIRECTORY, 0));
	if (fd < 0)
		return;
	while (w->entries < ENTRIES_MAX &&
	       (n = count_error(w, lkl_sys_getdents64(fd, (void *)list, sizeof(list)))) > 0) {
		for (long pos = 0; pos < n && w->entries < ENTRIES_MAX; pos += e->d_reclen) {
			e = (void *)(list + pos);
			w->entries++;
			if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..") &&
			    snprintf(child, sizeof(child), "%s/%s", path, e->d_name) <
			    (int)sizeof(child))
				walk_path(w, child, depth);
		}
	}
	lkl_sys_close(fd);
}

unsigned int walk(const char *root)
{
	static struct walker w;
	char statfs[256];

	w.entries = w.failed = 0;
	count_error(&w, lkl_sys_statfs(root, (void *)statfs));
	walk_path(&w, root, 0);
	return w.failed;
}
