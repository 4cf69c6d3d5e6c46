/* SPDX-License-Identifier: GPL-2.0 */
#include_next <asm/unistd.h>

#undef __ARCH_WANT_NEW_STAT
#define __ARCH_WANT_STAT64
