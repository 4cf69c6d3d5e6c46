/* SPDX-License-Identifier: GPL-2.0 */
/*
 * api.h - vector registers in kernel code: nothing has to be saved
 *
 * The callers of this kernel and its tasks switch by function calls, and the System V ABI
 * lets every call change all vector registers.  An interrupt is a function call, too,
 * made where the kernel enables interrupts.  Code between kernel_fpu_begin() and
 * kernel_fpu_end() must not call memcpy() while vector registers hold data, because the
 * host's memcpy() uses them.  The control words, which a callee must keep, are not changed.
 */
#ifndef _ASM_LKL_FPU_API_H
#define _ASM_LKL_FPU_API_H

#include <linux/compiler.h>
#include <asm/cpufeature.h>

static inline void kernel_fpu_begin(void)
{
	barrier();
}

static inline void kernel_fpu_end(void)
{
	barrier();
}

static inline bool irq_fpu_usable(void)
{
	return true;
}

#endif
