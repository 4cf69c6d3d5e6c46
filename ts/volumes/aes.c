// SPDX-License-Identifier: GPL-2.0
/*
 * aes.c - AES with keys of 256 bits (FIPS 197), encryption of blocks only
 *
 * Used for the few blocks that hold a key; the kernel decrypts the data.  The table of the S-box
 * is computed at first use.
 */
#include <stdbool.h>
#include <string.h>
#include "aes.h"

static uint8_t sbox[256];

static uint8_t twice(uint8_t x)
{
	return x << 1 ^ (x & 0x80 ? 0x1b : 0);
}

static uint8_t rotl8(uint8_t x, unsigned int n)
{
	return x << n | x >> (8 - n);
}

/* @p runs through all elements of the field as powers of 3, and @q through their inverses. */
static void make_sbox(void)
{
	uint8_t p = 1, q = 1;

	if (sbox[0])
		return;
	do {
		p ^= twice(p);
		q ^= q << 1;
		q ^= q << 2;
		q ^= q << 4;
		q ^= q & 0x80 ? 0x09 : 0;
		sbox[p] = q ^ rotl8(q, 1) ^ rotl8(q, 2) ^ rotl8(q, 3) ^ rotl8(q, 4) ^ 0x63;
	} while (p != 1);
	sbox[0] = 0x63;
}

void aes_set_key(struct aes *aes, const uint8_t *key)
{
	uint8_t *w = aes->round_keys, constant = 1;

	make_sbox();
	memcpy(w, key, AES_KEY);
	for (unsigned int i = AES_KEY; i < sizeof(aes->round_keys); i += 4) {
		uint8_t t[4];

		memcpy(t, w + i - 4, 4);
		if (i % AES_KEY == 0) {
			uint8_t first = t[0];

			t[0] = sbox[t[1]] ^ constant;
			t[1] = sbox[t[2]];
			t[2] = sbox[t[3]];
			t[3] = sbox[first];
			constant = twice(constant);
		} else if (i % AES_KEY == AES_KEY / 2) {
			for (unsigned int j = 0; j < 4; j++)
				t[j] = sbox[t[j]];
		}
		for (unsigned int j = 0; j < 4; j++)
			w[i + j] = w[i + j - AES_KEY] ^ t[j];
	}
}

static void add_key(uint8_t *s, const uint8_t *key)
{
	for (unsigned int i = 0; i < AES_BLOCK; i++)
		s[i] ^= key[i];
}

/* SubBytes and ShiftRows; the state is stored column by column. */
static void substitute(uint8_t *s)
{
	uint8_t t[AES_BLOCK];

	for (unsigned int i = 0; i < AES_BLOCK; i++)
		t[i] = sbox[s[(i + 4 * (i % 4)) % AES_BLOCK]];
	memcpy(s, t, sizeof(t));
}

static void mix_columns(uint8_t *s)
{
	for (uint8_t *c = s; c < s + AES_BLOCK; c += 4) {
		uint8_t all = c[0] ^ c[1] ^ c[2] ^ c[3], first = c[0];

		for (unsigned int i = 0; i < 4; i++)
			c[i] ^= all ^ twice(c[i] ^ (i < 3 ? c[i + 1] : first));
	}
}

void aes_encrypt(const struct aes *aes, const uint8_t *in, uint8_t *out)
{
	uint8_t s[AES_BLOCK];

	memcpy(s, in, sizeof(s));
	add_key(s, aes->round_keys);
	for (unsigned int round = 1; round <= AES_ROUNDS; round++) {
		substitute(s);
		if (round < AES_ROUNDS)
			mix_columns(s);
		add_key(s, aes->round_keys + round * AES_BLOCK);
	}
	memcpy(out, s, sizeof(s));
	explicit_bzero(s, sizeof(s));
}
