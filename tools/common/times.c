// SPDX-License-Identifier: GPL-2.0
/*
 * times.c - set the times of a file, and check that the file system stored them
 *
 * If the file system cannot store a date, the kernel stores the nearest possible one and
 * reports success: ext4 with 128-byte inodes ends in 2038, vfat begins in 1980.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include "times.h"

/* Every file system can store the dates from 1980 to 2037, though not every second of them. */
#define SAFE_FIRST	315619200ll	/* 1980-01-02 */
#define SAFE_LAST	2147385600ll	/* 2038-01-18 */
#define GRANULARITY	2		/* seconds; the coarsest is vfat's */

static bool is_safe(const struct timespec *ts)
{
	return ts->tv_nsec == UTIME_OMIT || ts->tv_nsec == UTIME_NOW ||
	       (ts->tv_sec >= SAFE_FIRST && ts->tv_sec <= SAFE_LAST);
}

long times_set(const struct side *side, const struct side_file *f,
	       const struct timespec times[2])
{
	struct lkl_statx stx;
	long rc = side->utimes(f, times);

	if (rc < 0 || is_safe(&times[1]))
		return rc;
	rc = side->stat_file(f, &stx);
	if (rc >= 0 && llabs((long long)stx.stx_mtime.tv_sec - times[1].tv_sec) > GRANULARITY)
		rc = TIMES_OUT_OF_RANGE;
	return rc;
}
