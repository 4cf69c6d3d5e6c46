// SPDX-License-Identifier: GPL-2.0
/*
 * fvault-key.c - keys of FileVault2 in the property lists of CoreStorage
 *
 * A key derived from the passphrase of a user decrypts a second key, which decrypts the first
 * half of the volume key (AES key wrap, RFC 3394, which shows whether the key was right).  The
 * second half is a hash of the first half and the UUID of the volume's family.
 *
 * Reference: the format description of libfvde; numbers are little endian.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <gcrypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base64.h"
#include "bytes.h"
#include "fvault.h"
#include "hex.h"

/* PassphraseWrappedKEKStruct */
#define USER_BYTES	284u
#define SALT_SIZE	4u		/* u32 */
#define SALT		8u
#define KEK_SIZE	28u		/* u32 */
#define KEK		32u
#define ITERATIONS	168u		/* u32 */

/* KEKWrappedVolumeKeyStruct */
#define KEY_BYTES	256u
#define KEY_SIZE	4u		/* u32 */
#define WRAPPED_KEY	8u

/* ---- Property lists ------------------------------------------------------------------ */

/*
 * Find the next value of the property @name in @text, and move @text past it.  The value is
 * the content of the element after <key>NAME</key>.
 */
static bool next_value(struct fv_text *text, const char *name, struct fv_text *value)
{
	char key[80];
	int len = snprintf(key, sizeof(key), "<key>%s</key>", name);
	const char *at = memmem(text->at, text->end - text->at, key, len);

	if (!at)
		return false;
	text->at = at + len;
	at = memchr(text->at, '>', text->end - text->at);
	if (!at)
		return false;
	value->at = at + 1;
	value->end = memchr(value->at, '<', text->end - value->at);
	if (!value->end)
		return false;
	text->at = value->end;
	return true;
}

/* Decode the next value of @name, which has @len bytes.  False: there are no more. */
static bool next_data(struct fv_text *text, const char *name, uint8_t *out, size_t len)
{
	struct fv_text value;

	while (next_value(text, name, &value))
		if (base64_decode(value.at, value.end, out, len) == (long)len)
			return true;
	return false;
}

/* Whether @u is known already: the metadata may have older copies of the same list. */
static bool has_user(const struct fv_lists *l, const struct fv_user *u)
{
	for (unsigned int i = 0; i < l->nr_users; i++)
		if (!memcmp(&l->users[i], u, sizeof(*u)))
			return true;
	return false;
}

static void read_users(struct fv_lists *l, struct fv_text text)
{
	uint8_t data[USER_BYTES];

	while (l->nr_users < FV_USERS &&
	       next_data(&text, "PassphraseWrappedKEKStruct", data, sizeof(data))) {
		struct fv_user *u = &l->users[l->nr_users];

		if (get_le32(data + SALT_SIZE) != FV_KEY || get_le32(data + KEK_SIZE) != FV_WRAPPED)
			continue;
		memcpy(u->salt, data + SALT, FV_KEY);
		memcpy(u->wrapped, data + KEK, FV_WRAPPED);
		u->iterations = get_le32(data + ITERATIONS);
		l->nr_users += !has_user(l, u);
	}
}

void fv_read_keys(struct fv_lists *l, struct fv_text text)
{
	struct fv_text rest = text;
	uint8_t data[KEY_BYTES];

	read_users(l, text);
	while (l->nr_volume_keys < FV_VOLUME_KEYS &&
	       next_data(&rest, "KEKWrappedVolumeKeyStruct", data, sizeof(data))) {
		if (get_le32(data + KEY_SIZE) != FV_WRAPPED)
			continue;
		memcpy(l->volume_keys[l->nr_volume_keys++], data + WRAPPED_KEY, FV_WRAPPED);
	}
}

/* Parse a UUID, such as "33A76CAA-1481-4BC5-8D04-1AC1707C19C0". */
static bool read_uuid(struct fv_text text, uint8_t *uuid)
{
	unsigned int nr = 0;

	for (; text.at < text.end; text.at++) {
		int digit = hex_digit(*text.at);

		if (*text.at == '-')
			continue;
		if (digit < 0 || nr == 2 * FV_UUID)
			return false;
		uuid[nr / 2] = nr % 2 ? uuid[nr / 2] << 4 | digit : digit;
		nr++;
	}
	return nr == 2 * FV_UUID;
}

