/* SPDX-License-Identifier: GPL-2.0 */
#include_next <asm/pgtable-nommu.h>

/* Another value than PAGE_KERNEL: wasm/copy_vmap.c need not write such pages back. */
#undef PAGE_KERNEL_RO
#define PAGE_KERNEL_RO	__pgprot(1)
