/* SPDX-License-Identifier: GPL-2.0 */
/*
 * bench.h - timing for the micro benchmarks
 *
 * anyfs and the peer (the host's kernel) are measured alternately, round by round, so
 * that both see the same machine load; the medians of the rounds are printed.
 */
#ifndef ANYFS_BENCH_H
#define ANYFS_BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "anyfs.h"
#include <lkl.h>

#define ROUNDS	15

static inline double now_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

static inline int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static inline double median(double *values, int nr)
{
	qsort(values, nr, sizeof(*values), by_value);
	return values[nr / 2];
}

/* Unless @condition is true, print it and the library's last error, and exit with 1. */
#define NEED(condition) do { \
	if (!(condition)) { \
		fprintf(stderr, "%s: line %d: %s: %s\n", __FILE__, __LINE__, #condition, \
			anyfs_strerror_last()); \
		exit(1); \
	} } while (0)

/* Call fn @calls times; returns the nanoseconds per call. */
static inline double time_calls(void (*fn)(int calls), int calls)
{
	double start = now_ns(CLOCK_MONOTONIC);

	fn(calls);
	return (now_ns(CLOCK_MONOTONIC) - start) / calls;
}

/* Measure both functions alternately and print "ANYFS PEER", nanoseconds per call. */
static inline void compare_calls(void (*ours)(int), void (*peer)(int), int calls)
{
	double a[ROUNDS], b[ROUNDS];

	ours(calls / 10);
	peer(calls / 10);
	for (int i = 0; i < ROUNDS; i++) {
		a[i] = time_calls(ours, calls);
		b[i] = time_calls(peer, calls);
	}
	printf("%.3f %.3f\n", median(a, ROUNDS), median(b, ROUNDS));
}

static inline void boot(unsigned int mem_mb)
{
	AnyfsKernelOpts opts = { .mem_mb = mem_mb };

	NEED(anyfs_kernel_init(&opts) == 0);
}

#endif /* ANYFS_BENCH_H */
