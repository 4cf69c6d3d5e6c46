// SPDX-License-Identifier: GPL-2.0
/*
 * block-raw.c - overhead of the block engine over the host's system calls
 *
 *	block-raw [DIRECTORY]
 *
 * Reads a cached file alternately through blockdev_submit() and with plain preadv(), and
 * prints the medians, their ratio and the difference per request.  Then does the same with
 * writes and pwritev().  Times are wall-clock time.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include "blockdev.h"
#include "error.h"

#define FILE_SIZE	(64u << 20)
#define PASSES		61
#define PAGE		4096u

struct job {
	const char *name;
	unsigned int op;
	size_t len;			/* bytes of a request */
	unsigned int nr_iov;
	bool direct;			/* use system calls, not the block engine */
};

static struct blockdev *bd;
static struct lkl_block_iov *iov;
static sem_t done;

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

static void wake_caller(struct lkl_block_req *req)
{
	(void)req;
	sem_post(&done);
}

static bool transfer_one(const struct job *job, uint64_t offset)
{
	struct lkl_block_req req = {
		.done = wake_caller, .op = job->op, .iov = iov, .nr_iov = job->nr_iov,
		.offset = offset, .len = job->len,
	};
	const struct iovec *vec = (const struct iovec *)iov;
	int fd = blockdev_descriptor(bd, BLOCKDEV_FD_READ);

	if (job->direct && job->op == LKL_BLK_READ)
		return (size_t)preadv(fd, vec, job->nr_iov, offset) == job->len;
	if (job->direct)
		return (size_t)pwritev(fd, vec, job->nr_iov, offset) == job->len;
	if (blockdev_submit(bd, &req) == BLOCKDEV_KEPT)
		sem_wait(&done);
	return !req.status;
}

/* Nanoseconds per request, for one pass over the whole file. */
static double time_pass(const struct job *job, size_t bytes)
{
	double start = now();

	for (size_t at = 0; at < bytes; at += job->len)
		if (!transfer_one(job, at)) {
			fprintf(stderr, "block-raw: %s failed\n", job->name);
			exit(1);
		}
	return (now() - start) / (bytes / job->len);
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Measure both alternately, so that other load on the machine affects both. */
static void bench(const char *name, unsigned int op, size_t len, unsigned int nr_iov)
{
	struct job engine = { name, op, len, nr_iov, false };
	struct job direct = { name, op, len, nr_iov, true };
	size_t bytes = len < 65536 ? FILE_SIZE / 16 : FILE_SIZE;
	double e[PASSES], d[PASSES];

	for (unsigned int i = 0; i < nr_iov; i++)
		iov[i].len = len / nr_iov;
	time_pass(&engine, bytes);
	for (unsigned int i = 0; i < PASSES; i++) {
		e[i] = time_pass(i & 1 ? &engine : &direct, bytes);
		d[i] = time_pass(i & 1 ? &direct : &engine, bytes);
		if (!(i & 1)) {
			double swap = e[i];

			e[i] = d[i];
			d[i] = swap;
		}
	}
	qsort(e, PASSES, sizeof(*e), compare_doubles);
	qsort(d, PASSES, sizeof(*d), compare_doubles);
	printf("%-28s engine %9.0f ns  host %9.0f ns  ratio %.3f  difference %+.0f ns\n",
	       name, e[PASSES / 2], d[PASSES / 2], e[PASSES / 2] / d[PASSES / 2],
	       e[PASSES / 2] - d[PASSES / 2]);
}

static void set_up(const char *path)
{
	unsigned int max = FILE_SIZE / PAGE / 64;
	char *mem = malloc(1 << 20);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	iov = calloc(max, sizeof(*iov));
	if (fd < 0 || !mem || !iov) {
		perror(path);
		exit(1);
	}
	memset(mem, 1, 1 << 20);
	for (unsigned int i = 0; i < FILE_SIZE >> 20; i++)
		if (write(fd, mem, 1 << 20) != 1 << 20) {
			perror(path);
			exit(1);
		}
	/* Use the pages in reverse order, so that no two buffers are contiguous. */
	for (unsigned int i = 0; i < max; i++)
		iov[i].base = mem + ((256 - 1 - i % 256) * PAGE);
	close(fd);
	if (raw_open(path, BLOCKDEV_WRITE, &bd) < 0) {
		fprintf(stderr, "block-raw: %s\n", error_last());
		exit(1);
	}
}

int main(int argc, char **argv)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/block-raw.%d.img", argc > 1 ? argv[1] : ".", getpid());
	set_up(path);
	unlink(path);
	sem_init(&done, 0, 0);
	bench("read 1 MiB in 256 buffers", LKL_BLK_READ, 1 << 20, 256);
	bench("read 4 KiB", LKL_BLK_READ, PAGE, 1);
	bench("write 1 MiB in 256 buffers", LKL_BLK_WRITE, 1 << 20, 256);
	bench("write 4 KiB", LKL_BLK_WRITE, PAGE, 1);
	blockdev_close(bd);
	return 0;
}
