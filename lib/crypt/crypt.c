// SPDX-License-Identifier: GPL-2.0
/*
 * crypt.c - the exports of the module, and functions shared by its formats
 */
#include <errno.h>
#include <gcrypt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "bytes.h"
#include "internal.h"

int crypt_error(const struct attempt *a, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(a->text, CRYPT_TEXT_MAX, fmt, ap);
	va_end(ap);
	return err;
}

bool attempt_wants(struct attempt *a, unsigned int slot)
{
	size_t at = strlen(a->tried);

	if (a->rq->only_slot && slot != a->rq->slot)
		return false;
	if (at + 16 < sizeof(a->tried))
		snprintf(a->tried + at, sizeof(a->tried) - at, "%s%u", at ? ", " : "", slot);
	return true;
}

int attempt_failed(const struct attempt *a, int err)
{
	explicit_bzero(a->volume, sizeof(*a->volume));
	if (err != -ENOKEY)
		return err;		/* the text gives the reason */
	if (!*a->tried && a->rq->only_slot)
		return crypt_error(a, err, "there is no keyslot %u in use", a->rq->slot);
	if (!*a->tried)
		return crypt_error(a, err, "none of its keyslots is in use");
	return crypt_error(a, err, "the key opens none of the keyslots tried: %s", a->tried);
}

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

/* If the first header is damaged, LUKS2 has a second copy. */
static int luks_unlock(struct attempt *a)
{
	const struct crypt_source *src = a->src;
	uint8_t magic[8];
	int rc;

	if (src->size < sizeof(magic))
		return crypt_error(a, -EUCLEAN, "it is too short for a LUKS header");
	rc = src->read(src->data, magic, sizeof(magic), 0);
	if (rc)
		return crypt_error(a, rc, "its LUKS header cannot be read");
	if (!memcmp(magic, "LUKS\xba\xbe", 6) && get_be16(magic + 6) == 1)
		return luks1_unlock(a);
	return luks2_unlock(a);
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
UNLOCK(tcrypt)
UNLOCK(plain)

__attribute__((visibility("default"))) const struct crypt_module crypt_module = {
	.version = CRYPT_MODULE_VERSION,
	.luks = unlock_luks,
	.bitlocker = unlock_bitlocker,
	.tcrypt = unlock_tcrypt,
	.plain = unlock_plain,
};
