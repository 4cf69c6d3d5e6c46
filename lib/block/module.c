// SPDX-License-Identifier: GPL-2.0
/*
 * module.c - load a shared object that is installed beside the kernel object
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "error.h"
#include "kernel.h"
#include "module.h"

/* Make the path of @file in the directory of the kernel object. */
static int module_path(const char *file, char *path, size_t len)
{
	int rc = host_kernel_object(path, len);
	char *name = rc ? NULL : strrchr(path, '/');

	if (rc)
		return rc;
	name = name ? name + 1 : path;
	if ((size_t)snprintf(name, len - (name - path), "%s", file) >= len - (name - path))
		return error_set(-ENAMETOOLONG, "%s: the path is too long", path);
	return 0;
}

int module_load(const char *file, const char *symbol, unsigned int version,
		     const void **export)
{
	char path[PATH_MAX];
	int rc = module_path(file, path, sizeof(path));
	void *handle;

	if (rc)
		return rc;
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		return error_set(-ENOENT, "%s: cannot be loaded: %s", path, dlerror());
	*export = dlsym(handle, symbol);
	if (*export && *(const unsigned int *)*export == version)
		return 0;
	dlclose(handle);
	return error_set(-ENOEXEC, "%s: is of another version of anyfs", path);
}
