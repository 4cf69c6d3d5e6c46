// SPDX-License-Identifier: GPL-2.0
/*
 * object-path.c - find the installed kernel object
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "os.h"

#define OBJECT_NAME	"anyfs/kernel.so"

/* The kernel object lies beside this library, in the build directory and when installed. */
int os_object_path(char *path, size_t len)
{
	const char *env = secure_getenv("ANYFS_KERNEL");
	const char *slash;
	Dl_info info;
	int n;

	if (env && *env)
		n = snprintf(path, len, "%s", env);
	else if (dladdr((void *)(uintptr_t)os_object_path, &info) && info.dli_fname &&
		 (slash = strrchr(info.dli_fname, '/')))
		n = snprintf(path, len, "%.*s/" OBJECT_NAME, (int)(slash - info.dli_fname),
			     info.dli_fname);
	else
		return error_set(-ENOENT, "kernel object: the path of libanyfs.so is not known, so " OBJECT_NAME " cannot be found beside it; set ANYFS_KERNEL");
	if (n < 0 || (size_t)n >= len)
		return error_set(-ENAMETOOLONG, "kernel object: the path is too long; set ANYFS_KERNEL");
	return 0;
}
