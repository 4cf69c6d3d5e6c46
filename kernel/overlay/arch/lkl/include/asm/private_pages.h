/* SPDX-License-Identifier: GPL-2.0 */
/*
 * private_pages.h - slabs in memory that the host maps only once
 *
 * Nobody maps a slab a second time.  So the host can give the end of the arena
 * (lkl_boot_params.private_size) in huge pages, which memory that is shared
 * with the window for vmalloc cannot be, and a boot's two hundred slabs cost
 * one fault.  What page structs and other early tables leave of it is for slabs
 * alone and never gets to the page allocator.
 */
#ifndef _ASM_LKL_PRIVATE_PAGES_H
#define _ASM_LKL_PRIVATE_PAGES_H

#include <linux/types.h>

struct page;

void lkl_private_pages_init(void);
/* 1 << @order pages, compound, with one reference; NULL: there are none left.  Any context. */
struct page *lkl_private_pages_alloc(unsigned int order);
/* Take them back; false if they are not of these.  Any context. */
bool lkl_private_pages_free(struct page *page, unsigned int order);

#endif
