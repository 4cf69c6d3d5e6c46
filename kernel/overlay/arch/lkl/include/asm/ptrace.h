/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_PTRACE_H
#define _ASM_LKL_PTRACE_H

#include <uapi/asm/ptrace.h>
#include <linux/errno.h>

/* There is no user mode, so no registers are ever saved. */
struct pt_regs {
	unsigned long none;
};

#define user_mode(regs)			0
#define instruction_pointer(regs)	0UL
#define profile_pc(regs)		0UL
#define user_stack_pointer(regs)	0UL
#define kernel_stack_pointer(regs)	0UL

#endif
