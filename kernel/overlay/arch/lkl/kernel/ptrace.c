// SPDX-License-Identifier: GPL-2.0
/*
 * ptrace.c - there is no user mode to trace
 */
#include <linux/errno.h>
#include <linux/ptrace.h>

void ptrace_disable(struct task_struct *child)
{
}

long arch_ptrace(struct task_struct *child, long request, unsigned long addr, unsigned long data)
{
	return -EIO;
}
