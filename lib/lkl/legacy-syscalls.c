// SPDX-License-Identifier: GPL-2.0
/*
 * legacy-syscalls.c - older system calls, implemented with those that the kernel has
 */
#include "internal.h"

/* ---- files ---- */

long lkl_sys_open(const char *path, int flags, int mode)
{
	return lkl_sys_openat(LKL_AT_FDCWD, path, flags, mode);
}

long lkl_sys_creat(const char *path, int mode)
{
	return lkl_sys_open(path, LKL_O_CREAT | LKL_O_WRONLY | LKL_O_TRUNC, mode);
}

long lkl_sys_stat(const char *path, struct lkl_stat *buf)
{
	return lkl_sys_newfstatat(LKL_AT_FDCWD, path, buf, 0);
}

long lkl_sys_lstat(const char *path, struct lkl_stat *buf)
{
	return lkl_sys_newfstatat(LKL_AT_FDCWD, path, buf, LKL_AT_SYMLINK_NOFOLLOW);
}

long lkl_sys_access(const char *path, int mode)
{
	return lkl_sys_faccessat(LKL_AT_FDCWD, path, mode);
}

long lkl_sys_readlink(const char *path, char *buf, size_t len)
{
	/* The kernel takes an int, and a link is at most a page long: limit @len. */
	return lkl_sys_readlinkat(LKL_AT_FDCWD, path, buf, len > 1 << 30 ? 1 << 30 : (int)len);
}

long lkl_sys_mkdir(const char *path, lkl_umode_t mode)
{
	return lkl_sys_mkdirat(LKL_AT_FDCWD, path, mode);
}

long lkl_sys_rmdir(const char *path)
{
	return lkl_sys_unlinkat(LKL_AT_FDCWD, path, LKL_AT_REMOVEDIR);
}

long lkl_sys_mknod(const char *path, lkl_umode_t mode, unsigned int dev)
{
	return lkl_sys_mknodat(LKL_AT_FDCWD, path, mode, dev);
}

long lkl_sys_link(const char *existing, const char *path)
{
	return lkl_sys_linkat(LKL_AT_FDCWD, existing, LKL_AT_FDCWD, path, 0);
}

long lkl_sys_symlink(const char *target, const char *path)
{
	return lkl_sys_symlinkat(target, LKL_AT_FDCWD, path);
}

long lkl_sys_unlink(const char *path)
{
	return lkl_sys_unlinkat(LKL_AT_FDCWD, path, 0);
}

long lkl_sys_rename(const char *from, const char *to)
{
	return lkl_sys_renameat2(LKL_AT_FDCWD, from, LKL_AT_FDCWD, to, 0);
}

long lkl_sys_chmod(const char *path, lkl_umode_t mode)
{
	return lkl_sys_fchmodat(LKL_AT_FDCWD, path, mode);
}

long lkl_sys_chown(const char *path, lkl_uid_t uid, lkl_gid_t gid)
{
	return lkl_sys_fchownat(LKL_AT_FDCWD, path, uid, gid, 0);
}

long lkl_sys_lchown(const char *path, lkl_uid_t uid, lkl_gid_t gid)
{
	return lkl_sys_fchownat(LKL_AT_FDCWD, path, uid, gid, LKL_AT_SYMLINK_NOFOLLOW);
}

long lkl_sys_utimes(const char *path, const struct lkl_timeval times[2])
{
	struct __lkl__kernel_timespec ts[2];

	if (!times)
		return lkl_sys_utimensat(LKL_AT_FDCWD, path, NULL, 0);
	for (int i = 0; i < 2; i++) {
		/* In nanoseconds, values outside this range may mean UTIME_NOW or UTIME_OMIT. */
		if (times[i].tv_usec < 0 || times[i].tv_usec > 999999)
			return -LKL_EINVAL;
		ts[i].tv_sec = times[i].tv_sec;
		ts[i].tv_nsec = times[i].tv_usec * 1000;
	}
	return lkl_sys_utimensat(LKL_AT_FDCWD, path, ts, 0);
}

/* ---- descriptors ---- */

long lkl_sys_dup2(int fd, int as)
{
	/* If both are equal, dup3() fails but dup2() returns the descriptor. */
	if (fd == as) {
		long rc = lkl_sys_fcntl(fd, LKL_F_GETFD, 0);

		return rc < 0 ? rc : as;
	}
	return lkl_sys_dup3(fd, as, 0);
}

long lkl_sys_pipe(int fds[2])
{
	return lkl_sys_pipe2(fds, 0);
}

long lkl_sys_eventfd(unsigned int count)
{
	return lkl_sys_eventfd2(count, 0);
}

long lkl_sys_inotify_init(void)
{
	return lkl_sys_inotify_init1(0);
}

/* ---- waiting ---- */

long lkl_sys_epoll_create(int size)
{
	return size <= 0 ? -LKL_EINVAL : lkl_sys_epoll_create1(0);
}

long lkl_sys_epoll_wait(int epfd, struct lkl_epoll_event *events, int max, int timeout_ms)
{
	return lkl_sys_epoll_pwait(epfd, events, max, timeout_ms, NULL, 0);
}

long lkl_sys_poll(struct lkl_pollfd *fds, unsigned int nfds, int timeout_ms)
{
	struct __lkl__kernel_timespec ts = {
		.tv_sec = timeout_ms / 1000,
		.tv_nsec = timeout_ms % 1000 * 1000000L,
	};

	return lkl_sys_ppoll(fds, nfds, timeout_ms < 0 ? NULL : &ts, NULL, 0);
}

long lkl_sys_select(int nfds, lkl_fd_set *readfds, lkl_fd_set *writefds, lkl_fd_set *exceptfds,
		    struct lkl_timeval *timeout)
{
	struct __lkl__kernel_timespec ts;
	long rc;

	if (!timeout)
		return lkl_sys_pselect6(nfds, readfds, writefds, exceptfds, NULL, NULL);
	if (timeout->tv_sec < 0 || timeout->tv_usec < 0)
		return -LKL_EINVAL;
	ts.tv_sec = timeout->tv_sec + timeout->tv_usec / 1000000;
	ts.tv_nsec = timeout->tv_usec % 1000000 * 1000;
	rc = lkl_sys_pselect6(nfds, readfds, writefds, exceptfds, &ts, NULL);
	timeout->tv_sec = ts.tv_sec;
	timeout->tv_usec = ts.tv_nsec / 1000;
	return rc;
}
