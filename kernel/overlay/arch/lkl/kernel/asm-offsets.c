// SPDX-License-Identifier: GPL-2.0
/*
 * asm-offsets.c - required by the build; no assembler here needs an offset
 */
#include <linux/kbuild.h>
