/* SPDX-License-Identifier: GPL-2.0 */
/*
 * errno-base.h - included by the kernel's errno.h; the host's headers are not in the include path
 */
#include </usr/include/asm-generic/errno-base.h>
