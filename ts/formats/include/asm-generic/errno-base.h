/* SPDX-License-Identifier: GPL-2.0 */
/*
 * errno-base.h - for the kernel's errno.h, which includes it: the build sees no other header of the
 * host
 */
#include </usr/include/asm-generic/errno-base.h>
