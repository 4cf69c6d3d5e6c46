/* SPDX-License-Identifier: GPL-2.0 */
/*
 * shared_pages.h - pages that the host can map at a second address
 *
 * The first touch of a page of shared memory takes the host microseconds, while
 * private memory comes in huge pages.  So the arena has both.  The shared part is
 * ZONE_DMA32.  Pages for vmap() are allocated with GFP_VMAP.
 */
#ifndef _ASM_LKL_SHARED_PAGES_H
#define _ASM_LKL_SHARED_PAGES_H

#include <linux/pfn.h>
#include <asm/lkl.h>

struct page;

/* The first page frame of the arena's private part. */
static inline unsigned long lkl_private_start(void)
{
	return PFN_DOWN(lkl_arena_size - lkl_boot.private_size);
}

#ifdef CONFIG_MMU
void lkl_shared_pages_init(void);
bool lkl_page_is_shared(const struct page *page);
/* Make newly allocated pages shared; false if the host cannot do it.  Any context. */
bool lkl_share_pages(struct page *page, unsigned int order);
#else
static inline bool lkl_share_pages(struct page *page, unsigned int order)
{
	return true;
}
#endif

#endif
