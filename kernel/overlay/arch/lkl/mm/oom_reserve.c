// SPDX-License-Identifier: GPL-2.0
/*
 * oom_reserve.c - pages for the tasks that reclaim itself waits for
 *
 * Under write load, the running transaction of a journal pins most of the memory.
 * Only its commit frees that memory, and the commit waits for every task that has
 * the transaction open (current->journal_info).  Write-back likewise waits for a
 * task that allocates with a folio locked, and needs kernel threads to go on.  Such
 * a task must not wait for memory.  It gets pages from this reserve instead, until
 * it has closed its transaction.
 *
 * The kernel is not preemptible and has one CPU, so no lock is needed.
 */
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include "oom.h"

#define SMALLEST	64	/* pages */
#define LARGEST		2048
#define BATCH		32	/* pages for one failed reclaim */

static LIST_HEAD(reserve);
static unsigned long in_reserve;

static unsigned long wanted_size(void)
{
	return clamp(totalram_pages() / 32, SMALLEST, LARGEST);
}

bool reclaim_waits_for_current(gfp_t gfp)
{
	return current->journal_info || gfp & __GFP_NOFAIL || current->flags & PF_KTHREAD;
}

unsigned long reserve_release(void)
{
	unsigned long released = 0;
	struct page *page;

	while (released < BATCH && !list_empty(&reserve)) {
		page = list_first_entry(&reserve, struct page, lru);
		list_del(&page->lru);
		__free_page(page);
		released++;
	}
	in_reserve -= released;
	return released;
}

bool reserve_is_full(void)
{
	return in_reserve >= wanted_size();
}

void reserve_fill(void)
{
	struct page *page;

	while (!reserve_is_full() && has_free_memory(GFP_KERNEL)) {
		page = alloc_page(__GFP_NOWARN);
		if (!page)
			return;
		list_add(&page->lru, &reserve);
		in_reserve++;
	}
}
