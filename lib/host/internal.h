/* SPDX-License-Identifier: GPL-2.0 */
/*
 * internal.h - shared by the files of lib/host
 *
 * Locks, in the order they are taken: registry_lock (kernel.c), detach_lock
 * (thread.c), k->lock.  None is ever held while kernel code runs.
 */
#ifndef ANYFS_HOST_INTERNAL_H
#define ANYFS_HOST_INTERNAL_H

#include <pthread.h>
#include "kernel.h"
#include "os.h"

/* Values of host_thread.word, a futex. */
#define THREAD_WAIT	0u	/* no message: the thread waits for one */
#define THREAD_GO	1u	/* the thread is the carrier and its task is current */
#define THREAD_GONE	2u	/* the thread's task has ended, or could not be created */
#define THREAD_DEAD	3u	/* the instance has ended */
#define THREAD_SLEEP	4u	/* like THREAD_WAIT, but the thread sleeps: wake the futex */

/* Why a coroutine switched back to the carrier's own stack. */
enum carry {
	CARRY_RUN,		/* the scheduler picked the carrier's task */
	CARRY_HANDOVER,		/* the scheduler picked the native task of another thread */
	CARRY_IDLE,		/* nothing to run */
	CARRY_DEAD,		/* the instance has ended */
};

/* One host thread in one instance. */
struct host_thread {
	struct lkl_thread abi;		/* first member: the kernel passes this pointer back */
	struct anyfs_kernel *k;		/* NULL after k is destroyed; guarded by detach_lock */
	struct host_thread *next;	/* in k->threads; guarded by k->lock */
	struct host_thread *tls_next;	/* in the thread's own list */
	void *sp;			/* own context while it runs coroutines, else NULL */
	void *unwind;			/* for host_unwind(), if the instance ends in a call */
	enum carry carry;
	struct host_thread *handover;	/* with CARRY_HANDOVER: the next carrier */
	uint32_t word;			/* THREAD_* */
	uint32_t refs;			/* held by the thread and by the instance */
	bool inside;			/* in a call into the kernel, or ending */
};

enum state { STATE_RUNNING, STATE_HALTED, STATE_DIED };

/* Which threads compete for the CPU; the value never decreases. */
enum cpu_shared {
	CPU_ALONE,		/* one thread besides service and timer, few calls of cpu_post() */
	CPU_TO_BE_SHARED,	/* changing: some threads may not have seen the new value yet */
	CPU_SHARED,
};

/* Flag of a block request, of the host alone: a thread may poll for its completion. */
#define BLK_POLLED		(1u << 31)

struct anyfs_kernel {
	const struct lkl_kernel_ops *ops;
	struct lkl_cpu *cpu;
	struct host_thread *carrier;	/* the thread that holds the CPU */
	void *abandoned;		/* where contexts that never resume are saved */
	uint32_t state;			/* enum state; atomic */
	uint32_t shared;		/* enum cpu_shared; atomic */
	uint32_t posts;			/* calls of cpu_post(), up to POSTS_ALONE; atomic */
	bool many_processors;		/* of the host: os_has_many_processors() */
	uint32_t ahead;			/* requests with BLK_POLLED in flight; atomic */
	uint32_t poller;		/* atomic; 1: a thread in wait_receive() polls */

	struct host_thread service;	/* takes the CPU for interrupts when no thread has it */
	pthread_t service_thread;
	uint32_t service_word;		/* futex: counts kicks */
	uint32_t service_stop;		/* atomic: 1 ends the service thread */

	struct {
		uint64_t deadline;	/* atomic: the kernel's next timer, ~0 for none */
		uint64_t until;		/* atomic: end of the current sleep; 0: no thread sleeps */
		uint32_t word;		/* futex: counts kicks of the timer thread */
		bool started;		/* the timer thread exists; changed with the CPU held */
		bool stop;
		pthread_t thread;
	} timer;

	pthread_mutex_t lock;		/* guards threads and disks */
	struct host_thread *threads;	/* all threads of the instance */
	struct host_disk *disks;	/* disks that the kernel has not released */
	struct host_thread *init_thread;	/* the host thread of pid 1 */

	struct os_object object;
	struct os_arena arena;
	const struct host_block_ops *block;
	int file_clock;			/* atomic: from os_file_clock_open(); -1: not used */
	uint64_t fixed_time_ns;		/* as in struct host_boot_opts */
	bool reproducible;		/* as in struct host_boot_opts */
	/* Of a reproducible kernel.  Changed with the CPU held, except calls. */
	struct {
		uint32_t stream[16];	/* state of ChaCha20, the source of random numbers */
		uint64_t now;		/* nanoseconds since boot */
		uint64_t deadline;	/* the kernel's next timer, ~0 for none */
		uint32_t calls;		/* atomic: calls that have not ended */
		uint32_t kept;		/* atomic: block requests that have not completed */
	} repro;
	uint64_t file_time;		/* without file_clock: the last time stamp */
	uint64_t file_time_read;	/* os_sched_clock_ns() when file_time was read */
	void (*print)(void *data, const char *text, size_t len);
	void *print_data;
	char death[256];		/* why the instance ended; "" while it runs */
	struct anyfs_kernel *registry_next;
	uint64_t id;			/* unique in this process, never reused */
};

