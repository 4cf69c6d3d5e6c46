// SPDX-License-Identifier: GPL-2.0
/*
 * luks1.c - unlock a volume of LUKS version 1
 *
 * Reference: LUKS1 On-Disk Format Specification 1.2.3; numbers are big endian.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "bytes.h"
#include "internal.h"

#define HEADER		592u
#define CIPHER		8u		/* char[32] */
#define MODE		40u		/* char[32] */
#define HASH		72u		/* char[32] */
#define PAYLOAD		104u		/* u32: sectors */
#define KEY_BYTES	108u		/* u32 */
#define DIGEST		112u		/* of the volume key: 20 bytes */
#define DIGEST_SALT	132u		/* 32 bytes */
#define DIGEST_ROUNDS	164u		/* u32 */
#define SLOTS		208u
#define NR_SLOTS	8u
#define SLOT_BYTES	48u

/* Offsets in a slot. */
#define SLOT_ACTIVE	0u		/* u32 */
#define SLOT_ROUNDS	4u		/* u32 */
#define SLOT_SALT	8u		/* 32 bytes */
#define SLOT_OFFSET	40u		/* u32: sectors */
#define SLOT_STRIPES	44u		/* u32 */

#define ACTIVE		0x00ac71f3u
#define DIGEST_BYTES	20u
#define SALT_BYTES	32u

/* Copy a text of 32 bytes, which may lack a NUL. */
static void copy_field(const uint8_t *p, char *out)
{
	memcpy(out, p, 32);
	out[32] = '\0';
}

/* dm-crypt's name for "aes" and "xts-plain64" is "aes-xts-plain64". */
static void cipher_name(const uint8_t *header, char *out, size_t len)
{
	char cipher[33], mode[33];

	copy_field(header + CIPHER, cipher);
	copy_field(header + MODE, mode);
	snprintf(out, len, "%s-%s", cipher, mode);
}

static void fill_kdf(struct kdf *kdf, const uint8_t *header, const uint8_t *salt,
		     uint32_t rounds)
{
	char hash[33];

	copy_field(header + HASH, hash);
	memset(kdf, 0, sizeof(*kdf));
	strcpy(kdf->type, "pbkdf2");
	snprintf(kdf->hash, sizeof(kdf->hash), "%s", hash);
	kdf->iterations = rounds;
	memcpy(kdf->salt, salt, SALT_BYTES);
	kdf->salt_len = SALT_BYTES;
}

static void fill_slot(struct keyslot *slot, const uint8_t *header, unsigned int number)
{
	const uint8_t *p = header + SLOTS + number * SLOT_BYTES;

	memset(slot, 0, sizeof(*slot));
	slot->number = number;
	fill_kdf(&slot->kdf, header, p + SLOT_SALT, get_be32(p + SLOT_ROUNDS));
	cipher_name(header, slot->cipher, sizeof(slot->cipher));
	slot->offset = (uint64_t)get_be32(p + SLOT_OFFSET) * 512;
	slot->key_len = slot->area_key_len = get_be32(header + KEY_BYTES);
	slot->stripes = get_be32(p + SLOT_STRIPES);
	snprintf(slot->af_hash, sizeof(slot->af_hash), "%s", slot->kdf.hash);
}

/* Check that @key is the volume key.  0, -ENOKEY, or another -errno with a->text. */
static int check_key(const struct attempt *a, const uint8_t *header, const uint8_t *key,
		     size_t len)
{
	uint8_t digest[DIGEST_BYTES];
	struct kdf kdf;
	int rc;

	fill_kdf(&kdf, header, header + DIGEST_SALT, get_be32(header + DIGEST_ROUNDS));
	rc = kdf_derive(a, &kdf, key, len, digest, sizeof(digest));
	if (rc)
		return rc;
	return memcmp(digest, header + DIGEST, sizeof(digest)) ? -ENOKEY : 0;
}

static int try_slot(struct attempt *a, const uint8_t *header, unsigned int number)
{
	struct crypt_volume *v = a->volume;
	struct keyslot slot;
	int rc;

	fill_slot(&slot, header, number);
	rc = keyslot_open(a, &slot, v->key);
	if (!rc)
		rc = check_key(a, header, v->key, slot.key_len);
	if (rc)
		return rc;
	v->key_len = slot.key_len;
	v->slot = number;
	v->nr_segments = 1;
	v->segments[0] = (struct crypt_segment){
		.offset = get_be32(header + PAYLOAD), .sector_size = 512,
	};
	cipher_name(header, v->segments[0].cipher, sizeof(v->segments[0].cipher));
	return 0;
}

int luks1_unlock(struct attempt *a)
{
	uint8_t header[HEADER];
	int rc = a->src->size < sizeof(header) ? -EUCLEAN :
		 a->src->read(a->src->data, header, sizeof(header), 0), err = -ENOKEY;

	if (rc)
		return crypt_error(a, rc, "its LUKS header cannot be read");
	for (unsigned int i = 0; i < NR_SLOTS; i++) {
		if (get_be32(header + SLOTS + i * SLOT_BYTES + SLOT_ACTIVE) != ACTIVE ||
		    !attempt_wants(a, i))
			continue;
		rc = try_slot(a, header, i);
		if (!rc)
			return 0;
		if (rc != -ENOKEY)
			err = rc;	/* a damaged keyslot; try the others */
	}
	return attempt_failed(a, err);
}
