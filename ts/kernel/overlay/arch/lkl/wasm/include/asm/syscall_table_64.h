/* SPDX-License-Identifier: GPL-2.0 */
/* For kernel/syscalls.c, which includes it more than once: hence no include guard. */
#include <asm/syscall_table_32.h>
