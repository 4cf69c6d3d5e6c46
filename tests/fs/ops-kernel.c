// SPDX-License-Identifier: GPL-2.0
/*
 * ops-kernel.c - the operations of fs.h on the kernel in this process
 */
#include <errno.h>
#include <string.h>
#include <anyfs.h>
#include <lkl.h>
#include <lkl/linux/fcntl.h>
#include <lkl/linux/stat.h>
#include "fs.h"

static long kernel_open(const char *path, bool create)
{
	return lkl_sys_openat(LKL_AT_FDCWD, path,
			      create ? LKL_O_RDWR | LKL_O_CREAT : LKL_O_RDONLY, 0644);
}

static long kernel_close(int fd)
{
	return lkl_sys_close(fd);
}

static long kernel_pread(int fd, void *buf, size_t len, uint64_t off)
{
	return lkl_sys_pread64(fd, buf, len, off);
}

static long kernel_pwrite(int fd, const void *buf, size_t len, uint64_t off)
{
	return lkl_sys_pwrite64(fd, buf, len, off);
}

static long kernel_fsync(int fd)
{
	return lkl_sys_fsync(fd);
}

static long kernel_truncate(const char *path, uint64_t size)
{
	return lkl_sys_truncate(path, size);
}

static long kernel_mkdir(const char *path)
{
	return lkl_sys_mkdirat(LKL_AT_FDCWD, path, 0755);
}

static long kernel_rmdir(const char *path)
{
	return lkl_sys_unlinkat(LKL_AT_FDCWD, path, LKL_AT_REMOVEDIR);
}

static long kernel_unlink(const char *path)
{
	return lkl_sys_unlinkat(LKL_AT_FDCWD, path, 0);
}

static long kernel_rename(const char *from, const char *to)
{
	return lkl_sys_renameat2(LKL_AT_FDCWD, from, LKL_AT_FDCWD, to, 0);
}

static long kernel_symlink(const char *target, const char *path)
{
	return lkl_sys_symlinkat(target, LKL_AT_FDCWD, path);
}

static long kernel_readlink(const char *path, char *buf, size_t len)
{
	return lkl_sys_readlinkat(LKL_AT_FDCWD, path, buf, len);
}

static long kernel_link(const char *from, const char *to)
{
	return lkl_sys_linkat(LKL_AT_FDCWD, from, LKL_AT_FDCWD, to, 0);
}

/* The device number that mknod(2) takes, for minors below 256. */
static long kernel_mknod(const char *path, unsigned int mode, unsigned int maj, unsigned int min)
{
	return lkl_sys_mknodat(LKL_AT_FDCWD, path, mode, maj << 8 | min);
}

static long kernel_chown(const char *path, unsigned int uid, unsigned int gid)
{
	return lkl_sys_fchownat(LKL_AT_FDCWD, path, uid, gid, LKL_AT_SYMLINK_NOFOLLOW);
}

static long kernel_chmod(const char *path, unsigned int mode)
{
	return lkl_sys_fchmodat(LKL_AT_FDCWD, path, mode);
}

static long kernel_set_mtime(const char *path, int64_t seconds)
{
	const struct __lkl__kernel_timespec times[2] = {
		{ .tv_sec = seconds }, { .tv_sec = seconds },
	};

	return lkl_sys_utimensat(LKL_AT_FDCWD, path, times, LKL_AT_SYMLINK_NOFOLLOW);
}

static long kernel_setxattr(const char *path, const char *name, const void *value, size_t len)
{
	return lkl_sys_lsetxattr(path, name, value, len, 0);
}

static long kernel_getxattr(const char *path, const char *name, void *value, size_t len)
{
	return lkl_sys_lgetxattr(path, name, value, len);
}

static long kernel_stat(const char *path, struct fs_stat *out)
{
	struct lkl_statx st;
	long rc = lkl_sys_statx(LKL_AT_FDCWD, path, LKL_AT_SYMLINK_NOFOLLOW,
				LKL_STATX_BASIC_STATS, &st);

	if (rc < 0)
		return rc;
	*out = (struct fs_stat) {
		.mode = st.stx_mode, .uid = st.stx_uid, .gid = st.stx_gid,
		.nlink = st.stx_nlink, .rdev_major = st.stx_rdev_major,
		.rdev_minor = st.stx_rdev_minor, .ino = st.stx_ino, .size = st.stx_size,
		.blocks = st.stx_blocks, .mtime = st.stx_mtime.tv_sec,
	};
	return 0;
}

static long list_fd(int fd, int (*fn)(void *data, const char *name), void *data)
{
	char buf[8192] __attribute__((aligned(8)));
	long n, rc = 0;

	while (!rc && (n = lkl_sys_getdents64(fd, (void *)buf, sizeof(buf))) != 0) {
		if (n < 0)
			return n;
		for (long at = 0; !rc && at < n;) {
			struct lkl_linux_dirent64 *e = (void *)(buf + at);

			at += e->d_reclen;
			if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
				rc = fn(data, e->d_name);
		}
	}
	return rc;
}

static long kernel_list(const char *path, int (*fn)(void *data, const char *name), void *data)
{
	long fd = lkl_sys_openat(LKL_AT_FDCWD, path, LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	long rc = fd < 0 ? fd : list_fd(fd, fn, data);

	if (fd >= 0)
		lkl_sys_close(fd);
	return rc;
}

const struct fs_ops fs_kernel = {
	.open = kernel_open, .close = kernel_close, .pread = kernel_pread,
	.pwrite = kernel_pwrite, .fsync = kernel_fsync, .truncate = kernel_truncate,
	.mkdir = kernel_mkdir, .rmdir = kernel_rmdir, .unlink = kernel_unlink,
	.rename = kernel_rename, .symlink = kernel_symlink, .readlink = kernel_readlink,
	.link = kernel_link, .mknod = kernel_mknod, .chown = kernel_chown,
	.chmod = kernel_chmod, .set_mtime = kernel_set_mtime, .setxattr = kernel_setxattr,
	.getxattr = kernel_getxattr, .stat = kernel_stat, .list = kernel_list,
};
