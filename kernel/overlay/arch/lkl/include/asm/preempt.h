/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_PREEMPT_H
#define _ASM_LKL_PREEMPT_H

#include <asm/irqflags.h>

#define should_resched generic_should_resched
#include <asm-generic/preempt.h>
#undef should_resched

/*
 * cond_resched() calls this.  Handle pending interrupts first: a loop that calls
 * cond_resched() until another task has made progress (f2fs_sync_dirty_inodes())
 * need not enable interrupts, and without the timer interrupt it would never yield.
 */
static __always_inline bool should_resched(int preempt_offset)
{
	if (unlikely(READ_ONCE(lkl_cpu.irqs)) && lkl_irqs_enabled)
		lkl_irq_run();
	return generic_should_resched(preempt_offset);
}

#endif
