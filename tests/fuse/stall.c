// SPDX-License-Identifier: GPL-2.0
/*
 * stall.c - simulate a disk that does not answer, by LD_PRELOAD
 *
 * While the first byte of the file $STALL is not 0, reads and writes that may wait do not
 * return; those that must not wait find nothing in the cache.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static const volatile char *stalled = "";

static void __attribute__((constructor)) begin(void)
{
	const char *path = getenv("STALL");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *map = fd < 0 ? MAP_FAILED : mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);

	if (map == MAP_FAILED)
		_exit(99);
	stalled = map;
	close(fd);
}

/* False if the call must not be delayed. */
static bool wait_for_disk(int flags)
{
	const struct timespec nap = { .tv_nsec = 10000000 };

	if (*stalled && flags & RWF_NOWAIT) {
		errno = EAGAIN;
		return false;
	}
	while (*stalled)
		nanosleep(&nap, NULL);
	return true;
}

/* The system call takes the offset in two halves; 64-bit machines ignore the second one. */
ssize_t preadv2(int fd, const struct iovec *iov, int count, off_t at, int flags)
{
	if (!wait_for_disk(flags))
		return -1;
	return syscall(SYS_preadv2, fd, iov, count, at, 0L, flags);
}

ssize_t pwritev2(int fd, const struct iovec *iov, int count, off_t at, int flags)
{
	if (!wait_for_disk(flags))
		return -1;
	return syscall(SYS_pwritev2, fd, iov, count, at, 0L, flags);
}

ssize_t preadv(int fd, const struct iovec *iov, int count, off_t at)
{
	return preadv2(fd, iov, count, at, 0);
}

ssize_t pwritev(int fd, const struct iovec *iov, int count, off_t at)
{
	return pwritev2(fd, iov, count, at, 0);
}