/* Parse a number, such as "0xa000000"; 0 if it is not valid. */
static uint64_t read_hex(struct fv_text text)
{
	uint64_t n = 0;

	if (text.end - text.at < 3 || memcmp(text.at, "0x", 2))
		return 0;
	for (text.at += 2; text.at < text.end; text.at++) {
		int digit = hex_digit(*text.at);

		if (digit < 0 || n >> 60)
			return 0;
		n = n << 4 | digit;
	}
	return n;
}

void fv_read_volume(struct fv_lists *l, struct fv_text text)
{
	struct fv_text rest = text, value;

	if (next_value(&rest, "com.apple.corestorage.lv.familyUUID", &value))
		l->has_family = read_uuid(value, l->family);
	rest = text;
	if (next_value(&rest, "com.apple.corestorage.lv.size", &value))
		l->size = read_hex(value);
}

/* ---- Keys -------------------------------------------------------------------------- */

static int unwrap_key(const uint8_t *with, const uint8_t *wrapped, uint8_t *key)
{
	gcry_cipher_hd_t c;
	int rc = 0;

	if (gcry_cipher_open(&c, GCRY_CIPHER_AES128, GCRY_CIPHER_MODE_AESWRAP, 0))
		return -ENOMEM;
	if (gcry_cipher_setkey(c, with, FV_KEY) ||
	    gcry_cipher_decrypt(c, key, FV_KEY, wrapped, FV_WRAPPED))
		rc = -ENOKEY;
	gcry_cipher_close(c);
	return rc;
}

static int derive_key(const struct attempt *a, const struct fv_user *u, uint8_t *key)
{
	struct kdf kdf = {
		.type = "pbkdf2", .hash = "sha256", .iterations = u->iterations, .salt_len = FV_KEY,
	};

	memcpy(kdf.salt, u->salt, FV_KEY);
	return kdf_derive(a, &kdf, a->rq->passphrase, a->rq->passphrase_len, key, FV_KEY);
}

/* Get the first half of the volume key with the passphrase of @u. */
static int open_user(const struct attempt *a, const struct fv_lists *l, const struct fv_user *u,
		     uint8_t *key)
{
	uint8_t derived[FV_KEY], kek[FV_KEY];
	int rc = derive_key(a, u, derived);

	if (!rc)
		rc = unwrap_key(derived, u->wrapped, kek);
	if (!rc) {
		rc = -ENOKEY;
		for (unsigned int i = 0; rc == -ENOKEY && i < l->nr_volume_keys; i++)
			rc = unwrap_key(kek, l->volume_keys[i], key);
		if (rc == -ENOKEY)
			rc = crypt_error(a, -EUCLEAN, "its FileVault2 metadata is damaged: the key of user %u opens no volume key",
				a->volume->slot);
	}
	explicit_bzero(derived, sizeof(derived));
	explicit_bzero(kek, sizeof(kek));
	return rc;
}

int fv_open(struct attempt *a, const struct fv_lists *l, uint8_t *key)
{
	uint8_t both[FV_KEY + FV_UUID];
	int rc = -ENOKEY;

	for (unsigned int i = 0; rc == -ENOKEY && i < l->nr_users; i++) {
		if (!attempt_wants(a, i))
			continue;
		a->volume->slot = i;
		rc = open_user(a, l, &l->users[i], key);
	}
	if (rc == -ENOKEY)
		return crypt_error(a, rc, "the key is that of none of its %u users and recovery keys",
				   l->nr_users);
	if (rc)
		return rc;
	memcpy(both, key, FV_KEY);
	memcpy(both + FV_KEY, l->family, FV_UUID);
	rc = digest_of("sha256", both, sizeof(both), key + FV_KEY, FV_KEY);
	explicit_bzero(both, sizeof(both));
	return rc ? crypt_error(a, rc, "SHA-256 is not available") : 0;
}
