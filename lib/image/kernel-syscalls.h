/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kernel-syscalls.h - system calls on a given kernel
 *
 * lkl_sys_*() use the thread's current kernel; these functions take the kernel as an
 * argument.  They return a value or -errno, as in the kernel.
 */
#ifndef ANYFS_IMAGE_KERNEL_SYSCALLS_H
#define ANYFS_IMAGE_KERNEL_SYSCALLS_H

#include <stdint.h>
#include <lkl.h>
#include <lkl/linux/openat2.h>
#include "kernel.h"

static inline int64_t ksys(struct anyfs_kernel *k, int64_t nr, int64_t a, int64_t b,
			   int64_t c, int64_t d, int64_t e)
{
	const int64_t args[6] = { a, b, c, d, e, 0 };

	return host_syscall(k, nr, args);
}

#define KPTR(p)	((int64_t)(intptr_t)(p))

static inline int64_t k_mkdir(struct anyfs_kernel *k, const char *path, unsigned int mode)
{
	return ksys(k, __lkl__NR_mkdirat, LKL_AT_FDCWD, KPTR(path), mode, 0, 0);
}

static inline int64_t k_unlink(struct anyfs_kernel *k, const char *path, int flags)
{
	return ksys(k, __lkl__NR_unlinkat, LKL_AT_FDCWD, KPTR(path), flags, 0, 0);
}

static inline int64_t k_mknod(struct anyfs_kernel *k, const char *path, unsigned int mode,
			      int64_t dev)
{
	return ksys(k, __lkl__NR_mknodat, LKL_AT_FDCWD, KPTR(path), mode, dev, 0);
}

static inline int64_t k_open(struct anyfs_kernel *k, const char *path, int flags)
{
	return ksys(k, __lkl__NR_openat, LKL_AT_FDCWD, KPTR(path), flags, 0, 0);
}

static inline int64_t k_openat2(struct anyfs_kernel *k, int64_t dirfd, const char *path,
				const struct lkl_open_how *how)
{
	return ksys(k, __lkl__NR_openat2, dirfd, KPTR(path), KPTR(how), sizeof(*how), 0);
}

static inline int64_t k_close(struct anyfs_kernel *k, int64_t fd)
{
	return ksys(k, __lkl__NR_close, fd, 0, 0, 0, 0);
}

static inline int64_t k_read(struct anyfs_kernel *k, int64_t fd, void *buf, size_t len)
{
	return ksys(k, __lkl__NR_read, fd, KPTR(buf), len, 0, 0);
}

static inline int64_t k_pread(struct anyfs_kernel *k, int64_t fd, void *buf, size_t len,
			      uint64_t offset)
{
	return ksys(k, __lkl__NR_pread64, fd, KPTR(buf), len, offset, 0);
}

static inline int64_t k_pwrite(struct anyfs_kernel *k, int64_t fd, const void *buf, size_t len,
			       uint64_t offset)
{
	return ksys(k, __lkl__NR_pwrite64, fd, KPTR(buf), len, offset, 0);
}

static inline int64_t k_fsync(struct anyfs_kernel *k, int64_t fd)
{
	return ksys(k, __lkl__NR_fsync, fd, 0, 0, 0, 0);
}

static inline int64_t k_ioctl(struct anyfs_kernel *k, int64_t fd, unsigned long cmd, void *arg)
{
	return ksys(k, __lkl__NR_ioctl, fd, cmd, KPTR(arg), 0, 0);
}

/* @data is NULL or has a whole page, because mount(2) copies a page. */
static inline int64_t k_mount(struct anyfs_kernel *k, const char *dev, const char *point,
			      const char *type, unsigned long flags, const void *data)
{
	return ksys(k, __lkl__NR_mount, KPTR(dev), KPTR(point), KPTR(type), flags, KPTR(data));
}

static inline int64_t k_umount(struct anyfs_kernel *k, const char *point, int flags)
{
	return ksys(k, __lkl__NR_umount2, KPTR(point), flags, 0, 0, 0);
}

#endif /* ANYFS_IMAGE_KERNEL_SYSCALLS_H */
