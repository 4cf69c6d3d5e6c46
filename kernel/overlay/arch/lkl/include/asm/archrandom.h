/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_ARCHRANDOM_H
#define _ASM_LKL_ARCHRANDOM_H

#include <linux/types.h>
#include <asm/lkl.h>

/* The host provides seeds, not every random number. */
static inline size_t __must_check arch_get_random_longs(unsigned long *v, size_t max_longs)
{
	return 0;
}

static inline size_t __must_check arch_get_random_seed_longs(unsigned long *v, size_t max_longs)
{
	lkl_host->random(lkl_host_arg, v, max_longs * sizeof(*v));
	return max_longs;
}

#endif
