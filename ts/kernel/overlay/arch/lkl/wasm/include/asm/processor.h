/* SPDX-License-Identifier: GPL-2.0 */
#include_next <asm/processor.h>

#undef TASK_SIZE
#define TASK_SIZE	0xf0000000UL
