// SPDX-License-Identifier: GPL-2.0
/*
 * shared_pages.c - make pages that the host can map at a second address
 *
 * The first part of the arena is shared memory from the start.  When it is full,
 * pages of the private part are made shared.  This discards their content, so it is
 * done just after they were allocated.  They stay shared when they are freed.
 */
#include <linux/bitmap.h>
#include <linux/init.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <asm/lkl.h>
#include <asm/shared_pages.h>

static unsigned long *shared;	/* a bit for each page from lkl_private_start() on */

void __init lkl_shared_pages_init(void)
{
	unsigned long bits = max_pfn - lkl_private_start();

	shared = memblock_alloc(BITS_TO_LONGS(bits) * sizeof(long), sizeof(long));
	if (!shared)
		panic("no memory for the map of shared pages");
}

bool lkl_page_is_shared(const struct page *page)
{
	unsigned long pfn = page_to_pfn(page), first = lkl_private_start();

	return pfn < first || test_bit(pfn - first, shared);
}

bool lkl_share_pages(struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page), first = lkl_private_start();
	unsigned long start = pfn - first, pages = 1UL << order;

	if (pfn < first ||
	    find_next_zero_bit(shared, start + pages, start) >= start + pages)
		return true;
	if (lkl_host->map(lkl_host_arg, (unsigned long)page_address(page), pfn << PAGE_SHIFT,
			  pages << PAGE_SHIFT))
		return false;
	bitmap_set(shared, start, pages);
	return true;
}
