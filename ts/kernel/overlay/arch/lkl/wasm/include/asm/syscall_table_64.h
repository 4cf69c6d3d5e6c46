/* SPDX-License-Identifier: GPL-2.0 */
/* kernel/syscalls.c makes its table of this; no guard, it is included more than once. */
#include <asm/syscall_table_32.h>
