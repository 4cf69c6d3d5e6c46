/* SPDX-License-Identifier: GPL-2.0 */
/*
 * shared_pages.h - pages that the host can show at a second address
 *
 * To touch a page of shared memory costs the host microseconds; other memory it can
 * give in huge pages.  So the arena has both.  The shared part is ZONE_DMA32.  Who
 * will give pages to vmap() allocates them with GFP_VMAP.
 */
#ifndef _ASM_LKL_SHARED_PAGES_H
#define _ASM_LKL_SHARED_PAGES_H

#include <linux/pfn.h>
#include <asm/lkl.h>

struct page;

/* The page frame where the private part of the arena begins. */
static inline unsigned long lkl_private_start(void)
{
	return PFN_DOWN(lkl_arena_size - lkl_boot.private_size);
}

#ifdef CONFIG_MMU
void lkl_shared_pages_init(void);
bool lkl_page_is_shared(const struct page *page);
/* Make pages that were just allocated shared; false: the host cannot.  Any context. */
bool lkl_share_pages(struct page *page, unsigned int order);
#else
static inline bool lkl_share_pages(struct page *page, unsigned int order)
{
	return true;
}
#endif

#endif
