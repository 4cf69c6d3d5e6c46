/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_DELAY_H
#define _ASM_LKL_DELAY_H

void lkl_ndelay(unsigned long nsecs);

#define ndelay(n)		lkl_ndelay(n)
#define udelay(n)		lkl_ndelay((n) * 1000UL)
#define __udelay(n)		lkl_ndelay((n) * 1000UL)
#define __delay(n)		lkl_ndelay(n)

#endif
