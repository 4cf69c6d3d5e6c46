/* SPDX-License-Identifier: GPL-2.0 */
/*
 * function.h - macros around the functions in assembly language
 */
#ifndef ANYFS_HOST_FUNCTION_H
#define ANYFS_HOST_FUNCTION_H

	.macro	function name
	.globl	\name
	.hidden	\name
	.type	\name, @function
	.balign	16
\name:
	.cfi_startproc
	.endm

	.macro	end name
	.cfi_endproc
	.size	\name, . - \name
	.endm

#endif /* ANYFS_HOST_FUNCTION_H */
