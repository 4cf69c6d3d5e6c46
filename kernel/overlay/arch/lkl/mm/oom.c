// SPDX-License-Identifier: GPL-2.0
/*
 * oom.c - when memory has run out: write back and wait, before the OOM killer
 *
 * There is nobody to kill here: all tasks are the caller's own.  But inodes
 * and buffers stay in memory until the journal that holds them is written,
 * which a caller that creates files as fast as it can never waits for.  The
 * work queue has a rescuer, as a new worker would need memory, too.
 */
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/sched.h>
#include <linux/swap.h>
#include <linux/syscalls.h>
#include <linux/workqueue.h>
#include <linux/writeback.h>

#define PATIENCE	(10 * HZ)	/* without a page more than ever in this shortage */
#define OVER		HZ		/* a shortage that long ago was another one */

static void write_back(struct work_struct *work)
{
	ksys_sync();
}
static DECLARE_WORK(write_back_work, write_back);
static struct workqueue_struct *queue;

/* Serialised by oom_lock. */
static int wait_for_memory(struct notifier_block *nb, unsigned long unused, void *freed)
{
	static unsigned long most, grew, last;
	unsigned long free;

	if (!last || time_after(jiffies, last + OVER)) {
		most = 0;
		grew = jiffies;
	}
	wakeup_flusher_threads(WB_REASON_VMSCAN);
	queue_work(queue, &write_back_work);
	schedule_timeout_uninterruptible(HZ / 50);

	last = jiffies;
	free = nr_free_pages();
	if (free > most) {
		most = free;
		grew = jiffies;
	}
	/* Any number makes the allocation try again. */
	if (time_before(jiffies, grew + PATIENCE))
		*(unsigned long *)freed += 1;
	return NOTIFY_OK;
}

static struct notifier_block notifier = {
	.notifier_call = wait_for_memory,
};

static int __init oom_init(void)
{
	queue = alloc_workqueue("out-of-memory", WQ_UNBOUND | WQ_MEM_RECLAIM, 1);
	if (!queue)
		return -ENOMEM;
	return register_oom_notifier(&notifier);
}
core_initcall(oom_init);
