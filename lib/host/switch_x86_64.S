/* SPDX-License-Identifier: GPL-2.0 */
/*
 * switch_x86_64.S - stack switches for the System V ABI; see internal.h
 *
 * A saved context is a stack pointer; above it lie r15 r14 r13 r12 rbx rbp and
 * the return address.  The ABI makes callers save all other registers.
 */
#include "function.h"

	.text

	.macro	save
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	.endm

	.macro	restore
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	.endm

/* void host_ctx_swap(void **save, void *load) */
function host_ctx_swap
	save
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	restore
	ret
end host_ctx_swap

/* void *host_ctx_make(void *top, void (*fn)(void)) */
function host_ctx_make
	leaq	-64(%rdi), %rax
	movq	$0, 0(%rax)
	movq	$0, 8(%rax)
	movq	$0, 16(%rax)
	movq	$0, 24(%rax)
	movq	%rsi, 32(%rax)			/* rbx: fn */
	movq	$0, 40(%rax)			/* rbp: the last frame */
	leaq	start(%rip), %rdx
	movq	%rdx, 48(%rax)
	movq	$0, 56(%rax)
	ret
end host_ctx_make

/* First code on a new stack; rsp is 8 below a 16-byte boundary. */
	.type	start, @function
start:
	.cfi_startproc
	.cfi_undefined rip
	subq	$8, %rsp
	call	*%rbx
	ud2
	.cfi_endproc
	.size	start, . - start

/* int64_t host_call(void **save, void *fn, void *a, int64_t b, const void *c) */
function host_call
	save
	subq	$8, %rsp
	.cfi_def_cfa_offset 64
	movq	%rsp, (%rdi)
	movq	%rsi, %rax
	movq	%rdx, %rdi
	movq	%rcx, %rsi
	movq	%r8, %rdx
	call	*%rax
	addq	$8, %rsp
	restore
	ret
end host_call

/* void host_unwind(void *saved, int64_t ret) */
function host_unwind
	movq	%rdi, %rsp
	movq	%rsi, %rax
	addq	$8, %rsp
	restore
	ret
end host_unwind

/* void host_on_stack(void *sp, void *fn, const void *a, const void *b, size_t c) */
function host_on_stack
	pushq	%rbp
	.cfi_def_cfa_offset 16
	.cfi_offset rbp, -16
	movq	%rsp, %rbp
	.cfi_def_cfa_register rbp
	subq	$128, %rdi			/* keep the red zone of that stack */
	andq	$-16, %rdi
	movq	%rdi, %rsp
	movq	%rsi, %rax
	movq	%rdx, %rdi
	movq	%rcx, %rsi
	movq	%r8, %rdx
	call	*%rax
	movq	%rbp, %rsp
	popq	%rbp
	ret
end host_on_stack

	.section .note.GNU-stack, "", @progbits
