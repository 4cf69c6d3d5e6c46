/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_PROCESSOR_H
#define _ASM_LKL_PROCESSOR_H

#include <asm/lkl_cpu.h>
#include <asm/ptrace.h>

/* Page tables of user addresses exist only for execve(); no hardware walks them. */
#define TASK_SIZE		(1UL << 38)
#define STACK_TOP		TASK_SIZE
#define STACK_TOP_MAX		STACK_TOP
#define TASK_UNMAPPED_BASE	PAGE_ALIGN(TASK_SIZE / 3)

struct thread_struct {
	struct lkl_ctx ctx;
	struct lkl_thread *host_thread;	/* NULL: a kernel thread */
	int (*fn)(void *arg);		/* function of a new task */
	void *fn_arg;
};

#define INIT_THREAD		{ }

void cpu_relax(void);	/* irq.c */
#define task_pt_regs(tsk)	((struct pt_regs *)(task_stack_page(tsk) + THREAD_SIZE) - 1)
#define KSTK_EIP(tsk)		0UL
#define KSTK_ESP(tsk)		0UL

struct task_struct;
static inline unsigned long __get_wchan(struct task_struct *p)
{
	return 0;
}

static inline void start_thread(struct pt_regs *regs, unsigned long pc, unsigned long sp)
{
}

#endif
