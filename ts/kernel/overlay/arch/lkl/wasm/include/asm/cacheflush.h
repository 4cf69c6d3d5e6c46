/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_WASM_CACHEFLUSH_H
#define _ASM_WASM_CACHEFLUSH_H

/* vmap() copies, like a cache that must be written back: wasm/copy_vmap.c. */
#define ARCH_IMPLEMENTS_FLUSH_KERNEL_VMAP_RANGE	1
void flush_kernel_vmap_range(void *vaddr, int size);
void invalidate_kernel_vmap_range(void *vaddr, int size);

#include <asm-generic/cacheflush.h>

#endif
