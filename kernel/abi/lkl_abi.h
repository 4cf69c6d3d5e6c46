/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl_abi.h - the interface between the library kernel and its host
 *
 * The kernel object exports one symbol, lkl_entry().  It takes the host's
 * table of functions and returns the kernel's.  Kernel and host both compile
 * this file and lkl_cpu.h: they have fixed-width types and no other include.
 *
 * Words used below
 *   the CPU    One instance has one virtual CPU.  Only the thread that has
 *              set lkl_cpu.held runs kernel code.
 *   carrier    The host thread that holds the CPU.
 *   native     A task whose code runs on its host thread's own stack.
 *   coroutine  A task whose code runs on its kernel stack, on any host
 *              thread: the one that holds the CPU at that time.
 *
 * Rules
 *   - Both tables begin with size and version; lkl_entry() refuses others.
 *   - The first argument of every function is the instance.  The kernel
 *     passes lkl_boot_params.host to the host's functions.
 *   - Errors are 0 or a negative Linux errno, the kernel's own numbers.
 *   - No varargs, no structs by value.
 *   - During a host operation the kernel keeps the CPU, except where stated.
 *     A host operation must not call kernel functions, except where stated.
 */
#ifndef LKL_ABI_H
#define LKL_ABI_H

#include "lkl_cpu.h"

#define LKL_ABI_VERSION		4u

/*
 * The calling convention of all functions in the two tables.  The kernel object
 * of x86-64 is the same file on every host, so it uses the System V convention,
 * also on hosts whose compiler uses another one by default.
 */
#if defined(__x86_64__) && defined(__GNUC__)
#define LKL_CALL	__attribute__((sysv_abi))
#else
#define LKL_CALL
#endif

#define LKL_THREAD_ENTER	0u	/* make its task run natively */
#define LKL_THREAD_EXIT		1u	/* end its task */

/* The kernel's view of a host thread, embedded in the host's struct for the thread. */
struct lkl_thread {
	struct lkl_thread *next;	/* link in lkl_cpu.threads */
	struct lkl_ctx *ctx;		/* kernel's: context of its task; NULL: no task yet */
	void *task;			/* kernel's: its task_struct */
	lkl_u32 want;			/* LKL_THREAD_*, valid while queued */
	lkl_u32 ready;			/* kernel's: the request was seen */
};

#define LKL_BLK_READ		0u
#define LKL_BLK_WRITE		1u
#define LKL_BLK_FLUSH		2u
#define LKL_BLK_DISCARD		3u
#define LKL_BLK_ZERO		4u

#define LKL_BLK_FUA		(1u << 0)	/* durable before it completes */
#define LKL_BLK_NOUNMAP		(1u << 1)	/* ZERO must keep blocks allocated */
#define LKL_BLK_AHEAD		(1u << 2)	/* read-ahead: possibly no task waits for it */

/* Same layout as the host's struct iovec. */
struct lkl_block_iov {
	void *base;
	lkl_size len;
};

/*
 * One block request.  The kernel owns it before blk_submit() and after its
 * completion; in between the host owns it and its buffers.
 */
struct lkl_block_req {
	struct lkl_block_req *next;	/* link in lkl_cpu.blk_done */
	void (*done)(struct lkl_block_req *req);	/* host's: called on completion */
	void *submitter;		/* host's: for done() */
	void *backend[2];		/* host's: for the code that keeps the request */
	struct lkl_block_iov *iov;	/* the data; NULL unless READ or WRITE */
	lkl_u64 offset;			/* bytes */
	lkl_u64 len;			/* bytes */
	lkl_u32 nr_iov;
	lkl_u32 op;			/* LKL_BLK_READ ... */
	lkl_u32 flags;			/* LKL_BLK_FUA ... */
	lkl_s32 status;			/* host's answer: 0 or -errno */
};

#define LKL_DISK_READONLY	(1u << 0)
#define LKL_DISK_FLUSH		(1u << 1)	/* has a volatile cache, takes FLUSH */
#define LKL_DISK_FUA		(1u << 2)
#define LKL_DISK_DISCARD	(1u << 3)
#define LKL_DISK_ZERO		(1u << 4)

