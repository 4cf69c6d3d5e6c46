// SPDX-License-Identifier: GPL-2.0
/*
 * hfs-forks.c - find the resource forks of files in an HFS or HFS+
 *
 * The kernel's drivers do not show resource forks.  They are listed in the catalog, which
 * hfs-catalog.c reads from the device at the first file of a file system.
 * The inode numbers of the drivers are the file numbers of the catalog.
 */
#include <stdlib.h>
#include "hfs-catalog.h"
#include "hfs-forks.h"
#include "messages.h"
#include <lkl/asm/statfs.h>
#include <lkl/linux/fcntl.h>

/* f_type */
#define MAGIC_HFS		0x4244
#define MAGIC_HFSPLUS		0x482b

/* The file system of the file that was checked last. */
static struct {
	bool known;
	uint32_t major, minor;
	struct hfs_catalog catalog;	/* empty for another kind of file system */
} last;

static long read_catalog(const struct lkl_statx *stx, bool plus)
{
	static const char node[] = "/dev/hfs";
	long fd, rc;

	side_image.mkdir(LKL_AT_FDCWD, "/dev", 0755);
	rc = side_image.mknod(LKL_AT_FDCWD, node, LKL_S_IFBLK | 0600, stx->stx_dev_major,
			      stx->stx_dev_minor);
	if (rc < 0)
		return rc;
	fd = lkl_sys_openat(LKL_AT_FDCWD, node, LKL_O_RDONLY | LKL_O_CLOEXEC, 0);
	side_image.unlink(LKL_AT_FDCWD, node);
	if (fd < 0)
		return fd;
	rc = hfs_catalog_read(&last.catalog, fd, plus);
	lkl_sys_close(fd);
	return rc;
}

/* Read the catalog if the file is in another file system than the file before it. */
static void cache_catalog(struct tool *t, int dir, const struct lkl_statx *stx, const char *path)
{
	struct lkl_statfs fs;
	long rc;

	if (last.known && last.major == stx->stx_dev_major && last.minor == stx->stx_dev_minor)
		return;
	hfs_catalog_free(&last.catalog);
	last.known = true;
	last.major = stx->stx_dev_major;
	last.minor = stx->stx_dev_minor;
	if (lkl_sys_fstatfs(dir, &fs) < 0 ||
	    (fs.f_type != MAGIC_HFS && fs.f_type != MAGIC_HFSPLUS))
		return;
	rc = read_catalog(stx, fs.f_type == MAGIC_HFSPLUS);
	if (rc < 0)
		tool_not_done(t, path, "cannot look for resource forks in this file system", rc);
}

void hfs_report_forks(struct tool *t, const struct side_file *f, const struct lkl_statx *stx,
		      const char *path, const char *what, const char *hint)
{
	const struct hfs_file *file;

	if ((stx->stx_mode & LKL_S_IFMT) != LKL_S_IFREG)
		return;
	cache_catalog(t, f->dir, stx, path);
	file = hfs_catalog_find(&last.catalog, stx->stx_ino);
	if (!file)
		return;
	if (file->compressed)
		tool_path_error(t, path, "content %s: macOS has compressed the file, which the kernel's driver cannot read",
				what);
	else if (hint)
		tool_path_error(t, path, "resource fork of %llu bytes %s%s",
				(unsigned long long)file->fork_bytes, what, hint);
}
