/* SPDX-License-Identifier: GPL-2.0 */
/* errno-base.h - named by the kernel's errno.h; no other header of the host is visible */
#include </usr/include/asm-generic/errno-base.h>