struct lkl_disk_params {
	lkl_u32 size;			/* of this struct */
	lkl_u32 flags;			/* LKL_DISK_* */
	lkl_u64 capacity;		/* bytes, a multiple of logical_block */
	lkl_u32 logical_block;		/* bytes: 512 ... 4096 */
	lkl_u32 physical_block;		/* bytes */
	lkl_u32 io_opt;			/* bytes: preferred size of a request */
	lkl_u32 discard_granularity;	/* bytes; with LKL_DISK_DISCARD */
	void *host_disk;		/* argument of blk_submit() and blk_release() */
};

#define LKL_STOP_HALT		0u
#define LKL_STOP_PANIC		1u

/* The functions of the host that the kernel calls. */
struct lkl_host_ops {
	lkl_u32 size;
	lkl_u32 version;

	/* Console output: whole records, without a NUL.  Does not block long. */
	void (LKL_CALL *print)(void *host, const char *text, lkl_size len);

	/*
	 * The instance has ended (LKL_STOP_*).  Never returns: the host unwinds
	 * every thread that is inside this kernel to its system call, which
	 * fails.  No kernel function may be called any more.
	 */
	void (LKL_CALL *stop)(void *host, lkl_u32 reason, const char *text);

	/* Nanoseconds of a clock that never goes back.  Any stack. */
	lkl_u64 (LKL_CALL *clock_ns)(void *host);
	/*
	 * Like clock_ns but as fast as possible, for the scheduler: it may drift
	 * from clock_ns and go back slightly.  Any stack.
	 */
	lkl_u64 (LKL_CALL *sched_clock_ns)(void *host);
	/* Nanoseconds since 1970. */
	lkl_u64 (LKL_CALL *realtime_ns)(void *host);
	/*
	 * Nanoseconds since 1970, for the time stamp of a file that changes now.
	 * Calls in quick succession may return the same value, so that a file
	 * system need not update the inode for each of several small writes.
	 * Any stack.
	 */
	lkl_u64 (LKL_CALL *file_time_ns)(void *host);
	/* Post LKL_IRQ_TIMER once, at @deadline of clock_ns; ~0: never. */
	void (LKL_CALL *timer_set)(void *host, lkl_u64 deadline);

	/* Fill @buf with random bytes. */
	void (LKL_CALL *random)(void *host, void *buf, lkl_size len);

	/* The functions of libc, for sizes that are worth the call. */
	void *(LKL_CALL *memcpy)(void *dst, const void *src, lkl_size len);
	void *(LKL_CALL *memmove)(void *dst, const void *src, lkl_size len);
	void *(LKL_CALL *memset)(void *dst, int byte, lkl_size len);
	int (LKL_CALL *memcmp)(const void *a, const void *b, lkl_size len);

	/*
	 * MMU flavour: map the bytes [@pa, @pa + @len) of the arena a second time,
	 * at the address @va of the vmalloc window; unmap undoes it.  All are
	 * multiples of the page size.  0 or -errno.
	 */
	int (LKL_CALL *map)(void *host, lkl_addr va, lkl_addr pa, lkl_size len);
	int (LKL_CALL *unmap)(void *host, lkl_addr va, lkl_size len);

	/* Let the first switch to @ctx call @fn on its kernel stack; @fn never returns. */
	void (LKL_CALL *ctx_init)(void *host, struct lkl_ctx *ctx, void (LKL_CALL *fn)(void));
	/*
	 * Save @prev, resume @next; returns when @prev is resumed, perhaps on
	 * another carrier (coroutines) or after a hand-over (native tasks).
	 */
	void (LKL_CALL *ctx_switch)(void *host, struct lkl_ctx *prev, struct lkl_ctx *next);
	/*
	 * The current coroutine's task goes native on @thread, which waits in
	 * the host for it.  The coroutine's stack is dead afterwards.
	 */
	void (LKL_CALL *ctx_native)(void *host, struct lkl_ctx *ctx, struct lkl_thread *thread);
	/* The task of @thread is gone: the host may free it.  No kernel reference is left. */
	void (LKL_CALL *thread_gone)(void *host, struct lkl_thread *thread);
	/*
	 * Nothing to run: give up the CPU until an interrupt is pending.
	 * Called on the idle task's context, which is resumed afterwards.
	 */
	void (LKL_CALL *idle)(void *host, struct lkl_ctx *idle);

