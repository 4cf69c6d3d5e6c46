/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_IRQFLAGS_H
#define _ASM_LKL_IRQFLAGS_H

#include <linux/compiler.h>
#include <asm/lkl_cpu.h>

/*
 * Interrupts are bits that the host sets in lkl_cpu.irqs.  They are handled only
 * where the kernel enables interrupts: code between two such places is never
 * interrupted, so plain C is atomic on this CPU.
 */
#define ARCH_IRQ_DISABLED	0
#define ARCH_IRQ_ENABLED	1

extern unsigned long lkl_irqs_enabled;
extern struct lkl_cpu lkl_cpu;
void lkl_irq_run(void);

static __always_inline unsigned long arch_local_save_flags(void)
{
	return lkl_irqs_enabled;
}

static __always_inline void arch_local_irq_restore(unsigned long flags)
{
	barrier();
	lkl_irqs_enabled = flags;
	barrier();
	if (unlikely(flags && READ_ONCE(lkl_cpu.irqs)))
		lkl_irq_run();
}

#include <asm-generic/irqflags.h>

#endif
