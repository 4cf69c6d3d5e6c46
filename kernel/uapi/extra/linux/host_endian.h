/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
#ifndef _LINUX_HOST_ENDIAN_H
#define _LINUX_HOST_ENDIAN_H

/* The macros of the C library's endian.h that some headers need. */
#include <asm/byteorder.h>

#ifndef __LITTLE_ENDIAN
#define __LITTLE_ENDIAN 1234
#endif
#ifndef __BIG_ENDIAN
#define __BIG_ENDIAN 4321
#endif
#ifdef __LITTLE_ENDIAN_BITFIELD
#define __BYTE_ORDER __LITTLE_ENDIAN
#else
#define __BYTE_ORDER __BIG_ENDIAN
#endif

#endif
