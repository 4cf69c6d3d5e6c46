// SPDX-License-Identifier: GPL-2.0
/*
 * file-time.c - the clock that the host's kernel stamps files with
 *
 * This file clock is up to one tick behind the real-time clock.  Since Linux 6.13 it may be ahead
 * of CLOCK_REALTIME_COARSE, because the kernel advances the file clock when two changes of a
 * file must get different times.  So clock_gettime(2) cannot read the file clock, but the time
 * stamp of a memfd that was just changed shows it.  After that stamp was read, the kernel gives
 * no file an earlier one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "os.h"

static bool write_byte(int clock)
{
	return pwrite(clock, "", 1, 0) == 1;
}

int os_file_clock_open(void)
{
	int clock = memfd_create("anyfs-file-time", MFD_CLOEXEC), err;

	/* The first write allocates memory; those that follow cannot fail. */
	if (clock >= 0 && write_byte(clock))
		return clock;
	err = -errno;
	os_file_clock_close(clock);
	return err;
}

void os_file_clock_close(int clock)
{
	if (clock >= 0)
		close(clock);
}

uint64_t os_file_clock_ns(int clock)
{
	struct stat st;

	/* A mount with slightly wrong times is better than none. */
	if (!write_byte(clock) || fstat(clock, &st))
		return os_realtime_ns();
	return (uint64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
}
