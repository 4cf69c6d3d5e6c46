// SPDX-License-Identifier: GPL-2.0
/*
 * cpu.c - ownership of the virtual CPU, and context switches
 *
 * The thread that sets lkl_cpu.held owns the CPU and is called the carrier.  It
 * runs kernel threads (coroutines) on their kernel stacks, and its own task, if
 * it has one, on its own stack (a native task).  While coroutines run, the
 * carrier's own context is saved in t->sp; a coroutine returns to the carrier by
 * restoring it, with the reason in t->carry.
 *
 * A native task can run only on its own thread, so a switch to the native task
 * of another thread makes that thread the carrier.  The old carrier first leaves
 * the coroutine's stack and then wakes the new carrier, because the new carrier
 * may resume that coroutine at once.
 *
 * A thread leaves the kernel without a context switch: its task stays current.
 * The next thread that takes the CPU parks that task on the task's kernel stack.
 *
 * While a single thread uses the instance, leaving costs no atomic operation.
 * The threads that post interrupts (timer, block requests) call os_barrier()
 * instead.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "error.h"
#include "internal.h"

static struct host_thread *from_abi(struct lkl_thread *thread)
{
	return (struct host_thread *)thread;
}

static bool is_stopped(struct anyfs_kernel *k)
{
	return __atomic_load_n(&k->state, __ATOMIC_SEQ_CST) != STATE_RUNNING;
}

bool cpu_take_for_irq(struct anyfs_kernel *k)
{
	return cpu_irq_pending(k) && !is_stopped(k) && cpu_take(k);
}

/* ---- alone or shared ---- */

/*
 * After this many posts the CPU counts as shared, so that posting does not cost a
 * barrier each time: see cpu_post().
 */
#define POSTS_ALONE	32u

void cpu_init(struct anyfs_kernel *k)
{
	k->many_processors = os_has_many_processors();
	k->shared = os_barrier_init() ? CPU_ALONE : CPU_SHARED;
}

void cpu_barrier(struct anyfs_kernel *k)
{
	if (__atomic_load_n(&k->shared, __ATOMIC_SEQ_CST) != CPU_SHARED)
		os_barrier();
}

