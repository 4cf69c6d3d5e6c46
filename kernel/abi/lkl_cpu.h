/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl_cpu.h - the part of lkl_abi.h that the kernel's inline code touches
 *
 * Nearly every file of the kernel includes it: a change here builds the whole
 * kernel again, one of lkl_abi.h only arch/lkl.  LKL_ABI_VERSION covers both.
 */
#ifndef LKL_CPU_H
#define LKL_CPU_H

#ifdef __KERNEL__
#include <linux/types.h>
typedef u32 lkl_u32;
typedef s32 lkl_s32;
typedef u64 lkl_u64;
typedef s64 lkl_s64;
#else
typedef __UINT32_TYPE__ lkl_u32;
typedef __INT32_TYPE__ lkl_s32;
typedef __UINT64_TYPE__ lkl_u64;
typedef __INT64_TYPE__ lkl_s64;
#endif
typedef __SIZE_TYPE__ lkl_size;
typedef __UINTPTR_TYPE__ lkl_addr;

/*
 * Bits of lkl_cpu.irqs.  Any host thread posts an interrupt by setting its bit
 * with one atomic OR.  If the CPU is free, the posting thread takes it or wakes
 * a thread that does, so that the kernel handles the interrupt; otherwise the
 * carrier sees the bit, at the latest when it releases the CPU.
 */
#define LKL_IRQ_TIMER		(1u << 0)
#define LKL_IRQ_THREAD		(1u << 1)	/* lkl_cpu.threads is not empty */
#define LKL_IRQ_BLOCK		(1u << 2)	/* lkl_cpu.blk_done is not empty */

struct lkl_block_req;
struct lkl_thread;

/* One task's execution context.  Lives in the kernel's thread_struct. */
struct lkl_ctx {
	void *sp;			/* host's: saved stack pointer */
	void *stack;			/* kernel's: lowest byte of the task's kernel stack */
	lkl_size stack_size;		/* kernel's: bytes */
	struct lkl_thread *thread;	/* the thread of a native task; NULL: coroutine */
};

/* The words that both sides access.  Kernel memory; its address is in lkl_kernel_ops. */
struct lkl_cpu {
	lkl_u32 held;			/* atomic: 1 while a thread holds the CPU */
	lkl_u32 irqs;			/* atomic: LKL_IRQ_* that are pending */
	lkl_u32 resched;		/* kernel's: other tasks are to run before the thread leaves */
	lkl_u32 pad;
	struct lkl_ctx *current_ctx;	/* kernel's: of the current task */
	struct lkl_thread *threads;	/* atomic LIFO, host pushes, kernel takes all */
	struct lkl_block_req *blk_done;	/* completed requests, as above */
};

#endif /* LKL_CPU_H */
