/* SPDX-License-Identifier: GPL-2.0 */
/*
 * errno.h - Linux's error numbers, which every function of lib/ returns
 *
 * wasi-libc has other numbers, and its functions set errno to them; no caller here reads errno.
 */
#ifndef ANYFS_FORMATS_ERRNO_H
#define ANYFS_FORMATS_ERRNO_H

#include </usr/include/asm-generic/errno.h>

extern _Thread_local int errno;
#define errno errno

#endif
