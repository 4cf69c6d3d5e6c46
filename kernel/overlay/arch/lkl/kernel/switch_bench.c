// SPDX-License-Identifier: GPL-2.0
/*
 * switch_bench.c - measure the time of a switch between kernel threads
 *
 * With switch_bench=N on the command line two threads wake each other N times
 * while the kernel boots, and the time of a switch is logged in picoseconds for
 * `make bench`.  No system call can measure it.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/timekeeping.h>

static unsigned int rounds __initdata;
static unsigned int turns;
static unsigned long turn;
static struct task_struct *players[2];
static DECLARE_COMPLETION(played);

static int __init set_rounds(char *text)
{
	return kstrtouint(text, 0, &rounds);
}
early_param("switch_bench", set_rounds);

static int play(void *arg)
{
	unsigned long me = (unsigned long)arg;
	unsigned int i;

	for (i = 0; i < turns; i++) {
		for (;;) {
			set_current_state(TASK_UNINTERRUPTIBLE);
			if (READ_ONCE(turn) == me)
				break;
			schedule();
		}
		__set_current_state(TASK_RUNNING);
		WRITE_ONCE(turn, !me);
		wake_up_process(players[!me]);
	}
	if (me)
		complete(&played);
	return 0;
}

static int __init switch_bench(void)
{
	unsigned long i;
	u64 start;

	if (!rounds)
		return 0;
	turns = rounds;
	for (i = 0; i < 2; i++) {
		players[i] = kthread_create(play, (void *)i, "switch_bench/%lu", i);
		if (IS_ERR(players[i]))
			return PTR_ERR(players[i]);
		/* The other thread may wake this one after its end. */
		get_task_struct(players[i]);
	}
	start = ktime_get_ns();
	wake_up_process(players[0]);
	wake_up_process(players[1]);
	wait_for_completion(&played);
	pr_info("switch_bench: %llu ps\n",
		div_u64((ktime_get_ns() - start) * 1000, 2 * turns));
	put_task_struct(players[0]);
	put_task_struct(players[1]);
	return 0;
}
late_initcall(switch_bench);
