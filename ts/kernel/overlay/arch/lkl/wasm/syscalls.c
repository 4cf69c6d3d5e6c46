// SPDX-License-Identifier: GPL-2.0
/*
 * syscalls.c - system calls that only the table for 32-bit machines contains
 */
#include <linux/syscalls.h>

COND_SYSCALL(mmap2);
