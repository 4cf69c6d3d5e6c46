/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_ATOMIC_H
#define _ASM_LKL_ATOMIC_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/cmpxchg.h>

/* Plain C is atomic here, see cmpxchg.h; generic code derives the other operations. */
#define LKL_ATOMIC_OP(pfx, type, atype, op, c_op)			\
static __always_inline void arch_##pfx##_##op(type i, atype *v)		\
{									\
	WRITE_ONCE(v->counter, READ_ONCE(v->counter) c_op i);		\
}									\
static __always_inline type arch_##pfx##_fetch_##op(type i, atype *v)	\
{									\
	type old = READ_ONCE(v->counter);				\
									\
	WRITE_ONCE(v->counter, old c_op i);				\
	return old;							\
}

#define LKL_ATOMIC_RETURN(pfx, type, atype, op, c_op)			\
static __always_inline type arch_##pfx##_##op##_return(type i, atype *v) \
{									\
	type new = READ_ONCE(v->counter) c_op i;			\
									\
	WRITE_ONCE(v->counter, new);					\
	return new;							\
}

#define LKL_ATOMIC(pfx, type, atype)					\
	LKL_ATOMIC_OP(pfx, type, atype, add, +)				\
	LKL_ATOMIC_OP(pfx, type, atype, sub, -)				\
	LKL_ATOMIC_OP(pfx, type, atype, and, &)				\
	LKL_ATOMIC_OP(pfx, type, atype, or, |)				\
	LKL_ATOMIC_OP(pfx, type, atype, xor, ^)				\
	LKL_ATOMIC_RETURN(pfx, type, atype, add, +)			\
	LKL_ATOMIC_RETURN(pfx, type, atype, sub, -)

LKL_ATOMIC(atomic, int, atomic_t)

#define arch_atomic_add			arch_atomic_add
#define arch_atomic_sub			arch_atomic_sub
#define arch_atomic_and			arch_atomic_and
#define arch_atomic_or			arch_atomic_or
#define arch_atomic_xor			arch_atomic_xor
#define arch_atomic_fetch_add		arch_atomic_fetch_add
#define arch_atomic_fetch_sub		arch_atomic_fetch_sub
#define arch_atomic_fetch_and		arch_atomic_fetch_and
#define arch_atomic_fetch_or		arch_atomic_fetch_or
#define arch_atomic_fetch_xor		arch_atomic_fetch_xor
#define arch_atomic_add_return		arch_atomic_add_return
#define arch_atomic_sub_return		arch_atomic_sub_return

#define arch_atomic_read(v)		READ_ONCE((v)->counter)
#define arch_atomic_set(v, i)		WRITE_ONCE((v)->counter, (i))

#ifndef ATOMIC64_INIT
#define ATOMIC64_INIT(i)		{ (i) }
#endif

#ifndef CONFIG_64BIT
typedef struct {
	s64 __aligned(8) counter;
} atomic64_t;
#endif

LKL_ATOMIC(atomic64, s64, atomic64_t)

#define arch_atomic64_add		arch_atomic64_add
#define arch_atomic64_sub		arch_atomic64_sub
#define arch_atomic64_and		arch_atomic64_and
#define arch_atomic64_or		arch_atomic64_or
#define arch_atomic64_xor		arch_atomic64_xor
#define arch_atomic64_fetch_add		arch_atomic64_fetch_add
#define arch_atomic64_fetch_sub		arch_atomic64_fetch_sub
#define arch_atomic64_fetch_and		arch_atomic64_fetch_and
#define arch_atomic64_fetch_or		arch_atomic64_fetch_or
#define arch_atomic64_fetch_xor		arch_atomic64_fetch_xor
#define arch_atomic64_add_return	arch_atomic64_add_return
#define arch_atomic64_sub_return	arch_atomic64_sub_return

#define arch_atomic64_read(v)		READ_ONCE((v)->counter)
#define arch_atomic64_set(v, i)		WRITE_ONCE((v)->counter, (i))

#endif
