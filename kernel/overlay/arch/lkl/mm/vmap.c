// SPDX-License-Identifier: GPL-2.0
/*
 * vmap.c - repeat changes of the vmalloc window on the host
 *
 * vmalloc, vmap and vm_map_ram write page-table entries and then call
 * arch_sync_kernel_mappings(), with the range that has changed.  Runs of
 * adjacent pages become one call of the host.
 */
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/printk.h>
#include <linux/vmalloc.h>
#include <asm/lkl.h>

#define NO_PFN	(~0UL)

static unsigned long pfn_at(unsigned long addr)
{
	pgd_t *pgd = pgd_offset_k(addr);
	pud_t *pud = pud_offset(p4d_offset(pgd, addr), addr);
	pmd_t *pmd;
	pte_t *pte;

	if (pud_none(*pud))
		return NO_PFN;
	pmd = pmd_offset(pud, addr);
	if (pmd_none(*pmd))
		return NO_PFN;
	pte = pte_offset_kernel(pmd, addr);
	return pte_present(*pte) ? pte_pfn(*pte) : NO_PFN;
}

static void map_on_host(unsigned long addr, unsigned long pfn, unsigned long pages)
{
	int err;

	if (pfn == NO_PFN)
		err = lkl_host->unmap(lkl_host_arg, addr, pages << PAGE_SHIFT);
	else
		err = lkl_host->map(lkl_host_arg, addr, pfn << PAGE_SHIFT, pages << PAGE_SHIFT);
	/* The callers cannot report an error, and would read the wrong memory. */
	if (err)
		panic("host cannot map %lu pages of kernel memory: error %d", pages, -err);
}

void arch_sync_kernel_mappings(unsigned long start, unsigned long end)
{
	unsigned long run, addr, pfn, pages;

	for (run = start; run < end; run += pages << PAGE_SHIFT) {
		pfn = pfn_at(run);
		pages = 1;
		for (addr = run + PAGE_SIZE; addr < end; addr += PAGE_SIZE, pages++) {
			if (pfn_at(addr) != (pfn == NO_PFN ? NO_PFN : pfn + pages))
				break;
		}
		map_on_host(run, pfn, pages);
	}
}
