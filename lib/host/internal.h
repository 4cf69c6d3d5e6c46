/* SPDX-License-Identifier: GPL-2.0 */
/*
 * internal.h - shared by the files of lib/host
 *
 * Locks, in the order they are taken: registry_lock (kernel.c), parting
 * (thread.c), k->lock.  None is ever held while kernel code runs.
 */
#ifndef ANYFS_HOST_INTERNAL_H
#define ANYFS_HOST_INTERNAL_H

#include <pthread.h>
#include "kernel.h"
#include "os.h"

/* Values of host_thread.word, a futex. */
#define THREAD_WAIT	0u	/* wait until told */
#define THREAD_GO	1u	/* you are the carrier, your task is current */
#define THREAD_GONE	2u	/* your task has ended, or could not be made */
#define THREAD_DEAD	3u	/* the instance is over */
#define THREAD_SLEEP	4u	/* as THREAD_WAIT, and the futex is to be woken */

/* Why coroutines gave a carrier its own stack back. */
enum carry {
	CARRY_RUN,		/* its task was chosen */
	CARRY_HANDOVER,		/* another native task was chosen */
	CARRY_IDLE,		/* nothing to run */
	CARRY_DEAD,		/* the instance is over */
};

/* One host thread as one instance sees it. */
struct host_thread {
	struct lkl_thread abi;		/* first: the kernel hands this back */
	struct anyfs_kernel *k;		/* NULL once it is destroyed: see parting */
	struct host_thread *next;	/* in k->threads; guarded by k->lock */
	struct host_thread *tls_next;	/* in the thread's own list */
	void *sp;			/* own context while it carries coroutines, else NULL */
	void *unwind;			/* where a call that cannot go on returns to */
	enum carry carry;
	struct host_thread *handover;	/* with CARRY_HANDOVER: to whom */
	uint32_t word;			/* THREAD_* */
	uint32_t refs;			/* the thread's and the instance's */
	bool inside;			/* in a system call, or ending */
};

enum state { STATE_RUNNING, STATE_HALTED, STATE_DIED };

/* Who competes for the CPU; only ever goes up. */
enum cpu_shared {
	CPU_ALONE,		/* one thread, the service and timer threads, few requests */
	CPU_TO_BE_SHARED,	/* not every thread knows it yet */
	CPU_SHARED,
};

struct anyfs_kernel {
	const struct lkl_kernel_ops *ops;
	struct lkl_cpu *cpu;
	struct host_thread *carrier;	/* who holds the CPU */
	void *abandoned;		/* a context that will never go on */
	uint32_t state;			/* enum state; atomic */
	uint32_t shared;		/* enum cpu_shared; atomic */
	uint32_t posts;			/* by cpu_post(), up to what makes it shared; atomic */
	bool many_processors;
	uint32_t ahead;			/* reads ahead that are out; atomic */
	uint32_t looker;		/* 1: a thread looks around in wait_told(); atomic */

	struct host_thread service;	/* carries the CPU when nobody else does */
	pthread_t service_thread;
	uint32_t service_word;		/* futex: counts kicks */
	uint32_t service_stop;

	struct {
		uint64_t deadline;	/* atomic: the kernel's next timer, ~0 for none */
		uint64_t until;		/* atomic: what somebody sleeps until for it, 0: nobody */
		uint32_t word;		/* futex: counts the kicks of its own thread */
		bool started;		/* it has one; changed with the CPU held */
		bool stop;
		pthread_t thread;
	} timer;

	pthread_mutex_t lock;		/* guards threads and disks */
	struct host_thread *threads;
	struct host_disk *disks;
	struct host_thread *init_thread;	/* pid 1's */

	struct os_object object;
	struct os_arena arena;
	const struct host_block_ops *block;
	void (*print)(void *data, const char *text, size_t len);
	void *print_data;
	char death[256];
	struct anyfs_kernel *registry_next;
	uint64_t id;			/* never used again in this process */
};

/* switch_<machine>.S */

