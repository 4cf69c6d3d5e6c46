// SPDX-License-Identifier: GPL-2.0
/*
 * error.c - the text of the last error, one buffer per thread
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "error.h"

static __thread char text[1024];

int error_set(int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err;
}

void error_clear(void)
{
	text[0] = '\0';
}

const char *error_name(int err)
{
#ifdef __GLIBC__
	const char *name = strerrordesc_np(err < 0 ? -err : err);
#else
	const char *name = strerror(err < 0 ? -err : err);	/* musl's is thread-safe */
#endif

	return name ? name : "unknown error";
}

/* A Linux host uses Linux's error numbers.  A port to another host translates them here. */
int error_host(int host_errno)
{
	return host_errno > 0 && host_errno <= 4095 ? -host_errno : -EIO;
}

const char *error_last(void)
{
	return text;
}
