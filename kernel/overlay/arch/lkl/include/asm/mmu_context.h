/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_MMU_CONTEXT_H
#define _ASM_LKL_MMU_CONTEXT_H

/* Every task sees the host's address space. */
#include <asm-generic/nommu_context.h>
#ifdef CONFIG_MMU
#include <asm-generic/mm_hooks.h>
#endif

#endif
