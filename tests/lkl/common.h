/* SPDX-License-Identifier: GPL-2.0 */
/*
 * common.h - functions of the tests of the LKL interface
 *
 * Include this header first, because cmocka.h needs other headers before it.
 */
#ifndef TESTS_LKL_COMMON_H
#define TESTS_LKL_COMMON_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "anyfs.h"
#include <lkl.h>

/* Report the error of a call that should return 0 or more. */
#define must(call) must_(call, #call)
static inline long must_(long rc, const char *what)
{
	if (rc < 0)
		fail_msg("%s: %ld %s: %s", what, rc, lkl_strerror(rc), anyfs_strerror_last());
	return rc;
}

static inline int start_quietly(void **state)
{
	lkl_init(&lkl_host_ops);
	return lkl_start_kernel("mem=32M loglevel=%d", 1);
}

static inline int halt(void **state)
{
	int rc = lkl_sys_halt();

	lkl_cleanup();
	return rc;
}

static inline void write_file(const char *path, const char *text)
{
	long fd = must(lkl_sys_open(path, LKL_O_WRONLY | LKL_O_CREAT | LKL_O_TRUNC, 0644));

	assert_int_equal(lkl_sys_write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(lkl_sys_close(fd), 0);
}

static inline void assert_file(const char *path, const char *text)
{
	long fd = must(lkl_sys_open(path, LKL_O_RDONLY, 0));
	char buf[256] = "";

	must(lkl_sys_read(fd, buf, sizeof(buf) - 1));
	assert_int_equal(lkl_sys_close(fd), 0);
	assert_string_equal(buf, text);
}

#endif /* TESTS_LKL_COMMON_H */
