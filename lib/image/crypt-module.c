// SPDX-License-Identifier: GPL-2.0
/*
 * crypt-module.c - load crypt.so, the shared object that unlocks encrypted volumes
 *
 * It is installed beside the kernel object.  A process that will lose the right to
 * open files must call anyfs_unlock_prepare() first.
 */
#include <pthread.h>
#include "anyfs.h"
#include "crypt-module.h"
#include "module.h"

#define MODULE_NAME	"crypt.so"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const struct crypt_module *module;

int crypt_module_load(void)
{
	const void *loaded;
	int rc = 0;

	pthread_mutex_lock(&lock);
	if (!module)
		rc = module_load(MODULE_NAME, "crypt_module", CRYPT_MODULE_VERSION, &loaded);
	if (!module && !rc)
		module = loaded;
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
