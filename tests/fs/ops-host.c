// SPDX-License-Identifier: GPL-2.0
/*
 * ops-host.c - the operations of fs.h on the host, with the C library
 *
 * It uses ordinary functions only, because fakeroot(1) must intercept them.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "fs.h"

static long neg_errno(long rc)
{
	return rc < 0 ? -errno : rc;
}

static long host_open(const char *path, bool create)
{
	return neg_errno(open(path, create ? O_RDWR | O_CREAT : O_RDONLY, 0644));
}

static long host_close(int fd)
{
	return neg_errno(close(fd));
}

static long host_pread(int fd, void *buf, size_t len, uint64_t off)
{
	return neg_errno(pread(fd, buf, len, off));
}

static long host_pwrite(int fd, const void *buf, size_t len, uint64_t off)
{
	return neg_errno(pwrite(fd, buf, len, off));
}

static long host_fsync(int fd)
{
	return neg_errno(fsync(fd));
}

static long host_truncate(const char *path, uint64_t size)
{
	return neg_errno(truncate(path, size));
}

static long host_mkdir(const char *path)
{
	return neg_errno(mkdir(path, 0755));
}

static long host_rmdir(const char *path)
{
	return neg_errno(rmdir(path));
}

static long host_unlink(const char *path)
{
	return neg_errno(unlink(path));
}

static long host_rename(const char *from, const char *to)
{
	return neg_errno(rename(from, to));
}

static long host_symlink(const char *target, const char *path)
{
	return neg_errno(symlink(target, path));
}

static long host_readlink(const char *path, char *buf, size_t len)
{
	return neg_errno(readlink(path, buf, len));
}

static long host_link(const char *from, const char *to)
{
	return neg_errno(link(from, to));
}

static long host_mknod(const char *path, unsigned int mode, unsigned int maj, unsigned int min)
{
	return neg_errno(mknod(path, mode, makedev(maj, min)));
}

static long host_chown(const char *path, unsigned int uid, unsigned int gid)
{
	return neg_errno(lchown(path, uid, gid));
}

static long host_chmod(const char *path, unsigned int mode)
{
	return neg_errno(chmod(path, mode));
}

static long host_set_mtime(const char *path, int64_t seconds)
{
	const struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };

	return neg_errno(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW));
}

static long host_setxattr(const char *path, const char *name, const void *value, size_t len)
{
	return neg_errno(lsetxattr(path, name, value, len, 0));
}

static long host_getxattr(const char *path, const char *name, void *value, size_t len)
{
	return neg_errno(lgetxattr(path, name, value, len));
}

static long host_stat(const char *path, struct fs_stat *out)
{
	struct stat st;

	if (lstat(path, &st))
		return -errno;
	*out = (struct fs_stat) {
		.mode = st.st_mode, .uid = st.st_uid, .gid = st.st_gid, .nlink = st.st_nlink,
		.rdev_major = major(st.st_rdev), .rdev_minor = minor(st.st_rdev),
		.ino = st.st_ino, .size = st.st_size, .blocks = st.st_blocks,
		.mtime = st.st_mtim.tv_sec,
	};
	return 0;
}

static long host_list(const char *path, int (*fn)(void *data, const char *name), void *data)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	long rc = 0;

	if (!dir)
		return -errno;
	while (!rc && (errno = 0, e = readdir(dir)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			rc = fn(data, e->d_name);
	if (!rc && errno)
		rc = -errno;
	closedir(dir);
	return rc;
}

const struct fs_ops fs_host = {
	.open = host_open, .close = host_close, .pread = host_pread, .pwrite = host_pwrite,
	.fsync = host_fsync, .truncate = host_truncate, .mkdir = host_mkdir,
	.rmdir = host_rmdir, .unlink = host_unlink, .rename = host_rename,
	.symlink = host_symlink, .readlink = host_readlink, .link = host_link,
	.mknod = host_mknod, .chown = host_chown, .chmod = host_chmod,
	.set_mtime = host_set_mtime, .setxattr = host_setxattr, .getxattr = host_getxattr,
	.stat = host_stat, .list = host_list,
};
