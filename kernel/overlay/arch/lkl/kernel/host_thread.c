// SPDX-License-Identifier: GPL-2.0
/*
 * host_thread.c - the kernel's tasks that stand for host threads
 *
 * Such a task runs natively while its thread is inside a system call.  When
 * the thread has left, the task stays current until another thread needs the
 * CPU; then the host runs lkl_thread_park() on the task's kernel stack, which
 * is not used otherwise, and the task sleeps there like any other.  When the
 * thread comes back it posts LKL_IRQ_THREAD, which wakes the task, and the
 * task runs natively again.
 */
#include <linux/kthread.h>
#include <linux/oom.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <asm/lkl.h>

static struct task_struct *first;	/* pid 1, which never ends */
static struct task_struct *spawner;
static struct lkl_thread *newcomers;	/* threads that wait for a task */

void __noreturn lkl_thread_native(void)
{
	lkl_host->ctx_native(lkl_host_arg, &current->thread.ctx, current->thread.host_thread);
	unreachable();
}

static void bind(struct lkl_thread *thread)
{
	thread->task = current;
	thread->ctx = &current->thread.ctx;
	current->thread.host_thread = thread;
}

static int host_thread_fn(void *arg)
{
	bind(arg);
	return 0;
}

/*
 * Start a task with the descriptors of pid 1.  Its parent has no descriptors and
 * borrows them while it forks: as long as only one task has them, the kernel does
 * not count references in every call on a descriptor.
 */
static int spawn_one(struct lkl_thread *t)
{
	struct files_struct *own = current->files;
	int pid;

	current->files = first->files;
	pid = user_mode_thread(host_thread_fn, t, CLONE_FS | CLONE_FILES | CLONE_VM | SIGCHLD);
	current->files = own;
	return pid;
}

/*
 * Parent of the tasks of all host threads but the first.  It and its children
 * ignore all signals: there is no user mode in which a handler could run, and a
 * child that ends is reaped without a wait().
 */
static int spawn(void *unused)
{
	ignore_signals(current);
	/* Inherited by its children: killing the task of a caller would free nothing. */
	current->signal->oom_score_adj = OOM_SCORE_ADJ_MIN;
	set_task_comm(current, "host-threads");

	for (;;) {
		struct lkl_thread *t;

		set_current_state(TASK_IDLE);
		t = newcomers;
		if (!t) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		newcomers = t->next;
		if (spawn_one(t) < 0) {
			/* Out of memory or of pids: the thread gets an error. */
			lkl_host->thread_gone(lkl_host_arg, t);
		}
	}
	return 0;
}

void lkl_thread_start(void)
{
	pid_t pid;

	bind(lkl_boot.thread);
	first = current;
	pid = user_mode_thread(spawn, NULL, CLONE_FS | CLONE_VM | SIGCHLD);
	if (pid < 0)
		panic("cannot start the parent of host threads: %d", pid);
	/* Set here, since a host thread may need it before the new task has run. */
	rcu_read_lock();
	spawner = find_task_by_pid_ns(pid, &init_pid_ns);
	rcu_read_unlock();
}

/* Requests of host threads, newest first; serve them oldest first. */
void lkl_thread_irq(void)
{
	struct lkl_thread *t = __atomic_exchange_n(&lkl_cpu.threads, NULL, __ATOMIC_ACQUIRE);
	struct lkl_thread *oldest = NULL, **tail;

	while (t) {
		struct lkl_thread *next = t->next;

		t->next = oldest;
		oldest = t;
		t = next;
	}
	while (oldest) {
		t = oldest;
		oldest = t->next;
		if (t->task) {
			t->ready = 1;
			wake_up_process(t->task);
			continue;
		}
		t->next = NULL;
		for (tail = &newcomers; *tail; tail = &(*tail)->next)
			;
		*tail = t;
		wake_up_process(spawner);
	}
}

void lkl_thread_park(void)
{
	struct lkl_thread *t = current->thread.host_thread;

	for (;;) {
		set_current_state(TASK_IDLE);
		local_irq_enable();	/* handles pending interrupts */
		if (t->ready)
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	t->ready = 0;

	if (t->want == LKL_THREAD_EXIT) {
		current->thread.host_thread = NULL;
		lkl_host->thread_gone(lkl_host_arg, t);
		do_exit(0);
	}
	lkl_thread_native();
}
