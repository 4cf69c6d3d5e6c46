// SPDX-License-Identifier: GPL-2.0
/*
 * gcrypt.c - hashes and PBKDF2 for lib/crypt, with the interface of libgcrypt
 *
 * If the host has WebCrypto, the host computes PBKDF2, which is faster; pages have WebCrypto in
 * secure contexts only.  The kernel has the ciphers, except AES-CCM in ccm.c.
 */
#include <gcrypt.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include "sha.h"

__attribute__((import_module("host"), import_name("pbkdf2")))
int js_pbkdf2(const char *hash, const void *secret, size_t secret_len, const void *salt,
	      size_t salt_len, double iterations, void *key, size_t len);

int gcry_md_map_name(const char *name)
{
	for (int algo = 1; algo < SHA_NR; algo++)
		if (!strcasecmp(sha_table[algo].name, name))
			return algo;
	return GCRY_MD_NONE;
}

unsigned int gcry_md_get_algo_dlen(int algo)
{
	return sha_table[algo].len;
}

void gcry_md_hash_buffer(int algo, void *digest, const void *data, size_t len)
{
	const struct sha *sha = &sha_table[algo];
	struct sha_state s;

	sha_init(sha, &s);
	sha_add(sha, &s, data, len);
	sha_end(sha, &s, digest);
}

/* HMAC with a key that has been put into the two states. */
struct hmac {
	const struct sha *sha;
	struct sha_state inner, outer;
};

static void hmac_init(struct hmac *m, const struct sha *sha, const void *key, size_t len)
{
	uint8_t short_key[SHA_BLOCK_MAX] = { 0 }, pad[SHA_BLOCK_MAX];

	m->sha = sha;
	if (len > sha->block)
		gcry_md_hash_buffer(sha - sha_table, short_key, key, len);
	else
		memcpy(short_key, key, len);
	sha_init(sha, &m->inner);
	sha_init(sha, &m->outer);
	for (unsigned int i = 0; i < sha->block; i++)
		pad[i] = short_key[i] ^ 0x36;
	sha_add(sha, &m->inner, pad, sha->block);
	for (unsigned int i = 0; i < sha->block; i++)
		pad[i] = short_key[i] ^ 0x5c;
	sha_add(sha, &m->outer, pad, sha->block);
	explicit_bzero(short_key, sizeof(short_key));
	explicit_bzero(pad, sizeof(pad));
}

/* The HMAC of the data in @s, which began as m->inner. */
static void hmac_end(const struct hmac *m, struct sha_state *s, uint8_t *out)
{
	struct sha_state outer = m->outer;

	sha_end(m->sha, s, out);
	sha_add(m->sha, &outer, out, m->sha->len);
	sha_end(m->sha, &outer, out);
}

static void pbkdf2_block(const struct hmac *m, const void *salt, size_t salt_len,
			 unsigned long iterations, uint32_t number, uint8_t *sum)
{
	const uint8_t suffix[4] = { number >> 24, number >> 16, number >> 8, number };
	struct sha_state s = m->inner;
	uint8_t u[SHA_MAX];

	sha_add(m->sha, &s, salt, salt_len);
	sha_add(m->sha, &s, suffix, sizeof(suffix));
	hmac_end(m, &s, u);
	memcpy(sum, u, m->sha->len);
	while (--iterations) {
		s = m->inner;
		sha_add(m->sha, &s, u, m->sha->len);
		hmac_end(m, &s, u);
		for (unsigned int i = 0; i < m->sha->len; i++)
			sum[i] ^= u[i];
	}
}

int gcry_kdf_derive(const void *secret, size_t secret_len, int kdf, int algo, const void *salt,
		    size_t salt_len, unsigned long iterations, size_t len, void *key)
{
	const struct sha *sha = &sha_table[algo];
	uint8_t sum[SHA_MAX], *out = key;
	struct hmac m;

	if (!js_pbkdf2(sha->name, secret, secret_len, salt, salt_len, iterations, key, len))
		return 0;
	hmac_init(&m, sha, secret, secret_len);
	for (uint32_t number = 1; len; number++) {
		size_t part = len < sha->len ? len : sha->len;

		pbkdf2_block(&m, salt, salt_len, iterations, number, sum);
		memcpy(out, sum, part);
		out += part;
		len -= part;
	}
	explicit_bzero(&m, sizeof(m));
	explicit_bzero(sum, sizeof(sum));
	return 0;
}
