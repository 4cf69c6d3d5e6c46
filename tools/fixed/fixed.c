// SPDX-License-Identifier: GPL-2.0
/*
 * fixed.c - give mkfs programs the same time and random numbers in each run
 *
 * tools/anyfs/host-program.c loads it with LD_PRELOAD if SOURCE_DATE_EPOCH is set.  Programs
 * have options for a UUID, but also store the time and further random identifiers.
 * ANYFS_FIXED is "SECONDS SEED".
 */
#define _GNU_SOURCE
#undef _FILE_OFFSET_BITS	/* it would make open() another name of open64() */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long seconds;
static uint64_t state;

__attribute__((constructor)) static void read_settings(void)
{
	const char *text = getenv("ANYFS_FIXED");
	char *end;

	if (!text)
		return;
	seconds = strtol(text, &end, 10);
	state = strtoull(end, NULL, 10);
}

/* The generator "splitmix64". */
static unsigned char next_byte(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return (z ^ (z >> 31)) >> 56;
}

time_t time(time_t *t)
{
	if (t)
		*t = seconds;
	return seconds;
}

int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
	*tv = (struct timeval){ .tv_sec = seconds };
	return 0;
}

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	*ts = (struct timespec){ .tv_sec = seconds };
	return 0;
}

pid_t getpid(void)
{
	return 1000;
}

/* libuuid mixes this value into its random numbers. */
pid_t getppid(void)
{
	return 999;
}

ssize_t getrandom(void *buf, size_t len, unsigned int flags)
{
	for (size_t i = 0; i < len; i++)
		((unsigned char *)buf)[i] = next_byte();
	return len;
}

/* A file of random bytes for programs that open /dev/urandom. */
static int open_random(void)
{
	unsigned char bytes[4096];
	int fd = memfd_create("random", MFD_CLOEXEC);

	getrandom(bytes, sizeof(bytes), 0);
	if (fd >= 0 && (write(fd, bytes, sizeof(bytes)) < 0 || lseek(fd, 0, SEEK_SET) < 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

static int open_next(const char *name, const char *path, int flags, va_list ap)
{
	int (*next)(const char *, int, ...) = dlsym(RTLD_NEXT, name);
	mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;

	if (!strcmp(path, "/dev/urandom") || !strcmp(path, "/dev/random"))
		return open_random();
	return next(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	va_list ap;
	int fd;

	va_start(ap, flags);
	fd = open_next("open", path, flags, ap);
	va_end(ap);
	return fd;
}

int open64(const char *path, int flags, ...)
{
	va_list ap;
	int fd;

	va_start(ap, flags);
	fd = open_next("open64", path, flags, ap);
	va_end(ap);
	return fd;
}
