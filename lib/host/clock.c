// SPDX-License-Identifier: GPL-2.0
/*
 * clock.c - the kernel's clocks
 */
#include <time.h>
#include "internal.h"

static uint64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

uint64_t clock_monotonic(void *host)
{
	(void)host;
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t clock_realtime(void *host)
{
	(void)host;
	return read_clock(CLOCK_REALTIME);
}
