// SPDX-License-Identifier: GPL-2.0
/*
 * tcrypt-cipher.c - the cascades of ciphers of TrueCrypt and VeraCrypt
 *
 * In XTS mode each cipher of a cascade encrypts the whole data.  The keys of all ciphers come
 * first, then the keys of all their tweaks.  Kuznyechik is missing in libgcrypt and in the
 * kernel.
 */
#include <errno.h>
#include <gcrypt.h>
#include <stdio.h>
#include <string.h>
#include "tcrypt.h"

#define HALF	32u			/* bytes of a cipher's key, and of the key of its tweak */

#define AES	GCRY_CIPHER_AES256
#define SERPENT	GCRY_CIPHER_SERPENT256
#define TWOFISH	GCRY_CIPHER_TWOFISH
#define CAMELLIA	GCRY_CIPHER_CAMELLIA256

/* A name begins with the cipher that is applied last. */
static const struct tcrypt_chain chains[] = {
	{ "aes", 1, { AES }, { "aes" } },
	{ "serpent", 1, { SERPENT }, { "serpent" } },
	{ "twofish", 1, { TWOFISH }, { "twofish" } },
	{ "camellia", 1, { CAMELLIA }, { "camellia" } },
	{ "aes-twofish", 2, { TWOFISH, AES }, { "twofish", "aes" } },
	{ "serpent-aes", 2, { AES, SERPENT }, { "aes", "serpent" } },
	{ "twofish-serpent", 2, { SERPENT, TWOFISH }, { "serpent", "twofish" } },
	{ "camellia-serpent", 2, { SERPENT, CAMELLIA }, { "serpent", "camellia" } },
	{ "aes-twofish-serpent", 3, { SERPENT, TWOFISH, AES }, { "serpent", "twofish", "aes" } },
	{ "serpent-twofish-aes", 3, { AES, TWOFISH, SERPENT }, { "aes", "twofish", "serpent" } },
};

const struct tcrypt_chain *tcrypt_chain(size_t index)
{
	return index < sizeof(chains) / sizeof(chains[0]) ? &chains[index] : NULL;
}

/* The XTS key of cipher @i: the key of the cipher and the key of its tweak. */
static void xts_key(const struct tcrypt_chain *chain, const uint8_t *keys, unsigned int i,
		    uint8_t *key)
{
	memcpy(key, keys + i * HALF, HALF);
	memcpy(key + HALF, keys + (chain->nr + i) * HALF, HALF);
}

static int decrypt_one(int algo, const uint8_t *key, uint8_t *data)
{
	static const uint8_t unit[16];	/* number 0 */
	gcry_cipher_hd_t c;
	bool good;

	if (gcry_cipher_open(&c, algo, GCRY_CIPHER_MODE_XTS, 0))
		return -ENOSYS;
	good = !gcry_cipher_setkey(c, key, 2 * HALF) && !gcry_cipher_setiv(c, unit, sizeof(unit)) &&
	       !gcry_cipher_decrypt(c, data, TCRYPT_ENCRYPTED, NULL, 0);
	gcry_cipher_close(c);
	return good ? 0 : -ENOSYS;
}

int tcrypt_decrypt(const struct tcrypt_chain *chain, const uint8_t *key, uint8_t *data)
{
	uint8_t one[2 * HALF];
	int rc = 0;

	for (unsigned int i = chain->nr; i-- && !rc;) {
		xts_key(chain, key, i, one);
		rc = decrypt_one(chain->algo[i], one, data);
	}
	explicit_bzero(one, sizeof(one));
	return rc;
}

void tcrypt_keys(const struct tcrypt_chain *chain, const uint8_t *keys, struct crypt_volume *v)
{
	v->key_len = chain->nr * 2 * HALF;
	for (unsigned int layer = 0; layer < chain->nr; layer++) {
		unsigned int i = chain->nr - 1 - layer;	/* applied last: next to the device */
		struct crypt_segment *s = layer ? &v->over[layer - 1] : &v->segments[0];

		s->key_at = layer * 2 * HALF;
		s->key_len = 2 * HALF;
		xts_key(chain, keys, i, v->key + s->key_at);
		snprintf(s->cipher, sizeof(s->cipher), "%s-xts-plain64", chain->cipher[i]);
	}
}
