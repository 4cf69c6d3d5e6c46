/* SPDX-License-Identifier: GPL-2.0 */
/*
 * frame.h - macros for assembler functions of arch/x86, which make no stack frames here
 */
#ifndef _ASM_LKL_FRAME_H
#define _ASM_LKL_FRAME_H

#define FRAME_BEGIN
#define FRAME_END
#define FRAME_OFFSET	0

#endif
