/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_TIMEX_H
#define _ASM_LKL_TIMEX_H

typedef unsigned long cycles_t;
cycles_t lkl_cycles(void);

#define get_cycles()	lkl_cycles()

#endif
