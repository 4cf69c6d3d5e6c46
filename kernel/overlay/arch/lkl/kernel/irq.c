// SPDX-License-Identifier: GPL-2.0
/*
 * irq.c - handle interrupts, which are bits that the host sets
 */
#include <linux/hardirq.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <asm/irq_regs.h>
#include <asm/irqflags.h>
#include <asm/lkl.h>

unsigned long lkl_irqs_enabled;
EXPORT_SYMBOL(lkl_irqs_enabled);

/* Called when interrupts were just enabled and one is pending. */
void lkl_irq_run(void)
{
	static struct pt_regs regs;
	struct pt_regs *old = set_irq_regs(&regs);
	u32 bits;

	lkl_irqs_enabled = ARCH_IRQ_DISABLED;
	do {
		bits = __atomic_exchange_n(&lkl_cpu.irqs, 0, __ATOMIC_ACQUIRE);
		irq_enter();
		if (bits & LKL_IRQ_BLOCK)
			lkl_block_irq();
		if (bits & LKL_IRQ_THREAD)
			lkl_thread_irq();
		if (bits & LKL_IRQ_TIMER)
			lkl_timer_irq();
		irq_exit();
	} while (READ_ONCE(lkl_cpu.irqs));
	lkl_irqs_enabled = ARCH_IRQ_ENABLED;
	set_irq_regs(old);
}

/* A loop that waits for the effect of an interrupt gets the interrupt here. */
void cpu_relax(void)
{
	if (lkl_irqs_enabled && READ_ONCE(lkl_cpu.irqs))
		lkl_irq_run();
	barrier();
}
EXPORT_SYMBOL(cpu_relax);

void __init init_IRQ(void)
{
}

/* There are no interrupt controllers. */
int show_interrupts(struct seq_file *p, void *v)
{
	return 0;
}
