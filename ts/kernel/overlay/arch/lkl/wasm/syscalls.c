// SPDX-License-Identifier: GPL-2.0
/*
 * syscalls.c - system calls that only the table of 32-bit machines names
 */
#include <linux/syscalls.h>

COND_SYSCALL(mmap2);
