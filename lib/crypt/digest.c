// SPDX-License-Identifier: GPL-2.0
/*
 * digest.c - hashes by their names in LUKS headers
 */
#include <errno.h>
#include <gcrypt.h>
#include <string.h>
#include <strings.h>
#include "digest.h"
#include "internal.h"

/* Names that differ from libgcrypt's; most are the same in cryptsetup and libgcrypt. */
static const struct { const char *name; int algo; } names[] = {
	{ "blake2b-512", GCRY_MD_BLAKE2B_512 },
	{ "blake2s-256", GCRY_MD_BLAKE2S_256 },
	{ "streebog256", GCRY_MD_STRIBOG256 },
	{ "streebog512", GCRY_MD_STRIBOG512 },
};

int digest_algo(const char *hash)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcasecmp(names[i].name, hash))
			return names[i].algo;
	return gcry_md_map_name(hash);
}

int digest_len(const char *hash)
{
	int algo = digest_algo(hash);

	return algo ? (int)gcry_md_get_algo_dlen(algo) : -EOPNOTSUPP;
}

int digest_of(const char *hash, const void *data, size_t len, uint8_t *out, size_t out_len)
{
	uint8_t full[64];
	int algo = digest_algo(hash), size = digest_len(hash);

	if (size <= 0 || (size_t)size > sizeof(full))
		return -EOPNOTSUPP;
	if ((size_t)size < out_len)
		return -EINVAL;
	gcry_md_hash_buffer(algo, full, data, len);
	memcpy(out, full, out_len);
	explicit_bzero(full, sizeof(full));
	return 0;
}
