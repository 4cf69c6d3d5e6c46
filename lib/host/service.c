// SPDX-License-Identifier: GPL-2.0
/*
 * service.c - the service thread: runs the kernel for a pending interrupt while
 * no other thread is in the kernel
 *
 * Each instance has one.  It sleeps on service_word until service_kick(), or, as
 * long as there is no timer thread, until the kernel's next timer: an idle kernel
 * uses no processor time.
 */
#include "internal.h"

void service_kick(struct anyfs_kernel *k)
{
	__atomic_fetch_add(&k->service_word, 1, __ATOMIC_SEQ_CST);
	os_futex_wake(&k->service_word, 1);
}

static void *service_main(void *arg)
{
	struct anyfs_kernel *k = arg;

	os_thread_set_name("anyfs-service");
	thread_adopt(&k->service);
	while (!__atomic_load_n(&k->service_stop, __ATOMIC_ACQUIRE)) {
		uint32_t kicks = __atomic_load_n(&k->service_word, __ATOMIC_SEQ_CST);

		if (__atomic_load_n(&k->state, __ATOMIC_ACQUIRE) == STATE_RUNNING) {
			if (!k->timer.started)
				timer_play(k);
			cpu_service(k);
		}
		if (k->timer.started)
			os_futex_wait(&k->service_word, kicks, ~0ULL);
		else
			timer_sleep(k, &k->service_word, kicks);
	}
	return NULL;
}

int service_start(struct anyfs_kernel *k)
{
	k->service.k = k;
	k->timer.deadline = ~0ULL;
	return os_thread_start(&k->service_thread, service_main, k);
}

void service_stop(struct anyfs_kernel *k)
{
	__atomic_store_n(&k->service_stop, 1, __ATOMIC_RELEASE);
	service_kick(k);
	pthread_join(k->service_thread, NULL);
	timer_stop(k);
}
