// SPDX-License-Identifier: GPL-2.0
/*
 * seqread.c - read a whole file sequentially, 1 MiB at a time
 *
 * Reads the file twice: first with an empty cache in the library's kernel (cold), then
 * again (warm).  Prints "COLD WARM" in nanoseconds.
 *
 *	seqread MEM-MIB IMAGE PATH	through anyfs; 0: with the default memory
 *	seqread host FILE		through the host's kernel
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "bench.h"

static char buf[1 << 20] __attribute__((aligned(4096)));

static double read_ours(int fd)
{
	double start = now_ns(CLOCK_MONOTONIC);
	long n, at = 0;

	while ((n = lkl_sys_pread64(fd, buf, sizeof(buf), at)) > 0)
		at += n;
	NEED(n == 0 && at > 0);
	return now_ns(CLOCK_MONOTONIC) - start;
}

static double read_host(int fd)
{
	double start = now_ns(CLOCK_MONOTONIC);
	long n, at = 0;

	while ((n = pread(fd, buf, sizeof(buf), at)) > 0)
		at += n;
	NEED(n == 0 && at > 0);
	return now_ns(CLOCK_MONOTONIC) - start;
}

int main(int argc, char **argv)
{
	struct anyfs_image *image;
	double cold, warm;
	int fd;

	memset(buf, 1, sizeof(buf));
	NEED(argc >= 3);
	if (!strcmp(argv[1], "host")) {
		fd = open(argv[2], O_RDONLY);
		NEED(fd >= 0);
		cold = read_host(fd);
		warm = read_host(fd);
		printf("%.0f %.0f\n", cold, warm);
		return 0;
	}
	NEED(argc == 4);
	boot(atoi(argv[1]));
	NEED(anyfs_image_open(NULL, argv[2], ANYFS_DISK_READONLY, &image) == 0);
	fd = anyfs_image_openat(image, argv[3], LKL_O_RDONLY, 0);
	NEED(fd >= 0);
	cold = read_ours(fd);
	warm = read_ours(fd);
	printf("%.0f %.0f\n", cold, warm);
	lkl_sys_close(fd);
	return anyfs_image_close(image) || anyfs_kernel_halt();
}