void cpu_share(struct anyfs_kernel *k)
{
	uint32_t alone = CPU_ALONE;

	if (__builtin_expect(__atomic_load_n(&k->shared, __ATOMIC_ACQUIRE) == CPU_SHARED, 1))
		return;
	__atomic_compare_exchange_n(&k->shared, &alone, CPU_TO_BE_SHARED, false,
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	cpu_barrier(k);
	__atomic_store_n(&k->shared, CPU_SHARED, __ATOMIC_RELEASE);
}

/* ---- carrying ---- */

/*
 * The context to resume after @t has taken the CPU.  If the current task belongs to
 * a thread that has left the kernel, that task is parked first.
 */
static void *resume_point(struct host_thread *t)
{
	struct anyfs_kernel *k = t->k;
	struct lkl_ctx *ctx = k->cpu->current_ctx;

	k->carrier = t;
	if (ctx->thread) {
		ctx->thread = NULL;
		cpu_ctx_init(k, ctx, k->ops->park);
	}
	return ctx->sp;
}

/*
 * Run coroutines on @t, starting with the one saved at @sp, until the scheduler
 * picks @t's own task (CARRY_RUN), @t gives up the CPU (CARRY_HANDOVER, CARRY_IDLE)
 * or the instance ends (CARRY_DEAD).
 */
static enum carry carry_until_own_task(struct host_thread *t, void *sp)
{
	for (;;) {
		host_ctx_swap(&t->sp, sp);
		t->sp = NULL;
		if (t->carry == CARRY_HANDOVER)
			wait_send(t->handover, THREAD_GO);
		if (t->carry != CARRY_IDLE || cpu_release(t->k))
			return t->carry;
		/* Other threads may have used the CPU between the release and now. */
		sp = resume_point(t);
	}
}

/* Run the runnable tasks; @t has just taken the CPU or is about to release it. */
static enum carry run_tasks(struct host_thread *t)
{
	return carry_until_own_task(t, resume_point(t));
}

uint32_t cpu_carry_message(struct host_thread *t)
{
	switch (run_tasks(t)) {
	case CARRY_RUN:
		return THREAD_GO;
	case CARRY_DEAD:
		return THREAD_DEAD;
	default:
		return THREAD_WAIT;
	}
}

/* Save the running coroutine at *@save and return to the carrier's own stack. */
static void back_to_carrier(struct anyfs_kernel *k, enum carry why, void **save)
{
	struct host_thread *t = k->carrier;

	t->carry = why;
	host_ctx_swap(save, t->sp);
}

/* Like back_to_carrier(), but then the native task of thread @next runs. */
static void back_to_native(struct anyfs_kernel *k, struct host_thread *next, void **save)
{
	struct host_thread *t = k->carrier;

	t->handover = next;
	t->carry = next == t ? CARRY_RUN : CARRY_HANDOVER;
	k->carrier = next;
	host_ctx_swap(save, t->sp);
}

/* ---- host threads enter and leave ---- */

static void push_request(struct host_thread *t, uint32_t want)
{
	struct lkl_cpu *cpu = t->k->cpu;
	struct lkl_thread *head = __atomic_load_n(&cpu->threads, __ATOMIC_RELAXED);

	t->abi.want = want;
	do {
		t->abi.next = head;
	} while (!__atomic_compare_exchange_n(&cpu->threads, &head, &t->abi, true,
					      __ATOMIC_RELEASE, __ATOMIC_RELAXED));
}

/*
 * Send request @want (LKL_THREAD_*) to the kernel and wait for the answer, which wait_send()
 * passes on; returns that answer (THREAD_*).  @held: @t has the CPU.
 */
static uint32_t send_request(struct host_thread *t, uint32_t want, bool held)
{
	struct anyfs_kernel *k = t->k;
	uint32_t message = THREAD_WAIT;

	push_request(t, want);
	__atomic_fetch_or(&k->cpu->irqs, LKL_IRQ_THREAD, __ATOMIC_SEQ_CST);
	if (held || cpu_take(k))
		message = cpu_carry_message(t);
	return message == THREAD_WAIT ? wait_receive(t) : message;
}

int cpu_enter_slow(struct host_thread *t, bool held)
{
	if (is_stopped(t->k))
		return -EIO;
	switch (send_request(t, LKL_THREAD_ENTER, held)) {
	case THREAD_GO:
		return 0;
	case THREAD_GONE:
		return -EAGAIN;
	default:
		return -EIO;
	}
}

void cpu_leave_slow(struct host_thread *t)
{
	run_tasks(t);
}

void cpu_thread_exit(struct host_thread *t)
{
	if (!t->abi.ctx || is_stopped(t->k))
		return;
	send_request(t, LKL_THREAD_EXIT, false);
}

int cpu_boot(struct host_thread *t)
{
	struct anyfs_kernel *k = t->k;
	enum carry why;

	/* Atomic: the service thread is already running and reads it. */
	__atomic_store_n(&k->cpu->held, 1, __ATOMIC_RELEASE);
	k->carrier = t;
	cpu_ctx_init(k, k->ops->boot_ctx, k->ops->boot);
	why = carry_until_own_task(t, k->ops->boot_ctx->sp);
	if (why == CARRY_DEAD)
		return -EIO;
	if (why != CARRY_RUN && wait_receive(t) != THREAD_GO)
		return -EIO;
	reproducible_call(k, -1);
	cpu_leave(t);
	return 0;
}

void cpu_service(struct anyfs_kernel *k)
{
	char text[128];
	int err;

	if (!cpu_irq_pending(k))
		return;
	cpu_barrier(k);
	if (!cpu_take(k))
		return;
	err = timer_start(k);
	if (err) {
		/* The CPU stays held, so that no thread can enter. */
		snprintf(text, sizeof(text), "cannot start the timer thread: %s",
			 error_name(err));
		cpu_kill(k, STATE_DIED, text);
		return;
	}
	run_tasks(&k->service);
}

/*
 * Run the kernel on the calling thread, which need not have called the kernel before.
 * False if that is not possible.
 */
static bool carry_here(struct anyfs_kernel *k)
{
	struct host_thread *t;

	/* One more thread that takes the CPU would make the CPU shared. */
	if (__atomic_load_n(&k->shared, __ATOMIC_ACQUIRE) != CPU_SHARED || is_stopped(k))
		return false;
	t = thread_get(k);
	if (!t)
		return false;
	/*
	 * Set t->inside before the check of the state in cpu_take_for_irq(): either this
	 * thread sees that the instance has ended, or thread_forget_all() waits for it.
	 */
	__atomic_store_n(&t->inside, true, __ATOMIC_SEQ_CST);
	if (cpu_take_for_irq(k))
		run_tasks(t);
	__atomic_store_n(&t->inside, false, __ATOMIC_RELEASE);
	return true;
}

/*
 * The CPU's holder clears held and then reads irqs; this function sets irqs and then
 * reads held.  So at least one of the two threads sees the other's store, and the
 * interrupt is not lost.  The same holds for poller, which wait_receive() clears before
 * it reads irqs.
 */
void cpu_post(struct anyfs_kernel *k, uint32_t bits, bool may_carry)
{
	if (__atomic_load_n(&k->posts, __ATOMIC_RELAXED) >= POSTS_ALONE)
		cpu_share(k);
	else
		__atomic_fetch_add(&k->posts, 1, __ATOMIC_RELAXED);
	__atomic_fetch_or(&k->cpu->irqs, bits, __ATOMIC_SEQ_CST);
	cpu_barrier(k);
	if (__atomic_load_n(&k->cpu->held, __ATOMIC_SEQ_CST) ||
	    __atomic_load_n(&k->poller, __ATOMIC_SEQ_CST))
		return;
	if (!may_carry || !carry_here(k))
		service_kick(k);
}

/* ---- host operations ---- */

LKL_CALL void cpu_ctx_init(void *host, struct lkl_ctx *ctx, void (LKL_CALL *fn)(void))
{
	(void)host;
	ctx->sp = host_ctx_make((char *)ctx->stack + ctx->stack_size, fn);
}

/* The instance ended while @t was inside: make @t's call return -EIO. */
static void give_up(struct host_thread *t)
{
	host_unwind(t->unwind, -EIO);
}

LKL_CALL void cpu_ctx_switch(void *host, struct lkl_ctx *prev, struct lkl_ctx *next)
{
	struct anyfs_kernel *k = host;
	struct host_thread *t = k->carrier;
	enum carry why = CARRY_HANDOVER;

	if (!prev->thread) {
		if (next->thread)
			back_to_native(k, from_abi(next->thread), &prev->sp);
		else
			host_ctx_swap(&prev->sp, next->sp);
		return;
	}

	if (next->thread) {
		k->carrier = from_abi(next->thread);
		wait_send(k->carrier, THREAD_GO);
	} else {
		why = carry_until_own_task(t, next->sp);
	}
	if (why == CARRY_RUN)
		return;
	if (why == CARRY_DEAD || wait_receive(t) != THREAD_GO)
		give_up(t);
}

LKL_CALL void cpu_ctx_native(void *host, struct lkl_ctx *ctx, struct lkl_thread *thread)
{
	struct anyfs_kernel *k = host;

	ctx->thread = thread;
	back_to_native(k, from_abi(thread), &k->abandoned);
}

LKL_CALL void cpu_thread_gone(void *host, struct lkl_thread *thread)
{
	(void)host;
	wait_send(from_abi(thread), THREAD_GONE);
}

LKL_CALL void cpu_idle(void *host, struct lkl_ctx *idle)
{
	struct anyfs_kernel *k = host;

	if (cpu_irq_pending(k) || (k->reproducible && reproducible_skip(k)))
		return;
	back_to_carrier(k, CARRY_IDLE, &idle->sp);
}

void cpu_kill(struct anyfs_kernel *k, enum state state, const char *text)
{
	uint32_t running = STATE_RUNNING;
	struct host_thread *t;

	pthread_mutex_lock(&k->lock);
	if (!is_stopped(k)) {
		strncpy(k->death, text, sizeof(k->death) - 1);
		__atomic_compare_exchange_n(&k->state, &running, state, false,
					    __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
	}
	for (t = k->threads; t; t = t->next)
		wait_send(t, THREAD_DEAD);
	pthread_mutex_unlock(&k->lock);
}

LKL_CALL void cpu_stop(void *host, uint32_t reason, const char *text)
{
	struct anyfs_kernel *k = host;
	struct host_thread *t = k->carrier;

	/* The CPU stays held, so that no thread can enter. */
	cpu_kill(k, reason == LKL_STOP_HALT ? STATE_HALTED : STATE_DIED, text);
	if (cpu_on_coroutine(t))
		back_to_carrier(k, CARRY_DEAD, &k->abandoned);
	give_up(t);
}
