// SPDX-License-Identifier: GPL-2.0
/*
 * init.c - give the free memory to the page allocator; page tables (with an MMU)
 */
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <asm/pgalloc.h>
#include <asm/pgtable.h>

void __init mem_init(void)
{
	memblock_free_all();
}

/* The kernel image is mapped by the host and not part of the arena: nothing to free. */
void free_initmem(void)
{
}

#ifdef CONFIG_MMU

pgd_t swapper_pg_dir[PTRS_PER_PGD] __aligned(PAGE_SIZE);
unsigned long lkl_vmalloc_start;
unsigned long lkl_vmalloc_end;

pgd_t *pgd_alloc(struct mm_struct *mm)
{
	return (pgd_t *)__get_free_page(GFP_KERNEL | __GFP_ZERO);
}

static const pgprot_t protection_map[16] = {
	[VM_NONE]				= PAGE_NONE,
	[VM_READ]				= PAGE_READONLY,
	[VM_WRITE]				= PAGE_COPY,
	[VM_WRITE | VM_READ]			= PAGE_COPY,
	[VM_EXEC]				= PAGE_READONLY,
	[VM_EXEC | VM_READ]			= PAGE_READONLY,
	[VM_EXEC | VM_WRITE]			= PAGE_COPY,
	[VM_EXEC | VM_WRITE | VM_READ]		= PAGE_COPY,
	[VM_SHARED]				= PAGE_NONE,
	[VM_SHARED | VM_READ]			= PAGE_READONLY,
	[VM_SHARED | VM_WRITE]			= PAGE_SHARED,
	[VM_SHARED | VM_WRITE | VM_READ]	= PAGE_SHARED,
	[VM_SHARED | VM_EXEC]			= PAGE_READONLY,
	[VM_SHARED | VM_EXEC | VM_READ]		= PAGE_READONLY,
	[VM_SHARED | VM_EXEC | VM_WRITE]	= PAGE_SHARED,
	[VM_SHARED | VM_EXEC | VM_WRITE | VM_READ] = PAGE_SHARED,
};
DECLARE_VM_GET_PAGE_PROT

#endif
