// SPDX-License-Identifier: GPL-2.0
/*
 * side-host.c - struct side for files of the host
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "output.h"

_Static_assert(sizeof(struct statx) == sizeof(struct lkl_statx), "both have Linux's layout");

#define RESULT(call) ({ long rc_ = (call); rc_ < 0 ? -errno : rc_; })

static long host_stat(int dir, const char *name, struct lkl_statx *stx)
{
	return RESULT(statx(dir, name, AT_SYMLINK_NOFOLLOW, ENTRY_MASK, (struct statx *)stx));
}

static long host_stat_file(const struct side_file *f, struct lkl_statx *stx)
{
	if (f->fd < 0)
		return host_stat(f->dir, f->name, stx);
	return RESULT(statx(f->fd, "", AT_EMPTY_PATH, ENTRY_MASK, (struct statx *)stx));
}

static long host_open_file(int dir, const char *name)
{
	return RESULT(openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

static long host_open_dir(int dir, const char *name)
{
	return RESULT(openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

static long host_create(int dir, const char *name)
{
	return RESULT(openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			     0600));
}

static long host_close(int fd)
{
	return RESULT(close(fd));
}

static long host_read(int fd, void *buf, size_t len)
{
	return RESULT(TEMP_FAILURE_RETRY(read(fd, buf, len)));
}

static long host_pread(int fd, void *buf, size_t len, uint64_t off)
{
	return RESULT(TEMP_FAILURE_RETRY(pread(fd, buf, len, off)));
}

static long host_pwrite(int fd, const void *buf, size_t len, uint64_t off)
{
	return RESULT(TEMP_FAILURE_RETRY(pwrite(fd, buf, len, off)));
}

static int64_t host_seek(int fd, uint64_t off, int whence)
{
	return RESULT(lseek(fd, off, whence == LKL_SEEK_DATA ? SEEK_DATA :
			    whence == LKL_SEEK_HOLE ? SEEK_HOLE : whence));
}

static long host_truncate(int fd, uint64_t size)
{
	return RESULT(ftruncate(fd, size));
}

static long host_getdents(int fd, void *buf, size_t len)
{
	return RESULT(syscall(SYS_getdents64, fd, buf, len));
}

static long host_mkdir(int dir, const char *name, unsigned int mode)
{
	return RESULT(mkdirat(dir, name, mode));
}

static long host_link(int from_dir, const char *from, int to_dir, const char *to)
{
	return RESULT(linkat(from_dir, from, to_dir, to, 0));
}

static long host_symlink(const char *target, int dir, const char *name)
{
	return RESULT(symlinkat(target, dir, name));
}

static long host_mknod(int dir, const char *name, unsigned int mode, unsigned int major,
		       unsigned int minor)
{
	return RESULT(mknodat(dir, name, mode, makedev(major, minor)));
}

static long host_readlink(int dir, const char *name, char *buf, size_t len)
{
	return RESULT(readlinkat(dir, name, buf, len));
}

static long host_rename(int from_dir, const char *from, int to_dir, const char *to)
{
	return RESULT(renameat(from_dir, from, to_dir, to));
}

static long host_unlink(int dir, const char *name)
{
	return RESULT(unlinkat(dir, name, 0));
}

static long host_rmdir(int dir, const char *name)
{
	return RESULT(unlinkat(dir, name, AT_REMOVEDIR));
}

static long host_chown(const struct side_file *f, uint32_t uid, uint32_t gid)
{
	if (f->fd >= 0)
		return RESULT(fchown(f->fd, uid, gid));
	return RESULT(fchownat(f->dir, f->name, uid, gid, AT_SYMLINK_NOFOLLOW));
}

static long host_chmod(const struct side_file *f, unsigned int mode)
{
	if (f->fd >= 0)
		return RESULT(fchmod(f->fd, mode));
	return RESULT(fchmodat(f->dir, f->name, mode, 0));
}

static long host_utimes(const struct side_file *f, const struct timespec times[2])
{
	if (f->fd >= 0)
		return RESULT(futimens(f->fd, times));
	return RESULT(utimensat(f->dir, f->name, times, AT_SYMLINK_NOFOLLOW));
}

/*
 * There is no system call for the extended attributes of a name relative to a directory's
 * descriptor, so change into that directory first: the sandbox allows no path through /proc.
 */
static long host_listxattr(const struct side_file *f, char *names, size_t len)
{
	if (f->fd >= 0)
		return RESULT(flistxattr(f->fd, names, len));
	return fchdir(f->dir) ? -errno : RESULT(llistxattr(f->name, names, len));
}

static long host_getxattr(const struct side_file *f, const char *key, void *value, size_t len)
{
	if (f->fd >= 0)
		return RESULT(fgetxattr(f->fd, key, value, len));
	return fchdir(f->dir) ? -errno : RESULT(lgetxattr(f->name, key, value, len));
}

static long host_setxattr(const struct side_file *f, const char *key, const void *value,
			  size_t len)
{
	if (f->fd >= 0)
		return RESULT(fsetxattr(f->fd, key, value, len, 0));
	return fchdir(f->dir) ? -errno : RESULT(lsetxattr(f->name, key, value, len, 0));
}

static long host_removexattr(const struct side_file *f, const char *key)
{
	if (f->fd >= 0)
		return RESULT(fremovexattr(f->fd, key));
	return fchdir(f->dir) ? -errno : RESULT(lremovexattr(f->name, key));
}

const struct side side_host = {
	.stat = host_stat,
	.stat_file = host_stat_file,
	.open_file = host_open_file,
	.open_dir = host_open_dir,
	.create = host_create,
	.close = host_close,
	.read = host_read,
	.pread = host_pread,
	.pwrite = host_pwrite,
	.seek = host_seek,
	.truncate = host_truncate,
	.getdents = host_getdents,
	.mkdir = host_mkdir,
	.link = host_link,
	.symlink = host_symlink,
	.mknod = host_mknod,
	.readlink = host_readlink,
	.rename = host_rename,
	.unlink = host_unlink,
	.rmdir = host_rmdir,
	.chown = host_chown,
	.chmod = host_chmod,
	.utimes = host_utimes,
	.listxattr = host_listxattr,
	.getxattr = host_getxattr,
	.setxattr = host_setxattr,
	.removexattr = host_removexattr,
};
