/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_UACCESS_H
#define _ASM_LKL_UACCESS_H

#include <linux/const.h>

/*
 * "User" memory is the caller's memory, in the same address space: memcpy() copies
 * it.  Pointers into the null page give -EFAULT; any other bad pointer is a bug of
 * the caller, as it would be with libc.
 */
#define __access_ok(ptr, size)	((unsigned long)(ptr) >= 4096UL || (size) == 0)

#include <asm-generic/uaccess.h>

#endif
