/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_PGTABLE_NOMMU_H
#define _ASM_LKL_PGTABLE_NOMMU_H

#include <asm-generic/pgtable-nopud.h>

struct vm_area_struct;

/* There are no page tables, but init_mm needs this name. */
#define swapper_pg_dir	((pgd_t *)0)

#define PGDIR_SHIFT	30
#define PGDIR_SIZE	(1UL << PGDIR_SHIFT)
#define PGDIR_MASK	(~(PGDIR_SIZE - 1))
#define PMD_SHIFT	21
#define PMD_SIZE	(1UL << PMD_SHIFT)
#define PMD_MASK	(~(PMD_SIZE - 1))

#define PAGE_NONE	__pgprot(0)
#define PAGE_SHARED	__pgprot(0)
#define PAGE_COPY	__pgprot(0)
#define PAGE_READONLY	__pgprot(0)
#define PAGE_KERNEL	__pgprot(0)

#define VMALLOC_START	0UL
#define VMALLOC_END	(~0UL)

#define pgprot_noncached(prot)	(prot)

#endif
