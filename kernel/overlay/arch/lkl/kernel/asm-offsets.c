// SPDX-License-Identifier: GPL-2.0
/*
 * asm-offsets.c - empty, but required by the build: no assembler code needs an offset
 */
#include <linux/kbuild.h>
