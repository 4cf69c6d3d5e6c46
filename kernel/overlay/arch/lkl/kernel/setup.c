// SPDX-License-Identifier: GPL-2.0
/*
 * setup.c - early set-up of memory and command line, and the functions by which
 * generic code asks about the processor
 */
#include <linux/cpu.h>
#include <linux/init.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <asm/lkl.h>
#include <asm/page.h>
#include <asm/setup.h>
#include <asm/shared_pages.h>

unsigned long lkl_arena;
unsigned long lkl_arena_size;
void *lkl_zero_page;

EXPORT_SYMBOL(lkl_arena);

void __init setup_arch(char **cmdline_p)
{
	unsigned long zone_end[MAX_NR_ZONES] = { };

	*cmdline_p = boot_command_line;
	parse_early_param();

	/* Page 0 is reserved: for much code, physical address 0 means no address. */
	memblock_add(0, lkl_arena_size);
	memblock_reserve(0, PAGE_SIZE);

	min_low_pfn = 0;
	max_low_pfn = max_pfn = PFN_DOWN(lkl_arena_size);
	high_memory = __va(lkl_arena_size);
	set_max_mapnr(max_pfn);

	lkl_zero_page = memblock_alloc(PAGE_SIZE, PAGE_SIZE);
	if (!lkl_zero_page)
		panic("no memory for the zero page");

	/* lib/host/linux/arena.c expects the page structs at the end, where memblock allocates. */
	BUILD_BUG_ON(sizeof(struct page) < LKL_PAGE_STRUCT_MIN);

#ifdef CONFIG_MMU
	lkl_shared_pages_init();
	zone_end[ZONE_DMA32] = lkl_private_start();
#endif
	zone_end[ZONE_NORMAL] = max_low_pfn;
	free_area_init(zone_end);
}

void __init arch_cpu_finalize_init(void)
{
}

static int show_cpuinfo(struct seq_file *m, void *v)
{
	seq_puts(m, "processor\t: 0\nmodel name\t: library kernel\n");
	return 0;
}

static void *c_start(struct seq_file *m, loff_t *pos)
{
	return *pos == 0 ? m : NULL;
}

static void *c_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return NULL;
}

static void c_stop(struct seq_file *m, void *v)
{
}

const struct seq_operations cpuinfo_op = {
	.start = c_start,
	.next = c_next,
	.stop = c_stop,
	.show = show_cpuinfo,
};
