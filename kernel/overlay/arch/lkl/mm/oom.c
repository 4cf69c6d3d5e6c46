// SPDX-License-Identifier: GPL-2.0
/*
 * oom.c - wait for memory when direct reclaim has failed
 *
 * No task can be killed here: all are threads of the host process, so the OOM
 * killer is switched off.  Without it an allocation that may fail returns NULL once
 * reclaim has failed.  Before that it waits in the shrinker below, which direct
 * reclaim calls at its last priority only: a thread of our own commits journals,
 * starts write-back and drops unused inodes and dentries, which the allocating task
 * may not do itself (GFP_NOFS).  A task that this thread may have to wait for gets
 * pages of a reserve instead (oom_reserve.c).  The wait ends when
 *
 *  - there is memory,
 *  - some rounds of that thread in a row have freed nothing and no page is dirty, or
 *  - for PATIENCE neither more memory became free nor fewer pages were dirty.  A
 *    kernel thread waits less, since the tasks that free memory may depend on it.
 *
 * In the last two cases the allocation fails, and other allocations in the next
 * second do not wait again.  An allocation that must not fail (__GFP_NOFAIL) uses
 * the reserves; if they stay empty for LAST_PATIENCE, the kernel ends.
 */
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/oom.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/shrinker.h>
#include <linux/swap.h>
#include <linux/vmstat.h>
#include <linux/wait.h>
#include <linux/writeback.h>
#include "oom.h"

#define PATIENCE	(10 * HZ)
#define PATIENCE_KTHREAD	HZ
#define LAST_PATIENCE	(60 * HZ)
#define NO_WAIT		HZ		/* after a wait that failed, no task waits for this time */
#define ROUNDS		50		/* I/O that a round has started may end after it */
#define SETTLE		(2 * HZ)	/* PATIENCE after ROUNDS rounds without a dirty page */
#define ONE_ROUND	(HZ / 50)	/* longest wait for the end of a round */
#define REFILL		(HZ / 10)	/* until the next attempt to fill the reserve */

static struct task_struct *reclaimer;
static DECLARE_WAIT_QUEUE_HEAD(round_wanted);
static DECLARE_WAIT_QUEUE_HEAD(round_done);
static unsigned long rounds;
static bool wanted;

/* The progress of reclaim during a shortage, shared by all waiting tasks. */
static struct {
	unsigned long most_free, least_dirty;	/* pages, since the shortage began */
	unsigned long changed;		/* jiffies: when one of them improved last */
	unsigned long rounds;		/* number of rounds at that time */
	unsigned long last;		/* jiffies: when a task last waited */
	unsigned long failed;		/* jiffies: when a wait failed, or 0 */
} shortage;

/* ---- The reclaimer ---- */

/*
 * A journal pins inodes, buffers and log items until it commits them.  Do not
 * use ksys_sync(): it waits for the flusher, a worker that may need memory to start.
 */
static void commit(struct super_block *sb, void *unused)
{
	if (!sb_rdonly(sb) && sb->s_op->sync_fs)
		sb->s_op->sync_fs(sb, 1);
}

/* kswapd may have given up on pages that are unpinned now. */
static void reclaim_pages(void)
{
	struct zonelist *zones = node_zonelist(first_online_node, GFP_KERNEL);

	while (!has_free_memory(GFP_KERNEL))
		if (!try_to_free_pages(zones, 0, GFP_KERNEL, NULL))
			return;
}

static void reclaim_round(void)
{
	unsigned int flags = memalloc_noreclaim_save();

	wakeup_flusher_threads(WB_REASON_VMSCAN);
	/* Also before the commit, which may have to wait for the allocating task. */
	drop_slab();
	iterate_supers(commit, NULL);
	drop_slab();
	reclaim_pages();
	memalloc_noreclaim_restore(flags);
	/* Inodes and dentries are freed after a grace period. */
	rcu_barrier();
}

static int reclaimer_main(void *unused)
{
	for (;;) {
		wait_event_idle_timeout(round_wanted, wanted,
					reserve_is_full() ? MAX_SCHEDULE_TIMEOUT : REFILL);
		if (wanted) {
			wanted = false;
			reclaim_round();
			rounds++;
			wake_up_all(&round_done);
		}
		reserve_fill();
	}
	return 0;
}

static void want_round(void)
{
	wanted = true;
	wake_up(&round_wanted);
}