/* Save the callee-saved registers and the stack pointer at *@save; continue at @load. */
LKL_CALL void host_ctx_swap(void **save, void *load);
/* A stack whose first host_ctx_swap() calls @fn; @top is 16-byte aligned. */
LKL_CALL void *host_ctx_make(void *top, void (LKL_CALL *fn)(void));
/* Call @fn(@a, @b, @c); *@save is where host_unwind() makes this call return @ret. */
LKL_CALL int64_t host_call(void **save, void *fn, void *a, int64_t b, const void *c);
LKL_CALL void host_unwind(void *saved, int64_t ret) __attribute__((noreturn));
/* Call @fn(@a, @b, @c) with the stack pointer @sp. */
LKL_CALL void host_on_stack(void *sp, void *fn, const void *a, const void *b, size_t c);

/* cpu.c */

/* Take the CPU if it is free. */
static inline bool cpu_take(struct anyfs_kernel *k)
{
	uint32_t free = 0;

	return __atomic_compare_exchange_n(&k->cpu->held, &free, 1, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static inline bool cpu_irq_pending(struct anyfs_kernel *k)
{
	return __atomic_load_n(&k->cpu->irqs, __ATOMIC_SEQ_CST) != 0;
}

/*
 * From here on other threads than the one take the CPU, or post interrupts often.
 * What they do after this call is ordered against every cpu_release_alone().
 */
void cpu_share(struct anyfs_kernel *k);
/* As far as it is not shared: order what we did before a look at held. */
void cpu_barrier(struct anyfs_kernel *k);

/*
 * Give the CPU up.  False: an interrupt is pending, nobody else has taken the
 * CPU for it, and it is ours again.
 */
static inline bool cpu_release(struct anyfs_kernel *k)
{
	/* An exchange, as the load of irqs must not come before the store: see cpu_post(). */
	__atomic_exchange_n(&k->cpu->held, 0, __ATOMIC_SEQ_CST);
	return __builtin_expect(!cpu_irq_pending(k), 1) || !cpu_take(k);
}

/*
 * As cpu_release() without an atomic operation, while the CPU is not shared.
 * The load of irqs may come before the store then; cpu_barrier() on the other
 * side makes up for it.  shared is looked at after the store, so that either
 * the barrier of cpu_share() comes after the store or we see what it has set.
 */
static inline bool cpu_release_alone(struct anyfs_kernel *k)
{
	if (__atomic_load_n(&k->shared, __ATOMIC_RELAXED))
		return cpu_release(k);
	__atomic_store_n(&k->cpu->held, 0, __ATOMIC_RELEASE);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	/* Just shared: any locked operation is a full barrier here. */
	if (__builtin_expect(__atomic_load_n(&k->shared, __ATOMIC_RELAXED), 0))
		__atomic_fetch_or(&k->shared, 0, __ATOMIC_SEQ_CST);
	return __builtin_expect(!cpu_irq_pending(k), 1) || !cpu_take(k);
}

/*
 * The rest of cpu_enter() and cpu_leave().  @held: the CPU is ours, but the
 * task that is current is not.
 */
int cpu_enter_slow(struct host_thread *t, bool held);
void cpu_leave_slow(struct host_thread *t);

/*
 * Take the CPU and make the thread's task current and native; 0 or -errno.
 * The usual case costs one atomic operation, and another to leave if the CPU is
 * shared: nobody else was here.
 */
static inline int cpu_enter(struct host_thread *t)
{
	struct anyfs_kernel *k = t->k;
	bool held = cpu_take(k);

	if (__builtin_expect(held && k->cpu->current_ctx == t->abi.ctx, 1)) {
		k->carrier = t;
		return 0;
	}
	return cpu_enter_slow(t, held);
}

/* Leave the kernel; first let others run that must not wait for our return. */
static inline void cpu_leave(struct host_thread *t)
{
	struct anyfs_kernel *k = t->k;

	if (__builtin_expect(k->cpu->resched || !cpu_release_alone(k), 0))
		cpu_leave_slow(t);
}

/* Before the first thread of an instance starts. */
void cpu_init(struct anyfs_kernel *k);
/* Boot: run the kernel's first context on @t until pid 1 is native there. */
int cpu_boot(struct host_thread *t);
/* End the task of the calling thread; returns when it is gone. */
void cpu_thread_exit(struct host_thread *t);
/* Let the service thread handle pending interrupts if the CPU is free. */
void cpu_service(struct anyfs_kernel *k);
/*
 * Post interrupt bits from any thread.  @may_carry: it may carry the CPU right
 * here if nobody else does, until the kernel has nothing to run any more.
 */
void cpu_post(struct anyfs_kernel *k, uint32_t bits, bool may_carry);
/* Take the CPU if it is free, an interrupt is pending and the instance not over. */
bool cpu_take_for_irq(struct anyfs_kernel *k);
/* With the CPU just taken: let @t carry.  What it is told by that; THREAD_WAIT: nothing. */
uint32_t cpu_carry_told(struct host_thread *t);
/* The instance is over: wake all who wait in it. */
void cpu_kill(struct anyfs_kernel *k, enum state state, const char *text);
/* True while @t carries a coroutine, that is, runs on a kernel stack. */
static inline bool cpu_on_coroutine(struct host_thread *t)
{
	return t->sp != NULL;
}

/* Host operations of the kernel's table that switch contexts. */
LKL_CALL void cpu_ctx_init(void *host, struct lkl_ctx *ctx, void (LKL_CALL *fn)(void));
LKL_CALL void cpu_ctx_switch(void *host, struct lkl_ctx *prev, struct lkl_ctx *next);
LKL_CALL void cpu_ctx_native(void *host, struct lkl_ctx *ctx, struct lkl_thread *thread);
LKL_CALL void cpu_thread_gone(void *host, struct lkl_thread *thread);
LKL_CALL void cpu_idle(void *host, struct lkl_ctx *idle);
LKL_CALL void cpu_stop(void *host, uint32_t reason, const char *text);

/* wait.c */

/* Let @t go on (THREAD_GO, THREAD_GONE, THREAD_DEAD), now or when it waits next. */
void wait_tell(struct host_thread *t, uint32_t what);
/* Wait, without the CPU, until told what.  It may carry the CPU meanwhile. */
uint32_t wait_told(struct host_thread *t);

/* thread.c */

/* The struct that this thread used last: nearly always the one it needs next. */
extern __thread struct host_thread *thread_latest __attribute__((tls_model("initial-exec")));
struct host_thread *thread_find(struct anyfs_kernel *k);

/* The calling thread as @k sees it, made on first use; NULL: no memory. */
static inline struct host_thread *thread_get(struct anyfs_kernel *k)
{
	struct host_thread *t = thread_latest;

	return __builtin_expect(t && t->k == k, 1) ? t : thread_find(k);
}

/* Detach all threads of @k, which is over, once the last one has left. */
void thread_forget_all(struct anyfs_kernel *k);

/* disks.c */

int disks_add(struct anyfs_kernel *k, void *disk);
bool disks_remove(struct anyfs_kernel *k, void *disk);	/* false: was not there */
/* Release what is left, when the kernel will not do it any more. */
void disks_release_all(struct anyfs_kernel *k);

/* The instance whose kernel code the calling thread is running, or NULL. */
struct anyfs_kernel *thread_in_kernel(void);
/* Count @t, which carries without a system call, among the calling thread's. */
void thread_adopt(struct host_thread *t);

/* fault.c */

void fault_handler_install(void);

/* service.c */

int service_start(struct anyfs_kernel *k);
void service_stop(struct anyfs_kernel *k);
void service_kick(struct anyfs_kernel *k);

/* timer.c */

/* Of the kernel's table. */
LKL_CALL void timer_set(void *host, lkl_u64 deadline);
/* Post the interrupt if it is due; true if it was. */
bool timer_play(struct anyfs_kernel *k);
/* Wait while *@word is @val, until the deadline; it may come nearer meanwhile. */
void timer_sleep(struct anyfs_kernel *k, uint32_t *word, uint32_t val);
/* Give the timer a thread if it has none.  On the service thread, which holds the CPU. */
int timer_start(struct anyfs_kernel *k);
void timer_stop(struct anyfs_kernel *k);

/* ops.c */

extern const struct lkl_host_ops host_ops;

#endif /* ANYFS_HOST_INTERNAL_H */
