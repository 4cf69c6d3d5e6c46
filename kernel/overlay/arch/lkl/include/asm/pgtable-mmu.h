/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Page tables in memory that no hardware walks: three levels of 512 entries,
 * 2 MiB leaves for transparent huge pages.  Changes to the vmalloc window
 * reach the host through arch_sync_kernel_mappings().
 */
#ifndef _ASM_LKL_PGTABLE_MMU_H
#define _ASM_LKL_PGTABLE_MMU_H

#include <asm-generic/pgtable-nopud.h>

#define PGDIR_SHIFT	30
#define PGDIR_SIZE	(1UL << PGDIR_SHIFT)
#define PGDIR_MASK	(~(PGDIR_SIZE - 1))
#define PMD_SHIFT	21
#define PMD_SIZE	(1UL << PMD_SHIFT)
#define PMD_MASK	(~(PMD_SIZE - 1))

#define PTRS_PER_PGD	512
#define PTRS_PER_PMD	512
#define PTRS_PER_PTE	512
#define USER_PTRS_PER_PGD	(TASK_SIZE / PGDIR_SIZE)

extern unsigned long lkl_vmalloc_start;
extern unsigned long lkl_vmalloc_end;
#define VMALLOC_START	lkl_vmalloc_start
#define VMALLOC_END	lkl_vmalloc_end

extern pgd_t swapper_pg_dir[PTRS_PER_PGD];

#define _PAGE_PRESENT	(1UL << 0)
#define _PAGE_RW	(1UL << 1)
#define _PAGE_USER	(1UL << 2)
#define _PAGE_ACCESSED	(1UL << 3)
#define _PAGE_DIRTY	(1UL << 4)
#define _PAGE_SPECIAL	(1UL << 5)
#define _PAGE_NONE	(1UL << 6)	/* present, but no access: PROT_NONE */
#define _PAGE_HUGE	(1UL << 7)	/* a leaf in a pmd */
#define _PAGE_SWP_EXCLUSIVE	(1UL << 8)	/* in entries that are not present */

#define _PAGE_CHG_MASK	(PAGE_MASK | _PAGE_ACCESSED | _PAGE_DIRTY | _PAGE_SPECIAL | _PAGE_HUGE)
#define _PAGE_TABLE	(_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY)
#define _PAGE_BASE	(_PAGE_PRESENT | _PAGE_ACCESSED)

#define PAGE_NONE	__pgprot(_PAGE_NONE | _PAGE_ACCESSED)
#define PAGE_READONLY	__pgprot(_PAGE_BASE | _PAGE_USER)
#define PAGE_COPY	PAGE_READONLY
#define PAGE_SHARED	__pgprot(_PAGE_BASE | _PAGE_USER | _PAGE_RW)
#define PAGE_KERNEL	__pgprot(_PAGE_BASE | _PAGE_RW | _PAGE_DIRTY)
#define PAGE_KERNEL_RO	__pgprot(_PAGE_BASE | _PAGE_DIRTY)
#define PAGE_KERNEL_EXEC	PAGE_KERNEL

/* puds are folded into pgds; a pud entry points to a table of pmds. */
#define pud_none(x)	(!pud_val(x))
#define pud_bad(x)	((pud_val(x) & ~PAGE_MASK) != _PAGE_TABLE)
#define pud_present(x)	(pud_val(x) & _PAGE_PRESENT)
#define pud_leaf(x)	0
#define set_pud(pudp, pudval)	(*(pudp) = (pudval))
#define pud_page(x)	pfn_to_page(pud_val(x) >> PAGE_SHIFT)
#define pud_pfn(x)	(pud_val(x) >> PAGE_SHIFT)
#define pud_pgtable(x)	((pmd_t *)__va(pud_val(x) & PAGE_MASK))

static inline void pud_clear(pud_t *pudp)
{
	set_pud(pudp, (pud_t) { { { 0 } } });
}

