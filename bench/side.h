/* SPDX-License-Identifier: GPL-2.0 */
/*
 * side.h - run the same work through anyfs or through the host's kernel
 *
 *	program IMAGE		through anyfs: the file system in IMAGE
 *	program host DIR	through the host's kernel: a directory
 *
 * The functions have the arguments and results of Linux system calls; both kernels use
 * the same values for the flags.
 */
#ifndef ANYFS_BENCH_SIDE_H
#define ANYFS_BENCH_SIDE_H

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "bench.h"

_Static_assert(O_CREAT == LKL_O_CREAT && O_DIRECTORY == LKL_O_DIRECTORY && O_EXCL == LKL_O_EXCL,
	       "flags of the two kernels differ");

struct side {
	long (*openat)(int dirfd, const char *name, int flags, unsigned int mode);
	long (*getdents)(int fd, void *buf, size_t len);
	long (*read)(int fd, void *buf, size_t len);
	long (*write)(int fd, const void *buf, size_t len);
	long (*mkdirat)(int dirfd, const char *name, unsigned int mode);
	long (*fsync)(int fd);
	long (*syncfs)(int fd);
	long (*close)(int fd);
	int root;
};

static long host_result(long n)
{
	return n < 0 ? -errno : n;
}

static long host_openat(int dirfd, const char *name, int flags, unsigned int mode)
{
	return host_result(openat(dirfd, name, flags, mode));
}

static long host_getdents(int fd, void *buf, size_t len)
{
	return host_result(syscall(SYS_getdents64, fd, buf, len));
}

static long host_read(int fd, void *buf, size_t len)
{
	return host_result(read(fd, buf, len));
}

static long host_write(int fd, const void *buf, size_t len)
{
	return host_result(write(fd, buf, len));
}

static long host_mkdirat(int dirfd, const char *name, unsigned int mode)
{
	return host_result(mkdirat(dirfd, name, mode));
}

static long host_fsync(int fd)
{
	return host_result(fsync(fd));
}

static long host_syncfs(int fd)
{
	return host_result(syncfs(fd));
}

static long host_close(int fd)
{
	return host_result(close(fd));
}

static long our_openat(int dirfd, const char *name, int flags, unsigned int mode)
{
	return lkl_sys_openat(dirfd, name, flags, mode);
}

static long our_getdents(int fd, void *buf, size_t len)
{
	return lkl_sys_getdents64(fd, buf, len);
}

static long our_read(int fd, void *buf, size_t len)
{
	return lkl_sys_read(fd, buf, len);
}

static long our_write(int fd, const void *buf, size_t len)
{
	return lkl_sys_write(fd, buf, len);
}

static long our_mkdirat(int dirfd, const char *name, unsigned int mode)
{
	return lkl_sys_mkdirat(dirfd, name, mode);
}

static long our_fsync(int fd)
{
	return lkl_sys_fsync(fd);
}

static long our_syncfs(int fd)
{
	return lkl_sys_syncfs(fd);
}

static long our_close(int fd)
{
	return lkl_sys_close(fd);
}

static struct anyfs_image *side_image;

/* Boot and mount; call this with main()'s arguments, inside the measured time. */
static inline struct side side_open(int argc, char **argv, unsigned int disk_flags)
{
	static const struct side host = {
		host_openat, host_getdents, host_read, host_write, host_mkdirat,
		host_fsync, host_syncfs, host_close, -1,
	};
	static const struct side ours = {
		our_openat, our_getdents, our_read, our_write, our_mkdirat,
		our_fsync, our_syncfs, our_close, -1,
	};
	struct side s;

	if (argc == 3 && !strcmp(argv[1], "host")) {
		s = host;
		s.root = host_openat(AT_FDCWD, argv[2], O_RDONLY | O_DIRECTORY, 0);
	} else {
		NEED(argc == 2);
		s = ours;
		boot(128);
		NEED(anyfs_image_open(NULL, argv[1], disk_flags, &side_image) == 0);
		s.root = anyfs_image_openat(side_image, "/", LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	}
	NEED(s.root >= 0);
	return s;
}

/* Unmount the image of anyfs; call it inside the measured time as well. */
static inline void side_close(struct side *s)
{
	s->close(s->root);
	if (side_image)
		NEED(anyfs_image_close(side_image) == 0 && anyfs_kernel_halt() == 0);
}

#endif /* ANYFS_BENCH_SIDE_H */
