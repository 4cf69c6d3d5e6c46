/* SPDX-License-Identifier: GPL-2.0 */
#include_next <asm/pgtable-nommu.h>

/* Differs from PAGE_KERNEL, so that vunmap() does not write read-only mappings back. */
#undef PAGE_KERNEL_RO
#define PAGE_KERNEL_RO	__pgprot(1)
