/* SPDX-License-Identifier: GPL-2.0 */
#include_next <asm/syscall_wrapper.h>

/*
 * There is no compat ABI.  The generic macro makes an alias in assembler, which clang
 * cannot do for WebAssembly.
 */
#define COND_SYSCALL_COMPAT(name)
