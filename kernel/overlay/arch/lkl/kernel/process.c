// SPDX-License-Identifier: GPL-2.0
/*
 * process.c - start, switch and idle tasks
 *
 * A new task is a coroutine on its kernel stack.  Tasks of host threads become
 * native when they reach "user mode", see host_thread.c.
 */
#include <linux/cpu.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <asm/lkl.h>
#include <asm/switch_to.h>

struct task_struct *lkl_switched_from;

struct task_struct *__switch_to(struct task_struct *prev, struct task_struct *next)
{
	lkl_switched_from = prev;
	lkl_current = next;
	lkl_cpu.current_ctx = &next->thread.ctx;
	lkl_host->ctx_switch(lkl_host_arg, &prev->thread.ctx, &next->thread.ctx);
	return lkl_switched_from;
}

static void task_start(void)
{
	struct thread_struct *t = &current->thread;

	schedule_tail(lkl_switched_from);
	t->fn(t->fn_arg);

	/* Kernel threads never return; other tasks are in user mode now. */
	lkl_thread_native();
}

int copy_thread(struct task_struct *p, const struct kernel_clone_args *args)
{
	struct thread_struct *t = &p->thread;

	/* fork() would need a second return into the caller's code. */
	if (!args->fn)
		return -ENOSYS;

	t->fn = args->fn;
	t->fn_arg = args->fn_arg;
	t->host_thread = NULL;
	t->ctx.stack = task_stack_page(p);
	t->ctx.stack_size = THREAD_SIZE;
	t->ctx.thread = NULL;
	lkl_host->ctx_init(lkl_host_arg, &t->ctx, task_start);
	return 0;
}

void flush_thread(void)
{
}

void arch_cpu_idle(void)
{
	lkl_host->idle(lkl_host_arg, &current->thread.ctx);
}

void show_regs(struct pt_regs *regs)
{
}

void show_stack(struct task_struct *task, unsigned long *sp, const char *loglvl)
{
	printk("%sNo stack trace: use a debugger on the host process.\n", loglvl);
}