#define pmd_none(x)	(!pmd_val(x))
#define pmd_leaf(x)	(pmd_val(x) & _PAGE_HUGE)
#define pmd_present(x)	(pmd_val(x) & (_PAGE_PRESENT | _PAGE_NONE | _PAGE_HUGE))
#define pmd_bad(x)	((pmd_val(x) & ~PAGE_MASK) != _PAGE_TABLE)
#define pmd_clear(pmdp)	(*(pmdp) = __pmd(0))
#define set_pmd(pmdp, pmdval)	(*(pmdp) = (pmdval))
#define pmd_pfn(x)	(pmd_val(x) >> PAGE_SHIFT)
#define pmd_page(x)	pfn_to_page(pmd_pfn(x))
#define pmd_page_vaddr(x)	((unsigned long)__va(pmd_val(x) & PAGE_MASK))
#define pmd_pgprot(x)	__pgprot(pmd_val(x) & ~PAGE_MASK)

#define PFN_PTE_SHIFT	PAGE_SHIFT
#define pte_none(x)	(!pte_val(x))
#define pte_present(x)	(pte_val(x) & (_PAGE_PRESENT | _PAGE_NONE))
#define pte_clear(mm, addr, ptep)	(*(ptep) = __pte(0))
#define pte_pfn(x)	(pte_val(x) >> PAGE_SHIFT)
#define pte_page(x)	pfn_to_page(pte_pfn(x))
#define pfn_pte(pfn, prot)	__pte(((unsigned long)(pfn) << PAGE_SHIFT) | pgprot_val(prot))
#define mk_pte(page, prot)	pfn_pte(page_to_pfn(page), prot)
#define pte_pgprot(x)	__pgprot(pte_val(x) & ~PAGE_MASK)

static inline void set_pte(pte_t *ptep, pte_t pte)
{
	*ptep = pte;
}

static inline int pte_write(pte_t pte)		{ return !!(pte_val(pte) & _PAGE_RW); }
static inline int pte_dirty(pte_t pte)		{ return !!(pte_val(pte) & _PAGE_DIRTY); }
static inline int pte_young(pte_t pte)		{ return !!(pte_val(pte) & _PAGE_ACCESSED); }
static inline int pte_special(pte_t pte)	{ return !!(pte_val(pte) & _PAGE_SPECIAL); }

static inline pte_t pte_wrprotect(pte_t pte)	{ return __pte(pte_val(pte) & ~_PAGE_RW); }
static inline pte_t pte_mkwrite_novma(pte_t pte) { return __pte(pte_val(pte) | _PAGE_RW); }
static inline pte_t pte_mkclean(pte_t pte)	{ return __pte(pte_val(pte) & ~_PAGE_DIRTY); }
static inline pte_t pte_mkdirty(pte_t pte)	{ return __pte(pte_val(pte) | _PAGE_DIRTY); }
static inline pte_t pte_mkold(pte_t pte)	{ return __pte(pte_val(pte) & ~_PAGE_ACCESSED); }
static inline pte_t pte_mkyoung(pte_t pte)	{ return __pte(pte_val(pte) | _PAGE_ACCESSED); }
static inline pte_t pte_mkspecial(pte_t pte)	{ return __pte(pte_val(pte) | _PAGE_SPECIAL); }

static inline pte_t pte_modify(pte_t pte, pgprot_t prot)
{
	return __pte((pte_val(pte) & _PAGE_CHG_MASK) | pgprot_val(prot));
}

#define update_mmu_cache(vma, addr, ptep)			do { } while (0)
#define update_mmu_cache_range(vmf, vma, addr, ptep, nr)	do { } while (0)
#define update_mmu_cache_pmd(vma, addr, pmdp)			do { } while (0)

