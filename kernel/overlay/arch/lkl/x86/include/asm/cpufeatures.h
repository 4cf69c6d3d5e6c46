/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cpufeatures.h - the numbers of arch/x86 for features of the processor
 *
 * arch/x86 also has masks of features that its configuration requires or disables.  They
 * do not apply here: defining their include guards keeps them out.
 */
#ifndef _ASM_LKL_CPUFEATURES_H
#define _ASM_LKL_CPUFEATURES_H

#define _ASM_X86_REQUIRED_FEATURES_H
#define _ASM_X86_DISABLED_FEATURES_H
#include "../../../../x86/include/asm/cpufeatures.h"

#endif
