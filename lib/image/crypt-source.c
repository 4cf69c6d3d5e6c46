// SPDX-License-Identifier: GPL-2.0
/*
 * crypt-source.c - the bytes of an encrypted device, for the functions of crypt.h
 *
 * dm-crypt of our kernel decrypts keyslots as well as data, so that all ciphers of the
 * kernel work for both.
 */
#include <errno.h>
#include <stdio.h>
#include "crypt-map.h"
#include "crypt-source.h"

static int source_read(void *data, void *buf, size_t len, uint64_t offset)
{
	const struct device *in = data;

	return device_read(in, buf, len, offset);
}

static int source_decrypt(void *data, const char *cipher, const uint8_t *key, size_t key_len,
			  void *buf, size_t len, uint64_t offset)
{
	const struct device *in = data;
	struct crypt_segment s = { .offset = offset / 512, .sector_size = 512 };
	struct mapper_target t = { .len = len / 512, .type = "crypt" };
	char why[MAPPER_WHY];
	struct device plain;
	struct mapper m;
	char *params;
	int rc;

	snprintf(s.cipher, sizeof(s.cipher), "%s", cipher);
	t.params = params = crypt_params(&s, key, key_len, in->dev);
	if (!params)
		return -ENOMEM;
	rc = mapper_create(in->k, &t, 1, MAPPER_SECRET | MAPPER_READONLY, &m, why);
	crypt_free_params(params);
	if (rc)
		return rc;
	rc = device_open(in->k, m.dev, false, &plain);
	if (!rc) {
		rc = device_read(&plain, buf, len, 0);
		device_close(&plain);
	}
	mapper_remove(&m);
	return rc;
}

struct crypt_source crypt_source_of(const struct device *d)
{
	return (struct crypt_source){
		.size = d->size, .read = source_read, .decrypt = source_decrypt, .data = (void *)d,
	};
}
