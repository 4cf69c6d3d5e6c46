/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nospec-branch.h - indirect jumps of arch/x86 in assembler
 *
 * The kernel shares the address space of its caller, so it has nothing to hide from the
 * caller by retpolines.
 */
#ifndef _ASM_LKL_NOSPEC_BRANCH_H
#define _ASM_LKL_NOSPEC_BRANCH_H

.macro JMP_NOSPEC reg:req
	jmp	*%\reg
.endm

#endif
