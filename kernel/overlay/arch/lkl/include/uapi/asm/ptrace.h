/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
#ifndef _UAPI_ASM_LKL_PTRACE_H
#define _UAPI_ASM_LKL_PTRACE_H

/* There is no user mode, hence there are no user registers. */
struct user_pt_regs {
	unsigned long none;
};

#endif
