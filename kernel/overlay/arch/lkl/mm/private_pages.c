// SPDX-License-Identifier: GPL-2.0
/*
 * private_pages.c - slabs in memory that the host maps only once
 *
 * What was given once stays a compound page of its order.
 */
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/list.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <asm/lkl.h>
#include <asm/private_pages.h>
#include "../../../mm/internal.h"

#define ORDERS	(PAGE_ALLOC_COSTLY_ORDER + 1)

static struct list_head unused[ORDERS];
static unsigned long next, end;		/* page frames that were never given */

/* The largest piece that early boot has left; the small ones stay unused. */
void __init lkl_private_pages_init(void)
{
	phys_addr_t start = lkl_arena_size - lkl_boot.private_size, from, to;
	u64 i;

	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &from, &to, NULL) {
		unsigned long first = PFN_UP(max(from, start)), last = PFN_DOWN(to);

		if (last > first && last - first > end - next) {
			next = first;
			end = last;
		}
	}
	memblock_reserve(start, lkl_arena_size - start);
	for (i = 0; i < ORDERS; i++)
		INIT_LIST_HEAD(&unused[i]);
}

static struct page *take(unsigned int order)
{
	struct page *page = pfn_to_page(next);

	for (unsigned int i = 0; i < 1U << order; i++) {
		__ClearPageReserved(page + i);
		set_page_count(page + i, !i);
	}
	if (order)
		prep_compound_page(page, order);
	next += 1UL << order;
	return page;
}

struct page *lkl_private_pages_alloc(unsigned int order)
{
	struct page *page = NULL;
	unsigned long flags;

	if (order >= ORDERS)
		return NULL;
	local_irq_save(flags);
	if (!list_empty(&unused[order])) {
		page = list_first_entry(&unused[order], struct page, lru);
		list_del(&page->lru);
	} else if (ALIGN(next, 1UL << order) + (1UL << order) <= end) {
		while (!IS_ALIGNED(next, 1UL << order)) {
			unsigned int gap = __ffs(next);

			list_add(&take(gap)->lru, &unused[gap]);
		}
		page = take(order);
	}
	local_irq_restore(flags);
	return page;
}

bool lkl_private_pages_free(struct page *page, unsigned int order)
{
	unsigned long flags;

	if (page_to_phys(page) < lkl_arena_size - lkl_boot.private_size)
		return false;
	local_irq_save(flags);
	list_add(&page->lru, &unused[order]);
	local_irq_restore(flags);
	return true;
}
