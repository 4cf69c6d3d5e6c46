/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every system call is long f(const s64 *args), with 64 bits for each argument:
 * the whole table has one signature, on 32 and on 64 bits.
 */
#ifndef _ASM_LKL_SYSCALL_WRAPPER_H
#define _ASM_LKL_SYSCALL_WRAPPER_H

#include <linux/types.h>

long sys_ni_syscall(void);

#define __LKL_SLOTS(x, ...)						\
	__MAP(x, __SC_ARGS, , args[0], , args[1], , args[2],		\
	      , args[3], , args[4], , args[5])

#define __SYSCALL_DEFINEx(x, name, ...)					\
	long __lkl_sys##name(const s64 *args);				\
	static long __se_sys##name(__MAP(x, __SC_LONG, __VA_ARGS__));	\
	static inline long __do_sys##name(__MAP(x, __SC_DECL, __VA_ARGS__)); \
	long __lkl_sys##name(const s64 *args)				\
	{								\
		return __se_sys##name(__LKL_SLOTS(x));			\
	}								\
	static long __se_sys##name(__MAP(x, __SC_LONG, __VA_ARGS__))	\
	{								\
		long ret = __do_sys##name(__MAP(x, __SC_CAST, __VA_ARGS__)); \
		__MAP(x, __SC_TEST, __VA_ARGS__);			\
		return ret;						\
	}								\
	static inline long __do_sys##name(__MAP(x, __SC_DECL, __VA_ARGS__))

#define SYSCALL_DEFINE0(name)						\
	long __lkl_sys_##name(const s64 *args);				\
	static inline long __do_sys_##name(void);			\
	long __lkl_sys_##name(const s64 *args)				\
	{								\
		return __do_sys_##name();				\
	}								\
	static inline long __do_sys_##name(void)

#define COND_SYSCALL(name)						\
	long __lkl_sys_##name(const s64 *args);				\
	__weak long __lkl_sys_##name(const s64 *args)			\
	{								\
		return sys_ni_syscall();				\
	}

#endif
