/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wasm.h - included before every file that is compiled for WebAssembly
 *
 * Replaces what a linker script or the processor provides elsewhere.
 */
#ifndef _ASM_WASM_WASM_H
#define _ASM_WASM_WASM_H

#ifndef __ASSEMBLY__

/* The call stack is not in memory: no return address can be read. */
#define __builtin_return_address(level)	((void *)0)

/* asm-generic/io.h adds to a null base of PCI ports, which is never accessed. */
#pragma clang diagnostic ignored "-Wnull-pointer-arithmetic"

/* The linker script's "jiffies = jiffies_64". */
#pragma redefine_extname jiffies jiffies_64

#endif
#endif
