// SPDX-License-Identifier: GPL-2.0
/*
 * side-image.c - struct side for files of the image
 *
 * The kernel has no system call for the extended attributes of a name relative to a
 * directory's descriptor that works for links and devices too, so the functions here
 * change into that directory first.
 */
#include "output.h"
#include <lkl/asm/statfs.h>
#include <lkl/linux/fcntl.h>
#include <lkl/linux/magic.h>
#include <lkl/linux/time_types.h>

static long image_stat(int dir, const char *name, struct lkl_statx *stx)
{
	return lkl_sys_statx(dir, name, LKL_AT_SYMLINK_NOFOLLOW, ENTRY_MASK, stx);
}

static long image_stat_file(const struct side_file *f, struct lkl_statx *stx)
{
	if (f->fd < 0)
		return image_stat(f->dir, f->name, stx);
	return lkl_sys_statx(f->fd, "", LKL_AT_EMPTY_PATH, ENTRY_MASK, stx);
}

static long image_open_file(int dir, const char *name)
{
	return lkl_sys_openat(dir, name, LKL_O_RDONLY | LKL_O_NOFOLLOW | LKL_O_NONBLOCK, 0);
}

static long image_open_dir(int dir, const char *name)
{
	return lkl_sys_openat(dir, name, LKL_O_RDONLY | LKL_O_DIRECTORY | LKL_O_NOFOLLOW, 0);
}

static long image_create(int dir, const char *name)
{
	return lkl_sys_openat(dir, name, LKL_O_WRONLY | LKL_O_CREAT | LKL_O_EXCL | LKL_O_NOFOLLOW,
			      0600);
}

static long image_close(int fd)
{
	return lkl_sys_close(fd);
}

static long image_read(int fd, void *buf, size_t len)
{
	return lkl_sys_read(fd, buf, len);
}

static long image_pread(int fd, void *buf, size_t len, uint64_t off)
{
	return lkl_sys_pread64(fd, buf, len, off);
}

static long image_pwrite(int fd, const void *buf, size_t len, uint64_t off)
{
	return lkl_sys_pwrite64(fd, buf, len, off);
}

static int64_t image_seek(int fd, uint64_t off, int whence)
{
	return lkl_sys_lseek(fd, off, whence);
}

static long image_truncate(int fd, uint64_t size)
{
	return lkl_sys_ftruncate(fd, size);
}

/* The kernel's drivers for FAT and exFAT have no journal that flushes the disk before a rename. */
static bool needs_flush(int fd)
{
	struct lkl_statfs sfs;

	return lkl_sys_fstatfs(fd, &sfs) >= 0 && (sfs.f_type == LKL_MSDOS_SUPER_MAGIC ||
						  sfs.f_type == LKL_EXFAT_SUPER_MAGIC);
}

static long image_store(int fd)
{
	if (needs_flush(fd))
		return lkl_sys_fsync(fd);
	return lkl_sys_sync_file_range(fd, 0, 0, LKL_SYNC_FILE_RANGE_WRITE_AND_WAIT);
}

static long image_getdents(int fd, void *buf, size_t len)
{
	return lkl_sys_getdents64(fd, buf, len);
}

static long image_mkdir(int dir, const char *name, unsigned int mode)
{
	return lkl_sys_mkdirat(dir, name, mode);
}

static long image_link(int from_dir, const char *from, int to_dir, const char *to)
{
	return lkl_sys_linkat(from_dir, from, to_dir, to, 0);
}

static long image_symlink(const char *target, int dir, const char *name)
{
	return lkl_sys_symlinkat(target, dir, name);
}

static long image_mknod(int dir, const char *name, unsigned int mode, unsigned int major,
			unsigned int minor)
{
	/* Like new_encode_dev() of the kernel. */
	unsigned int dev = (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~0xffu) << 12;

	if (major > 0xfff || minor > 0xfffff)
		return -LKL_EINVAL;
	return lkl_sys_mknodat(dir, name, mode, dev);
}

