// SPDX-License-Identifier: GPL-2.0
/*
 * timer.c - the kernel's timer: post the timer interrupt at the deadline
 *
 * At first the service thread sleeps until the deadline.  It cannot do so while it
 * runs the kernel, and a kernel thread may loop until the timer interrupt ends its
 * time slice.  So the first time that the service thread takes the CPU, it starts
 * a timer thread, which sleeps until the deadline from then on.
 */
#include "internal.h"

static void timer_kick(struct anyfs_kernel *k)
{
	__atomic_fetch_add(&k->timer.word, 1, __ATOMIC_SEQ_CST);
	os_futex_wake(&k->timer.word, 1);
}

LKL_CALL void timer_set(void *host, lkl_u64 deadline)
{
	struct anyfs_kernel *k = host;

	if (k->reproducible) {
		reproducible_timer_set(k, deadline);
		return;
	}
	__atomic_store_n(&k->timer.deadline, deadline, __ATOMIC_SEQ_CST);
	/* A sleeping thread wakes before the new deadline, and then reads it. */
	if (deadline >= __atomic_load_n(&k->timer.until, __ATOMIC_SEQ_CST))
		return;
	if (__atomic_load_n(&k->timer.started, __ATOMIC_RELAXED))
		timer_kick(k);
	else
		service_kick(k);
}

bool timer_play(struct anyfs_kernel *k)
{
	uint64_t deadline = __atomic_load_n(&k->timer.deadline, __ATOMIC_SEQ_CST);

	if (deadline == ~0ULL || os_clock_ns() < deadline)
		return false;
	/* Keep a deadline that the kernel has set since the load. */
	if (!__atomic_compare_exchange_n(&k->timer.deadline, &deadline, ~0ULL, false,
					 __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		return false;
	__atomic_fetch_or(&k->cpu->irqs, LKL_IRQ_TIMER, __ATOMIC_SEQ_CST);
	return true;
}

void timer_sleep(struct anyfs_kernel *k, uint32_t *word, uint32_t val)
{
	uint64_t until = __atomic_load_n(&k->timer.deadline, __ATOMIC_SEQ_CST);

	__atomic_store_n(&k->timer.until, until, __ATOMIC_SEQ_CST);
	/* Check again: before timer.until was stored, timer_set() may have run without a kick. */
	if (__atomic_load_n(&k->timer.deadline, __ATOMIC_SEQ_CST) >= until)
		os_futex_wait(word, val, until);
	__atomic_store_n(&k->timer.until, 0, __ATOMIC_SEQ_CST);
}

static void *timer_main(void *arg)
{
	struct anyfs_kernel *k = arg;

	os_thread_set_name("anyfs-timer");
	while (!__atomic_load_n(&k->timer.stop, __ATOMIC_ACQUIRE)) {
		uint32_t kicks = __atomic_load_n(&k->timer.word, __ATOMIC_SEQ_CST);

		if (timer_play(k)) {
			/* A thread that releases the CPU later sees the interrupt: cpu_post(). */
			cpu_barrier(k);
			if (!__atomic_load_n(&k->cpu->held, __ATOMIC_SEQ_CST))
				service_kick(k);
		}
		timer_sleep(k, &k->timer.word, kicks);
	}
	return NULL;
}

int timer_start(struct anyfs_kernel *k)
{
	int err;

	if (k->timer.started)
		return 0;
	err = os_thread_start(&k->timer.thread, timer_main, k);
	if (!err)
		__atomic_store_n(&k->timer.started, true, __ATOMIC_RELAXED);
	return err;
}

void timer_stop(struct anyfs_kernel *k)
{
	if (!k->timer.started)
		return;
	__atomic_store_n(&k->timer.stop, true, __ATOMIC_RELEASE);
	timer_kick(k);
	pthread_join(k->timer.thread, NULL);
}
