/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_CPU_DEVICE_ID_H
#define _ASM_LKL_CPU_DEVICE_ID_H

#include <asm/cpufeature.h>
#include "../../../../x86/include/asm/cpu_device_id.h"

#endif
