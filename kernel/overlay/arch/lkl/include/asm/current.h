/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_CURRENT_H
#define _ASM_LKL_CURRENT_H

#ifndef __ASSEMBLY__

/* One CPU: the current task is a plain global, set by __switch_to(). */
struct task_struct;
extern struct task_struct *lkl_current;
#define current lkl_current

#endif
#endif
