// SPDX-License-Identifier: GPL-2.0
/*
 * futex.c - time of a thread switch on the host
 *
 * Two threads on one processor wake each other alternately by futex.  Prints
 * nanoseconds per switch.
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "bench.h"

#define TURNS	100000

static int turn;

static void take_turns(int me)
{
	for (int i = 0; i < TURNS; i++) {
		while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) != me)
			syscall(SYS_futex, &turn, FUTEX_WAIT_PRIVATE, !me, NULL, NULL, 0);
		__atomic_store_n(&turn, !me, __ATOMIC_RELEASE);
		syscall(SYS_futex, &turn, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	}
}

static void *run_second_thread(void *arg)
{
	take_turns(1);
	return NULL;
}

int main(void)
{
	double values[5];
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof(one), &one);
	for (int i = 0; i < 5; i++) {
		double start = now_ns(CLOCK_MONOTONIC);
		pthread_t t;

		NEED(pthread_create(&t, NULL, run_second_thread, NULL) == 0);
		take_turns(0);
		pthread_join(t, NULL);
		values[i] = (now_ns(CLOCK_MONOTONIC) - start) / (2.0 * TURNS);
	}
	printf("%.1f\n", median(values, 5));
	return 0;
}
