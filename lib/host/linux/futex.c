// SPDX-License-Identifier: GPL-2.0
/*
 * futex.c - the host's futexes, private to the process
 */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "os.h"

void os_futex_wait(uint32_t *word, uint32_t val, uint64_t deadline)
{
	struct timespec ts = {
		.tv_sec = deadline / 1000000000,
		.tv_nsec = deadline % 1000000000,
	};

	/* The bitset form takes an absolute time; callers check *word again. */
	syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, val,
		deadline == ~0ULL ? NULL : &ts, NULL, FUTEX_BITSET_MATCH_ANY);
}

void os_futex_wake(uint32_t *word, int n)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, n, NULL, NULL, 0);
}
