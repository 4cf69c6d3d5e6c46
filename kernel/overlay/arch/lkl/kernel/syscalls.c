// SPDX-License-Identifier: GPL-2.0
/*
 * syscalls.c - the system-call table, and the work at the end of a call
 */
#include <linux/errno.h>
#include <linux/resume_user_mode.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/stat.h>
#include <linux/signal.h>
#include <linux/syscalls.h>
#include <linux/task_work.h>
#include <asm/irqflags.h>
#include <asm/late_fs.h>
#include <asm/lkl.h>
#include <asm/syscall_wrapper.h>
#include <asm/unistd.h>

typedef long (*syscall_fn)(const s64 *args);

/* These calls map into, start in or return to user mode, which does not exist. */
COND_SYSCALL(mmap);
COND_SYSCALL(rt_sigreturn);
COND_SYSCALL(ni_syscall);

#undef __SYSCALL
#define __SYSCALL(nr, sym)	long __lkl_##sym(const s64 *args);
#define __SYSCALL_WITH_COMPAT(nr, native, compat)	__SYSCALL(nr, native)
#include <asm/syscall_table_64.h>

/* The first socket starts the network. */
static long late_net_socket(const s64 *args)
{
	lkl_late_net_init();
	return __lkl_sys_socket(args);
}

static long late_net_socketpair(const s64 *args)
{
	lkl_late_net_init();
	return __lkl_sys_socketpair(args);
}

#define __lkl_sys_socket	late_net_socket
#define __lkl_sys_socketpair	late_net_socketpair
#undef __SYSCALL
#define __SYSCALL(nr, sym)	[nr] = __lkl_##sym,

static const syscall_fn syscall_table[__NR_syscalls] = {
	[0 ... __NR_syscalls - 1] = __lkl_sys_ni_syscall,
#include <asm/syscall_table_64.h>
};

/* No task can handle a signal: drop those that are neither blocked nor ignored. */
static void drop_signals(void)
{
	kernel_siginfo_t info;
	enum pid_type type;

	spin_lock_irq(&current->sighand->siglock);
	while (dequeue_signal(&current->blocked, &info, &type))
		;
	recalc_sigpending();
	spin_unlock_irq(&current->sighand->siglock);
}

static noinline void slow_exit_work(unsigned long flags)
{
	do {
		if (flags & _TIF_NEED_RESCHED)
			schedule();
		if (flags & _TIF_NOTIFY_SIGNAL) {
			clear_notify_signal();
			task_work_run();
		}
		if (flags & _TIF_SIGPENDING) {
			drop_signals();
			restore_saved_sigmask();
		}
		if (flags & _TIF_NOTIFY_RESUME)
			resume_user_mode_work(NULL);
		flags = READ_ONCE(current_thread_info()->flags);
	} while (flags & _TIF_WORK_MASK);
}

void lkl_exit_work(void)
{
	unsigned long flags;

	if (unlikely(READ_ONCE(lkl_cpu.irqs)))
		lkl_irq_run();
	flags = READ_ONCE(current_thread_info()->flags);
	if (unlikely(flags & _TIF_WORK_MASK))
		slow_exit_work(flags);
	/* Let other tasks run now: this thread may not come back soon. */
	lkl_cpu.resched = !single_task_running();
}

s64 lkl_syscall(void *kernel, s64 nr, const s64 *args)
{
	s64 ret;

	if (unlikely((u64)nr >= __NR_syscalls))
		return -ENOSYS;
	/* The thread belongs to the host, which ends it. */
	if (unlikely(nr == __NR_exit || nr == __NR_exit_group))
		return -EPERM;

	ret = syscall_table[nr](args);
	if (unlikely(ret <= -ERESTARTSYS && ret >= -ERESTART_RESTARTBLOCK))
		ret = -EINTR;
	lkl_exit_work();
	return ret;
}