/* switch_<machine>.S */

/* Save the callee-saved registers and the stack pointer at *@save; continue at @load. */
LKL_CALL void host_ctx_swap(void **save, void *load);
/* Prepare the stack that ends at @top, 16-byte aligned: the first swap to it calls @fn. */
LKL_CALL void *host_ctx_make(void *top, void (LKL_CALL *fn)(void));
/* Call @fn(@a, @b, @c) and return its result; *@save is set for host_unwind(). */
LKL_CALL int64_t host_call(void **save, void *fn, void *a, int64_t b, const void *c);
/* Make the host_call() that set @saved return @ret, and abandon the calls inside it. */
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
 * Call it before a second thread takes the CPU, or when interrupts are posted often.  Later
 * actions of the caller are ordered against every cpu_release_alone().
 */
void cpu_share(struct anyfs_kernel *k);
/* While the CPU is not shared: order the caller's earlier stores before a load of held. */
void cpu_barrier(struct anyfs_kernel *k);

/*
 * Release the CPU.  False: an interrupt is pending, no other thread took the CPU
 * for it, and the caller holds the CPU again.
 */
static inline bool cpu_release(struct anyfs_kernel *k)
{
	/* An exchange keeps the load of irqs after the store to held: see cpu_post(). */
	__atomic_exchange_n(&k->cpu->held, 0, __ATOMIC_SEQ_CST);
	return __builtin_expect(!cpu_irq_pending(k), 1) || !cpu_take(k);
}

/*
 * Like cpu_release(), but without an atomic operation while the CPU is not shared.
 * The processor may then load irqs before it stores to held; the
 * cpu_barrier() of the posting thread prevents the lost interrupt.  shared is read
 * again after the store, so that either the barrier in cpu_share() comes after the
 * store, or this thread sees the new value of shared.
 */
static inline bool cpu_release_alone(struct anyfs_kernel *k)
{
	if (__atomic_load_n(&k->shared, __ATOMIC_RELAXED))
		return cpu_release(k);
	__atomic_store_n(&k->cpu->held, 0, __ATOMIC_RELEASE);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	/* shared has just changed: any locked operation is a full barrier. */
	if (__builtin_expect(__atomic_load_n(&k->shared, __ATOMIC_RELAXED), 0))
		__atomic_fetch_or(&k->shared, 0, __ATOMIC_SEQ_CST);
	return __builtin_expect(!cpu_irq_pending(k), 1) || !cpu_take(k);
}

/*
 * Slow paths of cpu_enter() and cpu_leave().  @held: the caller holds the CPU, but
 * the current task is not the caller's.
 */
int cpu_enter_slow(struct host_thread *t, bool held);
void cpu_leave_slow(struct host_thread *t);

/*
 * Take the CPU and make the thread's task current and native; 0 or -errno.  If no
 * other thread used the CPU since this thread left, entering costs one atomic
 * operation; leaving costs another if the CPU is shared.
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

/* Leave the kernel; if the scheduler wants to run other tasks first, run them. */
static inline void cpu_leave(struct host_thread *t)
{
	struct anyfs_kernel *k = t->k;

	if (__builtin_expect(k->cpu->resched || !cpu_release_alone(k), 0))
		cpu_leave_slow(t);
}

/* Call before the first thread of the instance starts. */
void cpu_init(struct anyfs_kernel *k);
/* Boot: run the kernel's first context on @t until pid 1 is native there. */
int cpu_boot(struct host_thread *t);
/* End the task of the calling thread; returns when it is gone. */
void cpu_thread_exit(struct host_thread *t);
/* Let the service thread handle pending interrupts if the CPU is free. */
void cpu_service(struct anyfs_kernel *k);
/*
 * Post interrupt bits from any thread.  @may_carry: if the CPU is free, the calling
 * thread may run the kernel until it has nothing left to run.
 */
void cpu_post(struct anyfs_kernel *k, uint32_t bits, bool may_carry);
/* Take the CPU if it is free, an interrupt is pending and the instance is running. */
bool cpu_take_for_irq(struct anyfs_kernel *k);
/*
 * Run the kernel on @t, which has just taken the CPU.  Returns the message for @t
 * (THREAD_GO, THREAD_DEAD), or THREAD_WAIT if there is none yet.
 */
