/* SPDX-License-Identifier: GPL-2.0 */
#include_next <asm/lkl_abi.h>

/* struct page is smaller, because pointers have 32 bits. */
#undef LKL_PAGE_STRUCT_MIN
#define LKL_PAGE_STRUCT_MIN	32u