	/*
	 * Take a block request.  0: completed at once, @req->status is set.
	 * 1: kept; the host completes it later from any thread by setting
	 * status, pushing it on lkl_cpu.blk_done and posting LKL_IRQ_BLOCK.
	 * Must not wait for anything slow.
	 */
	int (LKL_CALL *blk_submit)(void *host, void *host_disk, struct lkl_block_req *req);
	/* The disk was removed: no request is in flight and none will follow. */
	void (LKL_CALL *blk_release)(void *host, void *host_disk);
};

/* The boot writes this many bytes for each page of the arena, at the end of the arena. */
#define LKL_PAGE_STRUCT_MIN	56u

struct lkl_boot_params {
	lkl_u32 size;			/* of this struct */
	lkl_u32 pad;
	void *host;			/* first argument of host operations */
	lkl_addr arena;			/* start of memory, page aligned */
	lkl_addr arena_size;		/* bytes */
	lkl_addr private_size;		/* bytes at the arena's end that are never mapped twice */
	lkl_addr vmalloc;		/* MMU: start of an address range for vmalloc */
	lkl_addr vmalloc_size;		/* bytes */
	const char *command_line;
	struct lkl_thread *thread;	/* becomes pid 1 */
};

/*
 * The functions of the kernel that the host calls.  Unless stated, the caller
 * holds the CPU, is native and its task is current; the call may block, that is,
 * release the CPU and take it again.
 */
struct lkl_kernel_ops {
	lkl_u32 size;
	lkl_u32 version;

	const char *release;		/* as in uname -r */
	struct lkl_cpu *cpu;
	lkl_u32 nr_syscalls;
	lkl_u32 has_mmu;

	/* Call it once, before boot_ctx runs.  0, -EINVAL or -E2BIG. */
	int (LKL_CALL *prepare)(void *kernel, const struct lkl_boot_params *params);
	/*
	 * Entry point of the boot context: ctx_init() this on boot_ctx and run
	 * it.  It ends by making lkl_boot_params.thread native as pid 1.
	 */
	struct lkl_ctx *boot_ctx;
	void (LKL_CALL *boot)(void);

	/*
	 * Entry point for the context of a task whose thread has left the
	 * kernel: takes pending interrupts, sleeps, and goes native again when
	 * its thread asks for it.
	 */
	void (LKL_CALL *park)(void);

	/* @args: always six slots.  Number and result as in the kernel's table. */
	lkl_s64 (LKL_CALL *syscall)(void *kernel, lkl_s64 nr, const lkl_s64 *args);

	/* Disk index >= 0, or -errno.  Partitions are scanned when it returns. */
	int (LKL_CALL *disk_add)(void *kernel, const struct lkl_disk_params *params);
	/* Device number of the disk or its partition, as in stat's st_rdev; -ENXIO. */
	lkl_s64 (LKL_CALL *disk_dev)(void *kernel, int disk, unsigned int partition);
	/* -EBUSY while it is open or mounted. */
	int (LKL_CALL *disk_remove)(void *kernel, int disk);

	/* Test hook: die as by a BUG with @text, or by a bad access if it is NULL. */
	void (LKL_CALL *crash)(void *kernel, const char *text);
};

/*
 * The only exported symbol.  NULL if @host is of another version or smaller
 * than this kernel needs.  May be called without the CPU, once per load.
 */
#ifdef __GNUC__
__attribute__((visibility("default")))
#endif
LKL_CALL const struct lkl_kernel_ops *lkl_entry(const struct lkl_host_ops *host);

#endif /* LKL_ABI_H */
