// SPDX-License-Identifier: GPL-2.0
/*
 * module.c - crypt_module, the only export of anyfs/crypt.so
 */
#include <errno.h>
#include <gcrypt.h>
#include <string.h>
#include "internal.h"

/* libgcrypt requires a version check before any other call. */
static bool library_ready(void)
{
	if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P))
		return true;
	if (!gcry_check_version(GCRYPT_VERSION))
		return false;
	gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
	gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
	return true;
}

static int unlock(int (*kind)(struct attempt *a), const struct crypt_source *src,
		  const struct crypt_request *rq, struct crypt_volume *volume, char *text)
{
	struct attempt a = { .src = src, .rq = rq, .volume = volume, .text = text };

	memset(volume, 0, sizeof(*volume));
	if (!library_ready())
		return crypt_error(&a, -ENOSYS, "libgcrypt is older than the version that anyfs was built with");
	return kind(&a);
}

#define UNLOCK(name) \
	static int unlock_##name(const struct crypt_source *src, const struct crypt_request *rq, \
				 struct crypt_volume *volume, char *text) \
	{ \
		return unlock(name##_unlock, src, rq, volume, text); \
	}

UNLOCK(luks)
UNLOCK(bitlocker)
UNLOCK(fvault)
UNLOCK(tcrypt)
UNLOCK(plain)

__attribute__((visibility("default"))) const struct crypt_module crypt_module = {
	.version = CRYPT_MODULE_VERSION,
	.luks = unlock_luks,
	.bitlocker = unlock_bitlocker,
	.fvault = unlock_fvault,
	.tcrypt = unlock_tcrypt,
	.plain = unlock_plain,
};
