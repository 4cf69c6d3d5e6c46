// SPDX-License-Identifier: GPL-2.0
/*
 * syscalls.c - make the system calls of a 64-bit kernel on a 32-bit kernel
 *
 * The library and the tests use headers that are generated from the 64-bit kernel.  Most calls
 * have the same number and the same arguments (of 64 bits) in a 32-bit kernel.  Exceptions: calls
 * with times have other numbers, lseek(2) has other arguments, and some results have other
 * structures.  The linker replaces host_syscall() by the function here (--wrap).
 */
#include <errno.h>
#include <lkl.h>
#include <lkl/asm/stat.h>
#include <lkl/asm/statfs.h>
#include "kernel.h"

#define PTR(p)	((int64_t)(uintptr_t)(p))

int64_t __real_host_syscall(struct anyfs_kernel *k, int64_t nr, const int64_t *args);
int64_t __wrap_host_syscall(struct anyfs_kernel *k, int64_t nr, const int64_t *args);

/* Numbers in the kernel's scripts/syscall.tbl of calls that take times with 64-bit seconds. */
static const struct { int64_t nr, time64; } timed[] = {
	{ __lkl__NR_clock_gettime, 403 },
	{ __lkl__NR_clock_settime, 404 },
	{ __lkl__NR_clock_adjtime, 405 },
	{ __lkl__NR_clock_getres, 406 },
	{ __lkl__NR_clock_nanosleep, 407 },
	{ __lkl__NR_timer_gettime, 408 },
	{ __lkl__NR_timer_settime, 409 },
	{ __lkl__NR_timerfd_gettime, 410 },
	{ __lkl__NR_timerfd_settime, 411 },
	{ __lkl__NR_utimensat, 412 },
	{ __lkl__NR_pselect6, 413 },
	{ __lkl__NR_ppoll, 414 },
	{ __lkl__NR_rt_sigtimedwait, 421 },
	{ __lkl__NR_futex, 422 },
};

static int64_t time64_number(int64_t nr)
{
	for (size_t i = 0; i < sizeof(timed) / sizeof(*timed); i++)
		if (timed[i].nr == nr)
			return timed[i].time64;
	return nr;
}

/* 32-bit kernels have no nanosleep(2) with 64-bit seconds. */
static int64_t do_nanosleep(struct anyfs_kernel *k, const int64_t *args)
{
	const int64_t own[6] = { LKL_CLOCK_MONOTONIC, 0, args[0], args[1] };

	return __real_host_syscall(k, time64_number(__lkl__NR_clock_nanosleep), own);
}

static int64_t do_lseek(struct anyfs_kernel *k, const int64_t *args)
{
	int64_t pos;
	const int64_t own[6] = {
		args[0], (uint64_t)args[1] >> 32, (uint32_t)args[1], PTR(&pos), args[2],
	};
	int64_t rc = __real_host_syscall(k, __lkl__NR_lseek, own);

	return rc < 0 ? rc : pos;
}

static int64_t fill_stat(const struct lkl_stat64 *from, struct lkl_stat *to)
{
	*to = (struct lkl_stat) {
		.st_dev = from->st_dev, .st_ino = from->st_ino, .st_mode = from->st_mode,
		.st_nlink = from->st_nlink, .st_uid = from->st_uid, .st_gid = from->st_gid,
		.st_rdev = from->st_rdev, .st_size = from->st_size,
		.st_blksize = from->st_blksize, .st_blocks = from->st_blocks,
		.lkl_st_atime = from->lkl_st_atime, .st_atime_nsec = from->st_atime_nsec,
		.lkl_st_mtime = from->lkl_st_mtime, .st_mtime_nsec = from->st_mtime_nsec,
		.lkl_st_ctime = from->lkl_st_ctime, .st_ctime_nsec = from->st_ctime_nsec,
	};
	return to->st_size == from->st_size && to->st_ino == from->st_ino ? 0 : -EOVERFLOW;
}

/* newfstatat(2) and fstat(2), which differ in the place of the result: args[at]. */
static int64_t do_stat(struct anyfs_kernel *k, int64_t nr, const int64_t *args, unsigned int at)
{
	struct lkl_stat64 st;
	int64_t own[6] = { args[0], args[1], args[2], args[3] }, rc;

	own[at] = PTR(&st);
	rc = __real_host_syscall(k, nr, own);
	return rc < 0 ? rc : fill_stat(&st, (struct lkl_stat *)(uintptr_t)args[at]);
}

/* statfs(2) and fstatfs(2).  Numbers that do not fit are cut off: callers read type and flags. */
static int64_t do_statfs(struct anyfs_kernel *k, int64_t nr, const int64_t *args)
{
	struct lkl_statfs *to = (struct lkl_statfs *)(uintptr_t)args[1];
	struct lkl_statfs64 st;
	const int64_t own[6] = { args[0], sizeof(st), PTR(&st) };
	int64_t rc = __real_host_syscall(k, nr, own);

	if (rc < 0)
		return rc;
	*to = (struct lkl_statfs) {
		.f_type = st.f_type, .f_bsize = st.f_bsize, .f_blocks = st.f_blocks,
		.f_bfree = st.f_bfree, .f_bavail = st.f_bavail, .f_files = st.f_files,
		.f_ffree = st.f_ffree, .f_fsid = st.f_fsid, .f_namelen = st.f_namelen,
		.f_frsize = st.f_frsize, .f_flags = st.f_flags,
	};
	return 0;
}

int64_t __wrap_host_syscall(struct anyfs_kernel *k, int64_t nr, const int64_t *args)
{
	switch (nr) {
	case __lkl__NR_lseek:
		return do_lseek(k, args);
	case __lkl__NR_newfstatat:
		return do_stat(k, nr, args, 2);
	case __lkl__NR_fstat:
		return do_stat(k, nr, args, 1);
	case __lkl__NR_statfs:
	case __lkl__NR_fstatfs:
		return do_statfs(k, nr, args);
	case __lkl__NR_nanosleep:
		return do_nanosleep(k, args);
	default:
		return __real_host_syscall(k, time64_number(nr), args);
	}
}