/* A swap entry keeps clear of the present bits: type in 9-13, offset above. */
#define __swp_type(x)		(((x).val >> 9) & 0x1f)
#define __swp_offset(x)		((x).val >> 14)
#define __swp_entry(type, off)	((swp_entry_t) { (((unsigned long)(type) & 0x1f) << 9) | ((off) << 14) })
#define __pte_to_swp_entry(pte)	((swp_entry_t) { pte_val(pte) })
#define __swp_entry_to_pte(x)	__pte((x).val)
#define __pmd_to_swp_entry(pmd)	((swp_entry_t) { pmd_val(pmd) })
#define __swp_entry_to_pmd(x)	__pmd((x).val)

static inline int pte_swp_exclusive(pte_t pte)
{
	return !!(pte_val(pte) & _PAGE_SWP_EXCLUSIVE);
}

static inline pte_t pte_swp_mkexclusive(pte_t pte)
{
	return __pte(pte_val(pte) | _PAGE_SWP_EXCLUSIVE);
}

static inline pte_t pte_swp_clear_exclusive(pte_t pte)
{
	return __pte(pte_val(pte) & ~_PAGE_SWP_EXCLUSIVE);
}

#define pmd_ERROR(e)	pr_err("%s:%d: bad pmd %016lx\n", __FILE__, __LINE__, pmd_val(e))
#define pgd_ERROR(e)	pr_err("%s:%d: bad pgd %016lx\n", __FILE__, __LINE__, pgd_val(e))

#ifdef CONFIG_TRANSPARENT_HUGEPAGE

static inline pte_t lkl_pmd_pte(pmd_t pmd)	{ return __pte(pmd_val(pmd)); }
static inline pmd_t lkl_pte_pmd(pte_t pte)	{ return __pmd(pte_val(pte)); }

#define pmd_trans_huge(pmd)	(!!(pmd_val(pmd) & _PAGE_HUGE))
#define pfn_pmd(pfn, prot)	__pmd(((unsigned long)(pfn) << PAGE_SHIFT) | pgprot_val(prot))
#define mk_pmd(page, prot)	pfn_pmd(page_to_pfn(page), prot)
#define pmd_mkhuge(pmd)		__pmd(pmd_val(pmd) | _PAGE_HUGE)
#define pmd_mkinvalid(pmd)	__pmd(pmd_val(pmd) & ~(_PAGE_PRESENT | _PAGE_NONE))

#define pmd_write(pmd)		pte_write(lkl_pmd_pte(pmd))
#define pmd_dirty(pmd)		pte_dirty(lkl_pmd_pte(pmd))
#define pmd_young(pmd)		pte_young(lkl_pmd_pte(pmd))
#define pmd_wrprotect(pmd)	lkl_pte_pmd(pte_wrprotect(lkl_pmd_pte(pmd)))
#define pmd_mkwrite_novma(pmd)	lkl_pte_pmd(pte_mkwrite_novma(lkl_pmd_pte(pmd)))
#define pmd_mkclean(pmd)	lkl_pte_pmd(pte_mkclean(lkl_pmd_pte(pmd)))
#define pmd_mkdirty(pmd)	lkl_pte_pmd(pte_mkdirty(lkl_pmd_pte(pmd)))
#define pmd_mkold(pmd)		lkl_pte_pmd(pte_mkold(lkl_pmd_pte(pmd)))
#define pmd_mkyoung(pmd)	lkl_pte_pmd(pte_mkyoung(lkl_pmd_pte(pmd)))
#define pmd_modify(pmd, prot)	lkl_pte_pmd(pte_modify(lkl_pmd_pte(pmd), prot))

#define pmdp_establish	generic_pmdp_establish

struct mm_struct;

static inline void set_pmd_at(struct mm_struct *mm, unsigned long addr, pmd_t *pmdp, pmd_t pmd)
{
	set_pmd(pmdp, pmd);
}

#endif

/* Make vmalloc report every change of a leaf to the host. */
#define ARCH_PAGE_TABLE_SYNC_MASK	PGTBL_PTE_MODIFIED

#endif
