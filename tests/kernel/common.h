/* SPDX-License-Identifier: GPL-2.0 */
/*
 * common.h - functions of the tests of the running kernel
 *
 * Include this header first, because cmocka.h needs other headers before it.
 */
#ifndef TESTS_KERNEL_COMMON_H
#define TESTS_KERNEL_COMMON_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <sched.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "anyfs.h"
#include <lkl.h>

/* Kernels of tests are small and print nothing. */
static inline struct anyfs_kernel *boot_kernel(void)
{
	AnyfsKernelOpts opts = { .mem_mb = 32 };
	struct anyfs_kernel *k = NULL;
	int err = anyfs_kernel_boot(&opts, &k);

	if (err)
		fail_msg("boot: %d: %s", err, anyfs_strerror_last());
	return k;
}

/* cmocka group fixtures: one kernel for the program, the first one booted. */
static inline int group_boot(void **state)
{
	AnyfsKernelOpts opts = { .mem_mb = 64 };
	int err = anyfs_kernel_init(&opts);

	if (err)
		print_error("boot: %d: %s\n", err, anyfs_strerror_last());
	return err;
}

static inline int group_halt(void **state)
{
	return anyfs_kernel_halt();
}

/* Start a host thread; the test fails if that is impossible. */
static inline pthread_t start(void *(*fn)(void *), void *arg)
{
	pthread_t t;

	assert_int_equal(pthread_create(&t, NULL, fn, arg), 0);
	return t;
}

static inline void *finish(pthread_t t)
{
	void *result;

	assert_int_equal(pthread_join(t, &result), 0);
	return result;
}

#endif /* TESTS_KERNEL_COMMON_H */
