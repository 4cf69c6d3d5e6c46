/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_WASM_POSIX_TYPES_H
#define _ASM_WASM_POSIX_TYPES_H

/* clang's size_t for wasm32 is unsigned long, where 32-bit machines have unsigned int. */
typedef unsigned long	__kernel_size_t;
typedef long		__kernel_ssize_t;
typedef long		__kernel_ptrdiff_t;
#define __kernel_size_t	__kernel_size_t

#include <asm-generic/posix_types.h>

#endif
