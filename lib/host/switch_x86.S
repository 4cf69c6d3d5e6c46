/* SPDX-License-Identifier: GPL-2.0 */
/*
 * switch_x86.S - stack switches for the System V ABI of i386; see internal.h
 *
 * A saved context is a stack pointer; above it lie edi esi ebx ebp and the return
 * address.  The ABI makes callers save all other registers, and passes arguments on
 * the stack.  At each call the stack pointer is a multiple of 16.
 */
#include "function.h"

	.text

	.macro	save
	pushl	%ebp
	pushl	%ebx
	pushl	%esi
	pushl	%edi
	.endm

	.macro	restore
	popl	%edi
	popl	%esi
	popl	%ebx
	popl	%ebp
	.endm

/* void host_ctx_swap(void **save, void *load) */
function host_ctx_swap
	movl	4(%esp), %eax
	movl	8(%esp), %edx
	save
	movl	%esp, (%eax)
	movl	%edx, %esp
	restore
	ret
end host_ctx_swap

/* void *host_ctx_make(void *top, void (*fn)(void)) */
function host_ctx_make
	movl	4(%esp), %eax
	movl	8(%esp), %ecx
	subl	$32, %eax
	movl	$0, 0(%eax)
	movl	$0, 4(%eax)
	movl	%ecx, 8(%eax)			/* ebx: fn */
	movl	$0, 12(%eax)			/* ebp: the last frame */
	call	1f
1:	popl	%edx
	addl	$start - 1b, %edx
	movl	%edx, 16(%eax)
	ret
end host_ctx_make

/* First code on a new stack; esp is 12 below a 16-byte boundary. */
	.type	start, @function
start:
	.cfi_startproc
	.cfi_undefined eip
	subl	$4, %esp
	call	*%ebx
	ud2
	.cfi_endproc
	.size	start, . - start

/* int64_t host_call(void **save, void *fn, void *a, int64_t b, const void *c) */
function host_call
	save
	subl	$12, %esp
	.cfi_def_cfa_offset 32
	movl	32(%esp), %edx
	movl	36(%esp), %eax
	movl	%esp, (%edx)
	pushl	52(%esp)			/* c */
	pushl	52(%esp)			/* b, high */
	pushl	52(%esp)			/* b, low */
	pushl	52(%esp)			/* a */
	.cfi_adjust_cfa_offset 16
	call	*%eax
	addl	$28, %esp
	restore
	ret
end host_call

/* void host_unwind(void *saved, int64_t ret) */
function host_unwind
	movl	4(%esp), %ecx
	movl	8(%esp), %eax
	movl	12(%esp), %edx
	movl	%ecx, %esp
	addl	$12, %esp
	restore
	ret
end host_unwind

/* void host_on_stack(void *sp, void *fn, const void *a, const void *b, size_t c) */
function host_on_stack
	pushl	%ebp
	.cfi_def_cfa_offset 8
	.cfi_offset ebp, -8
	movl	%esp, %ebp
	.cfi_def_cfa_register ebp
	movl	8(%ebp), %esp
	andl	$-16, %esp
	subl	$4, %esp
	pushl	24(%ebp)
	pushl	20(%ebp)
	pushl	16(%ebp)
	call	*12(%ebp)
	movl	%ebp, %esp
	popl	%ebp
	ret
end host_on_stack

	.section .note.GNU-stack, "", @progbits
