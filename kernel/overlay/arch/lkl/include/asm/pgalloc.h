/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_PGALLOC_H
#define _ASM_LKL_PGALLOC_H

#ifdef CONFIG_MMU

#include <linux/mm.h>
#include <asm-generic/pgalloc.h>

#define pmd_populate_kernel(mm, pmdp, ptep) \
	set_pmd(pmdp, __pmd(_PAGE_TABLE | __pa(ptep)))
#define pmd_populate(mm, pmdp, ptepage) \
	set_pmd(pmdp, __pmd(_PAGE_TABLE | page_to_phys(ptepage)))
#define pud_populate(mm, pudp, pmdp) \
	set_pud(pudp, ((pud_t) { { { _PAGE_TABLE | __pa(pmdp) } } }))

#define __pte_free_tlb(tlb, pte, address)			\
do {								\
	pagetable_pte_dtor(page_ptdesc(pte));			\
	tlb_remove_page_ptdesc((tlb), (page_ptdesc(pte)));	\
} while (0)

#define __pmd_free_tlb(tlb, pmd, address)			\
do {								\
	pagetable_pmd_dtor(virt_to_ptdesc(pmd));		\
	tlb_remove_page_ptdesc((tlb), virt_to_ptdesc(pmd));	\
} while (0)

pgd_t *pgd_alloc(struct mm_struct *mm);

#endif
#endif
