// SPDX-License-Identifier: GPL-2.0
/*
 * crypt-module.c - load the object that unlocks encrypted volumes
 *
 * The object is installed beside the kernel object.  A process that will lose the right to
 * open files must call anyfs_unlock_prepare() first.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "anyfs.h"
#include "crypt-module.h"
#include "error.h"
#include "kernel.h"

#define MODULE_NAME	"crypt.so"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const struct crypt_module *module;

/* In the directory of the kernel object. */
static int module_path(char *path, size_t len)
{
	int rc = host_kernel_object(path, len);
	char *name = rc ? NULL : strrchr(path, '/');

	if (rc)
		return rc;
	name = name ? name + 1 : path;
	if ((size_t)snprintf(name, len - (name - path), "%s", MODULE_NAME) >=
	    len - (name - path))
		return error_set(-ENAMETOOLONG, "%s: the path is too long", path);
	return 0;
}

static int load(const char *path)
{
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	const struct crypt_module *m = handle ? dlsym(handle, "crypt_module") : NULL;

	if (!handle)
		return error_set(-ENOENT, "%s: cannot be loaded: %s", path, dlerror());
	if (!m || m->version != CRYPT_MODULE_VERSION) {
		dlclose(handle);
		return error_set(-ENOEXEC, "%s: is of another version of anyfs", path);
	}
	module = m;
	return 0;
}

int crypt_module_load(void)
{
	char path[PATH_MAX];
	int rc = 0;

	pthread_mutex_lock(&lock);
	if (!module)
		rc = module_path(path, sizeof(path));
	if (!module && !rc)
		rc = load(path);
	pthread_mutex_unlock(&lock);
	return rc;
}

const struct crypt_module *crypt_module_get(void)
{
	return module;
}

int anyfs_unlock_prepare(void)
{
	return crypt_module_load();
}
