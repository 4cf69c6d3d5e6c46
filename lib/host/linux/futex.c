// SPDX-License-Identifier: GPL-2.0
/*
 * futex.c - the host's futexes, private to the process
 */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <linux/time_types.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "os.h"

/* On 32-bit machines SYS_futex takes seconds of 32 bits. */
#ifdef SYS_futex_time64
#define FUTEX	SYS_futex_time64
#else
#define FUTEX	SYS_futex
#endif

void os_futex_wait(uint32_t *word, uint32_t val, uint64_t deadline)
{
	struct __kernel_timespec ts = {
		.tv_sec = deadline / 1000000000,
		.tv_nsec = deadline % 1000000000,
	};

	/* The bitset form takes an absolute time; callers check *word again. */
	syscall(FUTEX, word, FUTEX_WAIT_BITSET_PRIVATE, val,
		deadline == ~0ULL ? NULL : &ts, NULL, FUTEX_BITSET_MATCH_ANY);
}

void os_futex_wake(uint32_t *word, int n)
{
	syscall(FUTEX, word, FUTEX_WAKE_PRIVATE, n, NULL, NULL, 0);
}
