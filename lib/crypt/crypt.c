// SPDX-License-Identifier: GPL-2.0
/*
 * crypt.c - functions shared by the formats
 */
#include <errno.h>
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

/* luks2_unlock() gets damaged headers too: LUKS2 has a second copy. */
int luks_unlock(struct attempt *a)
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
