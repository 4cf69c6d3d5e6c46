// SPDX-License-Identifier: GPL-2.0
/*
 * two-kernels.c - read throughput of two kernels on two threads, and of one kernel on one
 *
 * Each kernel reads the first MiB of a file repeatedly from its cache, 4 KiB at a time.
 * Prints "TWO ONE", bytes per second.
 *
 *	two-kernels IMAGE PATH
 *	two-kernels host FILE	the same with the host's pread(), to see how two
 *				threads scale on this machine
 */
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>
#include "bench.h"

#define FILE_SIZE	(1 << 20)
#define CALLS	400000

static const char *image_path, *file_path;
static pthread_barrier_t ready;

static void *read_alone(void *arg)
{
	AnyfsKernelOpts opts = { .mem_mb = 64 };
	struct anyfs_kernel *k;
	struct anyfs_image *image;
	static __thread char buf[4096];
	unsigned int at = 0;
	double start;
	int fd;

	NEED(anyfs_kernel_boot(&opts, &k) == 0);
	anyfs_kernel_use(k);
	NEED(anyfs_image_open(k, image_path, ANYFS_DISK_READONLY, &image) == 0);
	fd = anyfs_image_openat(image, file_path, LKL_O_RDONLY, 0);
	NEED(fd >= 0);
	for (int i = 0; i < FILE_SIZE / 4096; i++)
		NEED(lkl_sys_pread64(fd, buf, sizeof(buf), i * 4096) == sizeof(buf));
	pthread_barrier_wait(&ready);
	start = now_ns(CLOCK_MONOTONIC);
	for (int i = 0; i < CALLS; i++, at = (at + 20480) & (FILE_SIZE - 1))
		NEED(lkl_sys_pread64(fd, buf, sizeof(buf), at) == sizeof(buf));
	*(double *)arg = now_ns(CLOCK_MONOTONIC) - start;
	lkl_sys_close(fd);
	NEED(anyfs_image_close(image) == 0);
	NEED(anyfs_kernel_shutdown(k) == 0);
	return NULL;
}

static void *read_host(void *arg)
{
	static __thread char buf[4096];
	unsigned int at = 0;
	double start;
	int fd = open(file_path, O_RDONLY);

	NEED(fd >= 0);
	pthread_barrier_wait(&ready);
	start = now_ns(CLOCK_MONOTONIC);
	for (int i = 0; i < CALLS; i++, at = (at + 20480) & (FILE_SIZE - 1))
		NEED(pread(fd, buf, sizeof(buf), at) == sizeof(buf));
	*(double *)arg = now_ns(CLOCK_MONOTONIC) - start;
	close(fd);
	return NULL;
}

static double throughput(void *(*fn)(void *), int threads)
{
	double ns[2], slowest = 0;
	pthread_t t[2];

	pthread_barrier_init(&ready, NULL, threads);
	for (int i = 0; i < threads; i++)
		NEED(pthread_create(&t[i], NULL, fn, &ns[i]) == 0);
	for (int i = 0; i < threads; i++) {
		pthread_join(t[i], NULL);
		slowest = ns[i] > slowest ? ns[i] : slowest;
	}
	pthread_barrier_destroy(&ready);
	return 4096.0 * CALLS * threads / (slowest / 1e9);
}

int main(int argc, char **argv)
{
	void *(*fn)(void *);
	double one[5], two[5];

	NEED(argc == 3);
	fn = strcmp(argv[1], "host") ? read_alone : read_host;
	image_path = argv[1];
	file_path = argv[2];
	for (int i = 0; i < 5; i++) {
		one[i] = throughput(fn, 1);
		two[i] = throughput(fn, 2);
	}
	printf("%.0f %.0f\n", median(two, 5), median(one, 5));
	return 0;
}
