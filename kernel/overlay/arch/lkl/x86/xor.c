// SPDX-License-Identifier: GPL-2.0
/*
 * xor.c - choose a function for the parity of RAID 5 on its first use
 */
#include <linux/raid/xor.h>
#include <asm/xor.h>
#include "../../x86/include/asm/xor_avx.h"

static void choose(void)
{
	const struct xor_block_template *best = &xor_block_8regs;

	if (boot_cpu_has(X86_FEATURE_AVX))
		best = &xor_block_avx;
	lkl_xor_block.name = best->name;
	lkl_xor_block.do_2 = best->do_2;
	lkl_xor_block.do_3 = best->do_3;
	lkl_xor_block.do_4 = best->do_4;
	lkl_xor_block.do_5 = best->do_5;
}

static void first_2(unsigned long bytes, unsigned long *__restrict p1,
		    const unsigned long *__restrict p2)
{
	choose();
	lkl_xor_block.do_2(bytes, p1, p2);
}

static void first_3(unsigned long bytes, unsigned long *__restrict p1,
		    const unsigned long *__restrict p2, const unsigned long *__restrict p3)
{
	choose();
	lkl_xor_block.do_3(bytes, p1, p2, p3);
}

static void first_4(unsigned long bytes, unsigned long *__restrict p1,
		    const unsigned long *__restrict p2, const unsigned long *__restrict p3,
		    const unsigned long *__restrict p4)
{
	choose();
	lkl_xor_block.do_4(bytes, p1, p2, p3, p4);
}

static void first_5(unsigned long bytes, unsigned long *__restrict p1,
		    const unsigned long *__restrict p2, const unsigned long *__restrict p3,
		    const unsigned long *__restrict p4, const unsigned long *__restrict p5)
{
	choose();
	lkl_xor_block.do_5(bytes, p1, p2, p3, p4, p5);
}

struct xor_block_template lkl_xor_block = {
	.name = "chosen on first use",
	.do_2 = first_2,
	.do_3 = first_3,
	.do_4 = first_4,
	.do_5 = first_5,
};
