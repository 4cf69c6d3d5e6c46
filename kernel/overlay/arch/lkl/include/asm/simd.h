/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_SIMD_H
#define _ASM_LKL_SIMD_H

#include <linux/types.h>

/* Also in interrupts, which are function calls: no registers have to be saved. */
static inline bool may_use_simd(void)
{
	return true;
}

#endif
