// SPDX-License-Identifier: GPL-2.0
/*
 * wait.c - messages to threads that wait in an instance
 *
 * A waiting thread sleeps on its futex word.  But waking a thread takes about as
 * long as reading some hundred KiB, so while readahead requests are in flight one
 * thread polls before it sleeps: it does readahead requests that no thread has
 * started, and takes the CPU for pending interrupts.  Not for disks that another
 * process reads: it would take the processor from that process.
 */
#include "internal.h"

/* How long to poll: the time to read one readahead window from the host's page cache. */
#define POLL_NS		200000u

void wait_send(struct host_thread *t, uint32_t what)
{
	uint32_t old = __atomic_load_n(&t->word, __ATOMIC_RELAXED);

	do {
		if (old == THREAD_DEAD)
			return;		/* THREAD_DEAD is final */
	} while (!__atomic_compare_exchange_n(&t->word, &old, what, true,
					      __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
	if (old == THREAD_SLEEP)
		os_futex_wake(&t->word, 1);
}

static uint32_t sleep_until_message(struct host_thread *t)
{
	uint32_t word = THREAD_WAIT;

	__atomic_compare_exchange_n(&t->word, &word, THREAD_SLEEP, false,
				    __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE);
	while ((word = __atomic_load_n(&t->word, __ATOMIC_ACQUIRE)) == THREAD_SLEEP)
		os_futex_wait(&t->word, THREAD_SLEEP, ~0ULL);
	/* Consume the message, unless a newer one has replaced it; THREAD_DEAD stays. */
	if (word != THREAD_DEAD)
		__atomic_compare_exchange_n(&t->word, &word, THREAD_WAIT, false,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	return word;
}

static void cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* Take the CPU for a pending interrupt.  Returns the message for @t, or THREAD_WAIT. */
static uint32_t handle_irq(struct host_thread *t)
{
	return cpu_take_for_irq(t->k) ? cpu_carry_message(t) : THREAD_WAIT;
}

static uint32_t poll_for_message(struct host_thread *t)
{
	const struct host_block_ops *block = t->k->block;
	uint64_t start = os_sched_clock_ns();
	uint32_t message = THREAD_WAIT;
	bool help = true;

	while (message == THREAD_WAIT &&
	       __atomic_load_n(&t->word, __ATOMIC_ACQUIRE) == THREAD_WAIT &&
	       os_sched_clock_ns() - start < POLL_NS) {
		if (cpu_irq_pending(t->k))
			message = handle_irq(t);
		else if (help && (help = block->help(t->k)))
			start = os_sched_clock_ns();
		else
			cpu_relax();
	}
	return message;
}

uint32_t wait_receive(struct host_thread *t)
{
	struct anyfs_kernel *k = t->k;
	uint32_t message = THREAD_WAIT;

	/* One polling thread is enough: more would take processors from the readers. */
	if (__atomic_load_n(&k->ahead, __ATOMIC_RELAXED) &&
	    !__atomic_exchange_n(&k->poller, 1, __ATOMIC_SEQ_CST)) {
		message = poll_for_message(t);
		__atomic_exchange_n(&k->poller, 0, __ATOMIC_SEQ_CST);
		/* cpu_post() leaves interrupts to a polling thread: check once more. */
		if (message == THREAD_WAIT)
			message = handle_irq(t);
	}
	return message == THREAD_WAIT ? sleep_until_message(t) : message;
}
