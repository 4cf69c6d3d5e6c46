// SPDX-License-Identifier: GPL-2.0
/*
 * keyslot.c - decrypt the volume key in a LUKS keyslot
 *
 * The key of the keyslot's area is derived from the passphrase.  The area contains the
 * volume key, spread over many stripes by the anti-forensic splitter: all stripes are
 * needed to compute the volume key.
 *
 * Reference: LUKS1 On-Disk Format Specification 1.2.3, sections 2.4 and 4.2.
 */
#include <errno.h>
#include <gcrypt.h>
#include <stdlib.h>
#include <string.h>
#include "digest.h"
#include "internal.h"

#define STRIPES_MAX	16000u		/* cryptsetup uses 4000 */
#define SECTOR		512u
#define DIGEST_MAX	64u

static void put_be32(uint8_t *p, uint32_t v)
{
	p[0] = v >> 24;
	p[1] = v >> 16;
	p[2] = v >> 8;
	p[3] = v;
}

/*
 * Replace each piece of @block, of a digest's length, by the hash of its number and content.
 * @algo: libgcrypt's number of a hash with digests of @size bytes.
 */
static void diffuse(int algo, size_t size, uint8_t *block, size_t len)
{
	uint8_t in[4 + DIGEST_MAX], out[DIGEST_MAX];

	for (size_t at = 0, nr = 0; at < len; at += size, nr++) {
		size_t piece = len - at < size ? len - at : size;

		put_be32(in, nr);
		memcpy(in + 4, block + at, piece);
		gcry_md_hash_buffer(algo, out, in, 4 + piece);
		memcpy(block + at, out, piece);
	}
	explicit_bzero(in, sizeof(in));
	explicit_bzero(out, sizeof(out));
}

static int merge(const struct keyslot *slot, const uint8_t *area, uint8_t *key)
{
	/* Look up the hash once: with 4000 stripes, comparing names takes longer than hashing. */
	int algo = digest_algo(slot->af_hash), size = digest_len(slot->af_hash);

	if (size <= 0 || size > (int)DIGEST_MAX)
		return -EOPNOTSUPP;
	memset(key, 0, slot->key_len);
	for (uint32_t stripe = 0; stripe < slot->stripes; stripe++) {
		for (size_t i = 0; i < slot->key_len; i++)
			key[i] ^= area[stripe * slot->key_len + i];
		if (stripe + 1 < slot->stripes)
			diffuse(algo, size, key, slot->key_len);
	}
	return 0;
}

static int check_keyslot(const struct attempt *a, const struct keyslot *slot, size_t area)
{
	if (!slot->key_len || slot->key_len > CRYPT_KEY_MAX || !slot->area_key_len ||
	    slot->area_key_len > CRYPT_KEY_MAX || !slot->stripes || slot->stripes > STRIPES_MAX ||
	    slot->offset % SECTOR)
		return crypt_error(a, -EUCLEAN, "keyslot %u has impossible sizes", slot->number);
	if (slot->offset > a->src->size || area > a->src->size - slot->offset)
		return crypt_error(a, -EUCLEAN, "keyslot %u is beyond the end", slot->number);
	return 0;
}

static int open_area(const struct attempt *a, const struct keyslot *slot, uint8_t *area,
		     size_t size, uint8_t *key)
{
	uint8_t area_key[CRYPT_KEY_MAX];
	int rc = kdf_derive(a, &slot->kdf, a->rq->passphrase, a->rq->passphrase_len, area_key,
			    slot->area_key_len);

	if (!rc) {
		rc = a->src->decrypt(a->src->data, slot->cipher, area_key, slot->area_key_len,
				     area, size, slot->offset);
		if (rc)
			crypt_error(a, rc, "keyslot %u, encrypted with %s, cannot be read",
				    slot->number, slot->cipher);
	}
	if (!rc) {
		rc = merge(slot, area, key);
		if (rc)
			crypt_error(a, rc, "keyslot %u uses the hash \"%s\", which is not supported",
				    slot->number, slot->af_hash);
	}
	explicit_bzero(area_key, sizeof(area_key));
	return rc;
}

int keyslot_open(const struct attempt *a, const struct keyslot *slot, uint8_t *key)
{
	size_t size = (slot->key_len * slot->stripes + SECTOR - 1) / SECTOR * SECTOR;
	uint8_t *area;
	int rc = check_keyslot(a, slot, size);

	if (rc)
		return rc;
	area = malloc(size);
	if (!area)
		return crypt_error(a, -ENOMEM, "out of memory");
	rc = open_area(a, slot, area, size, key);
	explicit_bzero(area, size);
	free(area);
	return rc;
}
