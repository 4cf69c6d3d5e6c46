/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_PGTABLE_H
#define _ASM_LKL_PGTABLE_H

#include <asm/page.h>

#ifndef __ASSEMBLY__

#define ZERO_PAGE(vaddr)	virt_to_page(lkl_zero_page)

#ifdef CONFIG_MMU
#include <asm/pgtable-mmu.h>
#else
#include <asm/pgtable-nommu.h>
#endif

#endif
#endif
