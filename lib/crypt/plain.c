// SPDX-License-Identifier: GPL-2.0
/*
 * plain.c - the key of a volume that has no header
 *
 * The key is made as by cryptsetup(8).  With a hash, it is the hash of the passphrase; if that
 * is too short, it is followed by the hash of "A" and the passphrase, then of "AA" and the
 * passphrase, and so on.  Without a hash, the key is the first bytes of the key file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

#define PASSPHRASE_MAX	(8u << 20)

static int hash_key(const struct attempt *a, const char *hash, uint8_t *key, size_t len)
{
	int size = digest_len(hash), rc = 0;
	size_t in_len = a->rq->passphrase_len, rounds = size > 0 ? (len + size - 1) / size : 0;
	uint8_t *in = rounds ? malloc(rounds + in_len) : NULL;

	if (size <= 0)
		return crypt_error(a, -EOPNOTSUPP, "the hash \"%s\" is not known", hash);
	if (!in)
		return crypt_error(a, -ENOMEM, "out of memory");
	memset(in, 'A', rounds);
	memcpy(in + rounds, a->rq->passphrase, in_len);
	for (size_t i = 0; i < rounds && !rc; i++) {
		size_t at = i * size, piece = len - at < (size_t)size ? len - at : (size_t)size;

		rc = digest_of(hash, in + rounds - i, in_len + i, key + at, piece);
	}
	explicit_bzero(in, rounds + in_len);
	free(in);
	return rc ? crypt_error(a, rc, "the hash \"%s\" cannot be used", hash) : 0;
}

int plain_unlock(struct attempt *a)
{
	const struct crypt_plain *p = a->rq->plain;
	struct crypt_volume *v = a->volume;

	if (!p->key_len || p->key_len > sizeof(v->key))
		return crypt_error(a, -EINVAL, "a key of %zu bytes is not possible", p->key_len);
	if (a->rq->passphrase_len > PASSPHRASE_MAX)
		return crypt_error(a, -ENOKEY, "the key is too long");
	if (!*p->hash && a->rq->passphrase_len < p->key_len)
		return crypt_error(a, -ENOKEY, "the key has %zu bytes, and the cipher needs %zu; to use the hash of a password, give hash=",
				   a->rq->passphrase_len, p->key_len);
	if (!*p->hash) {
		memcpy(v->key, a->rq->passphrase, p->key_len);
	} else {
		int rc = hash_key(a, p->hash, v->key, p->key_len);

		if (rc)
			return rc;
	}
	v->key_len = p->key_len;
	v->nr_segments = 1;
	v->segments[0] = p->segment;
	return 0;
}
