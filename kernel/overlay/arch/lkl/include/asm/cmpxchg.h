/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_CMPXCHG_H
#define _ASM_LKL_CMPXCHG_H

/* There is one CPU, and interrupts only where the kernel enables them: plain C is atomic. */

#define arch_xchg(ptr, new)						\
({									\
	__typeof__(ptr) __xp = (ptr);					\
	__typeof__(*__xp) __xold = *(volatile __typeof__(*__xp) *)__xp;	\
									\
	*(volatile __typeof__(*__xp) *)__xp = (__typeof__(*__xp))(new);	\
	__xold;								\
})

#define arch_cmpxchg(ptr, old, new)					\
({									\
	__typeof__(ptr) __cp = (ptr);					\
	__typeof__(*__cp) __cprev = *(volatile __typeof__(*__cp) *)__cp;	\
	__typeof__(*__cp) __cnew = (__typeof__(*__cp))(new);		\
									\
	if (__cprev == (__typeof__(*__cp))(old))				\
		*(volatile __typeof__(*__cp) *)__cp = __cnew;		\
	__cprev;								\
})

#define arch_cmpxchg_local	arch_cmpxchg
#define arch_cmpxchg64		arch_cmpxchg
#define arch_cmpxchg64_local	arch_cmpxchg

#endif
