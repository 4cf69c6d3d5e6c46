/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_BITOPS_H
#define _ASM_LKL_BITOPS_H

#ifndef _LINUX_BITOPS_H
#error only <linux/bitops.h> can be included directly
#endif

#include <linux/compiler.h>
#include <asm/barrier.h>
#include <asm-generic/bitops/builtin-__ffs.h>
#include <asm-generic/bitops/builtin-__fls.h>
#include <asm-generic/bitops/builtin-ffs.h>
#include <asm-generic/bitops/builtin-fls.h>
#include <asm-generic/bitops/ffz.h>
#include <asm-generic/bitops/fls64.h>
#include <asm-generic/bitops/sched.h>
#include <asm-generic/bitops/hweight.h>

/* Plain C is atomic here, see cmpxchg.h. */
#define LKL_BIT_WORD(nr, p)	((volatile unsigned long *)(p) + (nr) / BITS_PER_LONG)
#define LKL_BIT_MASK(nr)	(1UL << ((nr) % BITS_PER_LONG))

static __always_inline void set_bit(unsigned int nr, volatile unsigned long *p)
{
	*LKL_BIT_WORD(nr, p) |= LKL_BIT_MASK(nr);
}

static __always_inline void clear_bit(unsigned int nr, volatile unsigned long *p)
{
	*LKL_BIT_WORD(nr, p) &= ~LKL_BIT_MASK(nr);
}

static __always_inline void change_bit(unsigned int nr, volatile unsigned long *p)
{
	*LKL_BIT_WORD(nr, p) ^= LKL_BIT_MASK(nr);
}

static __always_inline int test_and_set_bit(unsigned int nr, volatile unsigned long *p)
{
	unsigned long old = *LKL_BIT_WORD(nr, p);

	*LKL_BIT_WORD(nr, p) = old | LKL_BIT_MASK(nr);
	return !!(old & LKL_BIT_MASK(nr));
}

static __always_inline int test_and_clear_bit(unsigned int nr, volatile unsigned long *p)
{
	unsigned long old = *LKL_BIT_WORD(nr, p);

	*LKL_BIT_WORD(nr, p) = old & ~LKL_BIT_MASK(nr);
	return !!(old & LKL_BIT_MASK(nr));
}

static __always_inline int test_and_change_bit(unsigned int nr, volatile unsigned long *p)
{
	unsigned long old = *LKL_BIT_WORD(nr, p);

	*LKL_BIT_WORD(nr, p) = old ^ LKL_BIT_MASK(nr);
	return !!(old & LKL_BIT_MASK(nr));
}

#define clear_bit_unlock(nr, p)		clear_bit(nr, p)
#define __clear_bit_unlock(nr, p)	clear_bit(nr, p)
#define test_and_set_bit_lock(nr, p)	test_and_set_bit(nr, p)

static __always_inline bool xor_unlock_is_negative_byte(unsigned long mask,
							volatile unsigned long *p)
{
	unsigned long old = *p;

	*p = old ^ mask;
	return !!(old & BIT(7));
}

#include <asm-generic/bitops/non-atomic.h>
#include <asm-generic/bitops/le.h>
#include <asm-generic/bitops/ext2-atomic.h>

#endif