uint32_t cpu_carry_message(struct host_thread *t);
/* End the instance, with @text as the reason, and wake all threads that wait in it. */
void cpu_kill(struct anyfs_kernel *k, enum state state, const char *text);
/* True while @t carries a coroutine, that is, runs on a kernel stack. */
static inline bool cpu_on_coroutine(struct host_thread *t)
{
	return t->sp != NULL;
}

/* Entries of struct lkl_host_ops that switch contexts. */
LKL_CALL void cpu_ctx_init(void *host, struct lkl_ctx *ctx, void (LKL_CALL *fn)(void));
LKL_CALL void cpu_ctx_switch(void *host, struct lkl_ctx *prev, struct lkl_ctx *next);
LKL_CALL void cpu_ctx_native(void *host, struct lkl_ctx *ctx, struct lkl_thread *thread);
LKL_CALL void cpu_thread_gone(void *host, struct lkl_thread *thread);
LKL_CALL void cpu_idle(void *host, struct lkl_ctx *idle);
LKL_CALL void cpu_stop(void *host, uint32_t reason, const char *text);

/* wait.c */

/* Send @t a message (THREAD_GO, THREAD_GONE, THREAD_DEAD): it ends @t's wait_receive(). */
void wait_send(struct host_thread *t, uint32_t what);
/* Wait for a message and return it.  @t does not hold the CPU, but may take it meanwhile. */
uint32_t wait_receive(struct host_thread *t);

/* thread.c */

/* The struct that this thread used last, a cache for thread_get(). */
extern __thread struct host_thread *thread_latest __attribute__((tls_model("initial-exec")));
/* thread_get() for another kernel than that of the last call. */
struct host_thread *thread_find(struct anyfs_kernel *k);

/* The calling thread's struct for @k, allocated on first use; NULL: out of memory. */
static inline struct host_thread *thread_get(struct anyfs_kernel *k)
{
	struct host_thread *t = thread_latest;

	return __builtin_expect(t && t->k == k, 1) ? t : thread_find(k);
}

/* Wait until no thread is inside @k, which has ended, and detach all its threads. */
void thread_forget_all(struct anyfs_kernel *k);

/* disks.c */

int disks_add(struct anyfs_kernel *k, void *disk);
bool disks_remove(struct anyfs_kernel *k, void *disk);	/* false: not in the list */
/* Release the disks that the kernel has not released; it no longer runs. */
void disks_release_all(struct anyfs_kernel *k);

/* thread.c again */

/* The instance whose kernel code the calling thread is running, or NULL. */
struct anyfs_kernel *thread_in_kernel(void);
/* Add @t to the calling thread's list: the service thread never uses thread_get(). */
void thread_adopt(struct host_thread *t);

/* fault.c */

void fault_handler_install(void);

/* service.c */

int service_start(struct anyfs_kernel *k);
void service_stop(struct anyfs_kernel *k);
void service_kick(struct anyfs_kernel *k);

/* timer.c */

/* Entry of struct lkl_host_ops. */
LKL_CALL void timer_set(void *host, lkl_u64 deadline);
/* If the deadline has passed, post the timer interrupt and return true. */
bool timer_play(struct anyfs_kernel *k);
/*
 * Sleep while *@word is @val, at most until the deadline.  If timer_set() sets an
 * earlier deadline meanwhile, it changes the word and ends the sleep.
 */
void timer_sleep(struct anyfs_kernel *k, uint32_t *word, uint32_t val);
/* Start the timer thread if it does not run.  The service thread calls it with the CPU held. */
int timer_start(struct anyfs_kernel *k);
void timer_stop(struct anyfs_kernel *k);

/* reproducible.c */

/* Call it before @k boots. */
void reproducible_init(struct anyfs_kernel *k, uint64_t seed);
/* Host operations of a reproducible kernel. */
void reproducible_random(struct anyfs_kernel *k, void *buf, size_t len);
uint64_t reproducible_clock_ns(struct anyfs_kernel *k);
void reproducible_timer_set(struct anyfs_kernel *k, uint64_t deadline);
/*
 * @k is idle: if a call waits for a time, not for a disk, advance the clock to the next timer and
 * post its interrupt.
 */
bool reproducible_skip(struct anyfs_kernel *k);

/* A call into @k begins or ends: between calls its clock stands still. */
static inline void reproducible_call(struct anyfs_kernel *k, int change)
{
	if (__builtin_expect(k->reproducible, 0))
		__atomic_fetch_add(&k->repro.calls, change, __ATOMIC_RELAXED);
}

/* A block request begins or ends. */
static inline void reproducible_block(struct anyfs_kernel *k, int change)
{
	if (__builtin_expect(k->reproducible, 0))
		__atomic_fetch_add(&k->repro.kept, change, __ATOMIC_RELAXED);
}

/* ops.c */

extern const struct lkl_host_ops host_ops;

#endif /* ANYFS_HOST_INTERNAL_H */
