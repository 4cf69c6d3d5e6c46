/* SPDX-License-Identifier: GPL-2.0 */
#include_next <asm/syscall_wrapper.h>

/*
 * There is no second ABI.  The generic one is an alias in assembler, which clang cannot
 * make for WebAssembly.
 */
#define COND_SYSCALL_COMPAT(name)
