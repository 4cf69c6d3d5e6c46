// SPDX-License-Identifier: GPL-2.0
/*
 * reboot.c - end an instance by halt, restart or panic
 */
#include <linux/init.h>
#include <linux/notifier.h>
#include <linux/panic_notifier.h>
#include <linux/reboot.h>
#include <linux/pm.h>
#include <asm/lkl.h>

void (*pm_power_off)(void);

void machine_halt(void)
{
	lkl_host->stop(lkl_host_arg, LKL_STOP_HALT, "halted");
}

void machine_power_off(void)
{
	machine_halt();
}

void machine_restart(char *cmd)
{
	machine_halt();
}

static int on_panic(struct notifier_block *nb, unsigned long event, void *text)
{
	lkl_host->stop(lkl_host_arg, LKL_STOP_PANIC, text);
	return NOTIFY_DONE;
}

static struct notifier_block panic_block = {
	.notifier_call = on_panic,
	.priority = INT_MIN,
};

static int __init register_panic(void)
{
	atomic_notifier_chain_register(&panic_notifier_list, &panic_block);
	return 0;
}
early_initcall(register_panic);
