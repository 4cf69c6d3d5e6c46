// SPDX-License-Identifier: GPL-2.0
/*
 * ccm.c - AES-CCM (RFC 3610) for lib/crypt, with the interface of libgcrypt
 *
 * Decrypts whole messages with a nonce of 12 bytes and a tag of 16 bytes, for BitLocker.
 */
#include <gcrypt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "aes.h"

#define NONCE		12u
#define COUNTER_FLAGS	2u		/* three bytes of length */
#define MAC_FLAGS	(7u << 3 | COUNTER_FLAGS)

struct gcry_cipher {
	struct aes aes;
	uint8_t nonce[NONCE];
	uint8_t mac[AES_BLOCK];		/* of the message that was decrypted */
};

int gcry_cipher_open(gcry_cipher_hd_t *c, int algo, int mode, unsigned int flags)
{
	*c = calloc(1, sizeof(**c));
	return !*c;
}

void gcry_cipher_close(gcry_cipher_hd_t c)
{
	explicit_bzero(c, sizeof(*c));
	free(c);
}

int gcry_cipher_setkey(gcry_cipher_hd_t c, const void *key, size_t len)
{
	if (len != AES_KEY)
		return -1;
	aes_set_key(&c->aes, key);
	return 0;
}

int gcry_cipher_setiv(gcry_cipher_hd_t c, const void *iv, size_t len)
{
	if (len != NONCE)
		return -1;
	memcpy(c->nonce, iv, NONCE);
	return 0;
}

/* A block with the nonce, and a number at its end. */
static void numbered(const struct gcry_cipher *c, uint8_t flags, uint32_t number, uint8_t *block)
{
	block[0] = flags;
	memcpy(block + 1, c->nonce, NONCE);
	block[13] = number >> 16;
	block[14] = number >> 8;
	block[15] = number;
}

static void add_to_mac(struct gcry_cipher *c, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		c->mac[i] ^= data[i];
	aes_encrypt(&c->aes, c->mac, c->mac);
}

int gcry_cipher_decrypt(gcry_cipher_hd_t c, void *out, size_t out_len, const void *in, size_t len)
{
	const uint8_t *from = in;
	uint8_t *to = out, stream[AES_BLOCK];

	if (out_len < len || len >> 24)
		return -1;
	numbered(c, MAC_FLAGS, len, c->mac);
	aes_encrypt(&c->aes, c->mac, c->mac);
	for (size_t at = 0; at < len; at += AES_BLOCK) {
		size_t part = len - at < AES_BLOCK ? len - at : AES_BLOCK;

		numbered(c, COUNTER_FLAGS, 1 + at / AES_BLOCK, stream);
		aes_encrypt(&c->aes, stream, stream);
		for (size_t i = 0; i < part; i++)
			to[at + i] = from[at + i] ^ stream[i];
		add_to_mac(c, to + at, part);
	}
	numbered(c, COUNTER_FLAGS, 0, stream);
	aes_encrypt(&c->aes, stream, stream);
	for (size_t i = 0; i < AES_BLOCK; i++)
		c->mac[i] ^= stream[i];
	explicit_bzero(stream, sizeof(stream));
	return 0;
}

int gcry_cipher_checktag(gcry_cipher_hd_t c, const void *tag, size_t len)
{
	return len != AES_BLOCK || memcmp(c->mac, tag, len);
}
