// SPDX-License-Identifier: GPL-2.0
/*
 * service.c - one thread an instance: plays the timer, and carries the CPU
 * when an interrupt is pending and nobody else is in the kernel
 *
 * It sleeps on service_word until the kernel's next timer; with none set it
 * sleeps for ever, so that an idle kernel costs nothing.
 */
#define _GNU_SOURCE
#include <errno.h>
#include "internal.h"
#include "own_thread.h"

void service_kick(struct anyfs_kernel *k)
{
	__atomic_fetch_add(&k->service_word, 1, __ATOMIC_SEQ_CST);
	futex_wake(&k->service_word, 1);
}

void service_timer_set(void *host, lkl_u64 deadline)
{
	struct anyfs_kernel *k = host;

	__atomic_store_n(&k->deadline, deadline, __ATOMIC_SEQ_CST);
	/* Later than it sleeps for: it wakes too early once, and goes back to sleep. */
	if (deadline < __atomic_load_n(&k->service_until, __ATOMIC_SEQ_CST))
		service_kick(k);
}

/* Post the timer interrupt if it is due. */
static void play_timer(struct anyfs_kernel *k)
{
	uint64_t deadline = __atomic_load_n(&k->deadline, __ATOMIC_SEQ_CST);

	if (deadline == ~0ULL || clock_monotonic(NULL) < deadline)
		return;
	/* A deadline that the kernel sets meanwhile must stay.  cpu_service() comes next. */
	if (__atomic_compare_exchange_n(&k->deadline, &deadline, ~0ULL, false,
					__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		__atomic_fetch_or(&k->cpu->irqs, LKL_IRQ_TIMER, __ATOMIC_SEQ_CST);
}

static void *service_main(void *arg)
{
	struct anyfs_kernel *k = arg;

	/* By itself, as naming another thread would open a file of /proc. */
	pthread_setname_np(pthread_self(), "anyfs-service");
	thread_adopt(&k->service);
	while (!__atomic_load_n(&k->service_stop, __ATOMIC_ACQUIRE)) {
		uint32_t kicks = __atomic_load_n(&k->service_word, __ATOMIC_SEQ_CST);
		uint64_t until;

		if (__atomic_load_n(&k->state, __ATOMIC_ACQUIRE) == STATE_RUNNING) {
			play_timer(k);
			cpu_service(k);
		}
		until = __atomic_load_n(&k->deadline, __ATOMIC_SEQ_CST);
		__atomic_store_n(&k->service_until, until, __ATOMIC_SEQ_CST);
		/* Set between the two lines above, it would be missed. */
		if (__atomic_load_n(&k->deadline, __ATOMIC_SEQ_CST) < until)
			continue;
		futex_wait(&k->service_word, kicks, until);
		__atomic_store_n(&k->service_until, 0, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

int service_start(struct anyfs_kernel *k)
{
	k->service.k = k;
	k->deadline = ~0ULL;
	return own_thread_start(&k->service_thread, service_main, k);
}

void service_stop(struct anyfs_kernel *k)
{
	__atomic_store_n(&k->service_stop, 1, __ATOMIC_RELEASE);
	service_kick(k);
	pthread_join(k->service_thread, NULL);
}
