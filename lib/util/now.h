/* SPDX-License-Identifier: GPL-2.0 */
/*
 * now.h - the clock for measuring how long something took
 */
#ifndef ANYFS_NOW_H
#define ANYFS_NOW_H

#include <stdint.h>
#include <time.h>

/* Nanoseconds of CLOCK_MONOTONIC.  Any thread. */
static inline uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

#endif /* ANYFS_NOW_H */