static long image_readlink(int dir, const char *name, char *buf, size_t len)
{
	return lkl_sys_readlinkat(dir, name, buf, len);
}

static long image_rename(int from_dir, const char *from, int to_dir, const char *to)
{
	return lkl_sys_renameat2(from_dir, from, to_dir, to, 0);
}

static long image_unlink(int dir, const char *name)
{
	return lkl_sys_unlinkat(dir, name, 0);
}

static long image_rmdir(int dir, const char *name)
{
	return lkl_sys_unlinkat(dir, name, LKL_AT_REMOVEDIR);
}

static long image_chown(const struct side_file *f, uint32_t uid, uint32_t gid)
{
	if (f->fd >= 0)
		return lkl_sys_fchown(f->fd, uid, gid);
	return lkl_sys_fchownat(f->dir, f->name, uid, gid, LKL_AT_SYMLINK_NOFOLLOW);
}

static long image_chmod(const struct side_file *f, unsigned int mode)
{
	if (f->fd >= 0)
		return lkl_sys_fchmod(f->fd, mode);
	return lkl_sys_fchmodat(f->dir, f->name, mode);
}

static long image_utimes(const struct side_file *f, const struct timespec times[2])
{
	struct __lkl__kernel_timespec ts[2];

	for (int i = 0; i < 2; i++) {
		ts[i].tv_sec = times[i].tv_sec;
		ts[i].tv_nsec = times[i].tv_nsec;
	}
	if (f->fd >= 0)
		return lkl_sys_utimensat(f->fd, NULL, ts, 0);
	return lkl_sys_utimensat(f->dir, f->name, ts, LKL_AT_SYMLINK_NOFOLLOW);
}

static long image_listxattr(const struct side_file *f, char *names, size_t len)
{
	long rc;

	if (f->fd >= 0)
		return lkl_sys_flistxattr(f->fd, names, len);
	rc = lkl_sys_fchdir(f->dir);
	return rc < 0 ? rc : lkl_sys_llistxattr(f->name, names, len);
}

static long image_getxattr(const struct side_file *f, const char *key, void *value, size_t len)
{
	long rc;

	if (f->fd >= 0)
		return lkl_sys_fgetxattr(f->fd, key, value, len);
	rc = lkl_sys_fchdir(f->dir);
	return rc < 0 ? rc : lkl_sys_lgetxattr(f->name, key, value, len);
}

static long image_setxattr(const struct side_file *f, const char *key, const void *value,
			   size_t len)
{
	long rc;

	if (f->fd >= 0)
		return lkl_sys_fsetxattr(f->fd, key, value, len, 0);
	rc = lkl_sys_fchdir(f->dir);
	return rc < 0 ? rc : lkl_sys_lsetxattr(f->name, key, value, len, 0);
}

static long image_removexattr(const struct side_file *f, const char *key)
{
	long rc;

	if (f->fd >= 0)
		return lkl_sys_fremovexattr(f->fd, key);
	rc = lkl_sys_fchdir(f->dir);
	return rc < 0 ? rc : lkl_sys_lremovexattr(f->name, key);
}

const struct side side_image = {
	.is_image = true,
	.stat = image_stat,
	.stat_file = image_stat_file,
	.open_file = image_open_file,
	.open_dir = image_open_dir,
	.create = image_create,
	.close = image_close,
	.read = image_read,
	.pread = image_pread,
	.pwrite = image_pwrite,
	.seek = image_seek,
	.truncate = image_truncate,
	.store = image_store,
	.getdents = image_getdents,
	.mkdir = image_mkdir,
	.link = image_link,
	.symlink = image_symlink,
	.mknod = image_mknod,
	.readlink = image_readlink,
	.rename = image_rename,
	.unlink = image_unlink,
	.rmdir = image_rmdir,
	.chown = image_chown,
	.chmod = image_chmod,
	.utimes = image_utimes,
	.listxattr = image_listxattr,
	.getxattr = image_getxattr,
	.setxattr = image_setxattr,
	.removexattr = image_removexattr,
};