/* ---- Waiting for memory ---- */

bool has_free_memory(gfp_t gfp)
{
	enum zone_type highest = gfp_zone(gfp);
	struct zone *zone;

	for_each_populated_zone(zone)
		if (zone_idx(zone) <= highest &&
		    zone_watermark_ok(zone, 0, high_wmark_pages(zone), highest, 0))
			return true;
	return false;
}

static unsigned long dirty_pages(void)
{
	return global_node_page_state(NR_FILE_DIRTY) + global_node_page_state(NR_WRITEBACK);
}

static void note_progress(void)
{
	unsigned long free = nr_free_pages(), dirty = dirty_pages();

	if (time_after(jiffies, shortage.last + NO_WAIT)) {
		shortage.most_free = 0;
		shortage.least_dirty = ULONG_MAX;
	}
	shortage.last = jiffies;
	if (free > shortage.most_free || dirty < shortage.least_dirty) {
		shortage.changed = jiffies;
		shortage.rounds = rounds;
	}
	shortage.most_free = max(free, shortage.most_free);
	shortage.least_dirty = min(dirty, shortage.least_dirty);
}

static bool has_just_failed(void)
{
	return shortage.failed && time_before(jiffies, shortage.failed + NO_WAIT);
}

static bool is_hopeless(void)
{
	unsigned long patience = current->flags & PF_KTHREAD ? PATIENCE_KTHREAD : PATIENCE;

	if (rounds - shortage.rounds >= ROUNDS && !dirty_pages())
		patience = min_t(unsigned long, patience, SETTLE);
	return time_after(jiffies, shortage.changed + patience);
}

static void wait_for_memory(gfp_t gfp)
{
	while (!has_free_memory(gfp)) {
		note_progress();
		if (is_hopeless()) {
			/* A kernel thread gives up early; other tasks may go on waiting. */
			if (!(current->flags & PF_KTHREAD))
				shortage.failed = jiffies ?: 1;
			return;
		}
		want_round();
		wait_event_timeout(round_done, has_free_memory(gfp), ONE_ROUND);
	}
	shortage.failed = 0;
}

/* Memory is free but fragmented: a round may free adjacent pages. */
static unsigned long wait_for_pieces(gfp_t gfp)
{
	unsigned long seen = rounds;

	if (gfp & (__GFP_NORETRY | __GFP_RETRY_MAYFAIL))
		return 0;
	want_round();
	return wait_event_timeout(round_done, rounds != seen, ONE_ROUND) ? 1 : 0;
}

/* The reserves are empty, and this allocation would retry without end: panic after a minute. */
static void panic_if_stuck(void)
{
	static unsigned long since;

	if (nr_free_pages() > 1)
		since = 0;
	else if (!since)
		since = jiffies ?: 1;
	else if (time_after(jiffies, since + LAST_PATIENCE))
		panic("out of memory: no page became free for a minute");
}

/* For a count of 1, reclaim calls scan() at priority 0 only, when all other shrinkers failed. */
static unsigned long count(struct shrinker *s, struct shrink_control *sc)
{
	return 1;
}

static unsigned long scan(struct shrinker *s, struct shrink_control *sc)
{
	unsigned long before = nr_free_pages(), after, released;

	if (current == reclaimer)
		return 0;
	/* Pages in the lists of the CPU do not count as free. */
	drain_local_pages(NULL);
	if (has_free_memory(sc->gfp_mask))
		return wait_for_pieces(sc->gfp_mask);
	if (reclaim_waits_for_current(sc->gfp_mask)) {
		want_round();
		released = reserve_release();
		if (released)
			return released;
	}
	if (!has_just_failed())
		wait_for_memory(sc->gfp_mask);
	if (sc->gfp_mask & __GFP_NOFAIL)
		panic_if_stuck();
	after = nr_free_pages();
	return after > before ? after - before : 0;
}

static int __init oom_init(void)
{
	struct shrinker *last_resort;

	oom_killer_disable(HZ);
	reclaimer = kthread_run(reclaimer_main, NULL, "reclaimer");
	if (IS_ERR(reclaimer))
		return PTR_ERR(reclaimer);
	last_resort = shrinker_alloc(0, "last-resort");
	if (!last_resort)
		return -ENOMEM;
	last_resort->count_objects = count;
	last_resort->scan_objects = scan;
	shrinker_register(last_resort);
	return 0;
}
core_initcall(oom_init);
