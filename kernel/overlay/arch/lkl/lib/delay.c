// SPDX-License-Identifier: GPL-2.0
/*
 * delay.c - busy waiting by the host's clock
 */
#include <linux/delay.h>
#include <linux/export.h>
#include <asm/lkl.h>
#include <asm/processor.h>

void lkl_ndelay(unsigned long nsecs)
{
	u64 end = lkl_host->clock_ns(lkl_host_arg) + nsecs;

	while (lkl_host->clock_ns(lkl_host_arg) < end)
		cpu_relax();
}
EXPORT_SYMBOL(lkl_ndelay);
