/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_XOR_H
#define _ASM_LKL_XOR_H

#include <asm-generic/xor.h>

/* Measuring all variants would slow every boot; without SIMD they hardly differ. */
#ifdef CONFIG_LKL_X86
extern struct xor_block_template lkl_xor_block;	/* x86/xor.c */
#define XOR_SELECT_TEMPLATE(fastest)	(&lkl_xor_block)
#else
#define XOR_SELECT_TEMPLATE(fastest)	(&xor_block_8regs)
#endif

#endif
