// SPDX-License-Identifier: GPL-2.0
/*
 * print.c - print messages of the kernel and the program with the print operation
 */
#define _GNU_SOURCE
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "internal.h"

static struct lkl_host_operations *current_ops = &lkl_host_ops;

struct lkl_host_operations *program_host_ops(void)
{
	return __atomic_load_n(&current_ops, __ATOMIC_ACQUIRE);
}

void set_program_host_ops(struct lkl_host_operations *ops)
{
	__atomic_store_n(&current_ops, ops ? ops : &lkl_host_ops, __ATOMIC_RELEASE);
}

/* Reads the member each time: a program may change it while the kernel runs. */
void print_by_host_ops(void *data, const char *text, size_t len)
{
	void (*print)(const char *str, int len) =
		__atomic_load_n(&program_host_ops()->print, __ATOMIC_RELAXED);

	(void)data;
	while (print && len) {
		int n = len > INT_MAX ? INT_MAX : (int)len;

		print(text, n);
		text += n;
		len -= n;
	}
}

static int vprint(const char *fmt, va_list ap)
{
	char *text;
	int len = vasprintf(&text, fmt, ap);

	if (len < 0)
		return -LKL_ENOMEM;
	print_by_host_ops(NULL, text, len);
	free(text);
	return len;
}

int lkl_printf(const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vprint(fmt, ap);
	va_end(ap);
	return len;
}

void lkl_perror(const char *msg, int err)
{
	lkl_printf("%s: %s\n", msg, lkl_strerror(err));
}

void lkl_bug(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprint(fmt, ap);
	va_end(ap);
	if (program_host_ops()->panic)
		program_host_ops()->panic();
	abort();	/* there is no panic operation, or it has returned */
}
