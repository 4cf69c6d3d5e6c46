// SPDX-License-Identifier: GPL-2.0
/*
 * bitlocker-key.c - the volume master key of BitLocker, by one of its protectors
 *
 * A password and a recovery password are hashed a million times; a startup key (a BEK
 * file) and a clear key are used as they are.  The result decrypts the volume master key
 * with AES-CCM, which also detects a wrong key.
 */
#include <errno.h>
#include <gcrypt.h>
#include <stdlib.h>
#include <string.h>
#include "bitlocker.h"
#include "bytes.h"

#define ENTRY_HEADER	8u

/* The value of a protector. */
#define VMK_GUID	0u
#define VMK_PROTECTION	26u		/* u16 */
#define VMK_ENTRIES	28u

#define PROTECTION_CLEAR	0x0000u
#define PROTECTION_TPM		0x0100u
#define PROTECTION_STARTUP	0x0200u
#define PROTECTION_TPM_PIN	0x0500u
#define PROTECTION_RECOVERY	0x0800u
#define PROTECTION_SMART_CARD	0x1000u
#define PROTECTION_PASSWORD	0x2000u

/* An encrypted key: a nonce, a tag, the ciphertext. */
#define CCM_NONCE	12u
#define CCM_TAG		16u
#define CCM_DATA	(CCM_NONCE + CCM_TAG)
/* In the plain text, a header like that of an entry and the method precede the key. */
#define PLAIN_KEY	12u

#define STRETCH_SALT	4u		/* offset in the value of FVE_VALUE_STRETCH */
#define SALT		16u
#ifndef BITLOCKER_ROUNDS		/* smaller in tests of the parser */
#define BITLOCKER_ROUNDS	0x100000u
#endif

#define BEK_HEADER	48u
#define EXTERNAL_ENTRIES	24u	/* after a GUID and a time */

bool fve_next(struct fve_list *list, struct fve_entry *e)
{
	size_t size = list->len >= ENTRY_HEADER ? get_le16(list->data) : 0;

	if (size < ENTRY_HEADER || size > list->len)
		return false;
	e->type = get_le16(list->data + 2);
	e->value = get_le16(list->data + 4);
	e->data = list->data + ENTRY_HEADER;
	e->len = size - ENTRY_HEADER;
	list->data += size;
	list->len -= size;
	return true;
}

static bool decrypt_ccm(const uint8_t *with, const uint8_t *nonce, const uint8_t *tag,
			const uint8_t *in, uint8_t *out, size_t len)
{
	uint64_t lengths[3] = { len, 0, CCM_TAG };
	gcry_cipher_hd_t c;
	bool good;

	if (gcry_cipher_open(&c, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_CCM, 0))
		return false;
	good = !gcry_cipher_setkey(c, with, FVE_KEY) && !gcry_cipher_setiv(c, nonce, CCM_NONCE) &&
	       !gcry_cipher_ctl(c, GCRYCTL_SET_CCM_LENGTHS, lengths, sizeof(lengths)) &&
	       !gcry_cipher_decrypt(c, out, len, in, len) &&
	       !gcry_cipher_checktag(c, tag, CCM_TAG);
	gcry_cipher_close(c);
	return good;
}

int fve_decrypt_key(const struct fve_entry *e, const uint8_t *with, uint8_t *key, size_t room)
{
	uint8_t plain[PLAIN_KEY + 128];
	size_t len = e->len > CCM_DATA ? e->len - CCM_DATA : 0;
	int rc = -ENOKEY;

	if (len <= PLAIN_KEY || len > sizeof(plain) || len - PLAIN_KEY > room)
		return -ENOKEY;
	if (decrypt_ccm(with, e->data, e->data + CCM_NONCE, e->data + CCM_DATA, plain, len)) {
		rc = len - PLAIN_KEY;
		memcpy(key, plain + PLAIN_KEY, rc);
	}
	explicit_bzero(plain, sizeof(plain));
	return rc;
}

/* ---- Passwords ------------------------------ */

/* Stretch @key to the key that encrypts the volume master key. */
static void stretch_key(uint8_t *key, const uint8_t *salt)
{
	uint8_t state[2 * FVE_KEY + SALT + 8] = { 0 };
	uint8_t *count = state + 2 * FVE_KEY + SALT;

	memcpy(state + FVE_KEY, key, FVE_KEY);
	memcpy(state + 2 * FVE_KEY, salt, SALT);
	for (uint32_t i = 0; i < BITLOCKER_ROUNDS; i++) {
		for (unsigned int byte = 0; byte < 4; byte++)
			count[byte] = i >> 8 * byte;
		gcry_md_hash_buffer(GCRY_MD_SHA256, key, state, sizeof(state));
		memcpy(state, key, FVE_KEY);
	}
	explicit_bzero(state, sizeof(state));
}

/* The UTF-8 code point at *@p, or the byte itself if it is invalid. */
static uint32_t next_character(const uint8_t **p, const uint8_t *end)
{
	uint8_t first = *(*p)++;
	unsigned int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
	uint32_t c = more ? first & (0x3f >> more) : first;

	if (more > (size_t)(end - *p))
		return first;
	for (unsigned int i = 0; i < more; i++) {
		if ((*p)[i] >> 6 != 2)
			return first;
		c = c << 6 | ((*p)[i] & 0x3f);
	}
	*p += more;
	return c;
}

static uint8_t *put_unit(uint8_t *out, uint32_t unit)
{
	out[0] = unit;
	out[1] = unit >> 8;
	return out + 2;
}

/* Hash the password, in UTF-16, twice with SHA-256. */
static int password_key(const struct crypt_request *rq, uint8_t *key)
{
	const uint8_t *p = rq->passphrase, *end = p + rq->passphrase_len;
	uint8_t *wide = malloc(2 * rq->passphrase_len + 1), *out = wide;

	if (!wide)
		return -ENOMEM;
	while (p < end) {
		uint32_t c = next_character(&p, end);

		if (c >= 0x10000) {
			out = put_unit(out, 0xd800 | (c - 0x10000) >> 10);
			c = 0xdc00 | (c & 0x3ff);
		}
		out = put_unit(out, c);
	}
	gcry_md_hash_buffer(GCRY_MD_SHA256, key, wide, out - wide);
	gcry_md_hash_buffer(GCRY_MD_SHA256, key, key, FVE_KEY);
	explicit_bzero(wide, 2 * rq->passphrase_len + 1);
	free(wide);
	return 0;
}

/* Decode a recovery password: eight groups of six digits, each a multiple of 11, give 16 bytes. */
static int recovery_key(const struct crypt_request *rq, uint8_t *key)
{
	const char *p = rq->passphrase;
	uint8_t bytes[16];

	if (rq->passphrase_len != 8 * 6 + 7)
		return -ENOKEY;
	for (unsigned int group = 0; group < 8; group++, p++) {
		unsigned int n = 0;

		for (unsigned int i = 0; i < 6; i++, p++) {
			if (*p < '0' || *p > '9')
				return -ENOKEY;
			n = 10 * n + *p - '0';
		}
		if (n % 11 || n / 11 > 0xffff || (group < 7 && *p != '-'))
			return -ENOKEY;
		put_unit(bytes + 2 * group, n / 11);
	}
	gcry_md_hash_buffer(GCRY_MD_SHA256, key, bytes, sizeof(bytes));
	explicit_bzero(bytes, sizeof(bytes));
	return 0;
}

/* ---- Keys in files and in the volume ------------------------------ */

/* Find an unencrypted key of FVE_KEY bytes in @list. */
static int clear_key(struct fve_list list, uint8_t *key)
{
	struct fve_entry e;

	while (fve_next(&list, &e)) {
		if (e.value != FVE_VALUE_KEY || e.len < 4 + FVE_KEY)
			continue;
		memcpy(key, e.data + 4, FVE_KEY);	/* after the method */
		return 0;
	}
	return -ENOKEY;
}

/* Take the key from the given BEK file, if it is for the protector @guid. */
static int startup_key(const struct crypt_request *rq, const uint8_t *guid, uint8_t *key)
{
	const uint8_t *file = rq->passphrase;
	struct fve_list list;
	struct fve_entry e;

	if (rq->passphrase_len < BEK_HEADER || get_le32(file) > rq->passphrase_len ||
	    get_le32(file) < BEK_HEADER || get_le32(file + 8) != BEK_HEADER)
		return -ENOKEY;
	list = (struct fve_list){ file + BEK_HEADER, get_le32(file) - BEK_HEADER };
	while (fve_next(&list, &e)) {
		if (e.type == FVE_ENTRY_STARTUP_KEY && e.value == FVE_VALUE_EXTERNAL &&
		    e.len > EXTERNAL_ENTRIES && !memcmp(e.data, guid, FVE_GUID))
			return clear_key((struct fve_list){ e.data + EXTERNAL_ENTRIES,
							    e.len - EXTERNAL_ENTRIES }, key);
	}
	return -ENOKEY;
}

/* ---- Protectors ------------------------------ */

static unsigned int protection_of(const struct fve_entry *e)
{
	return get_le16(e->data + VMK_PROTECTION);
}

static struct fve_list protector_list(const struct fve_entry *e)
{
	return (struct fve_list){ e->data + VMK_ENTRIES, e->len - VMK_ENTRIES };
}

/* Get the key that decrypts the volume master key. */
static int protector_key(const struct attempt *a, const struct fve_entry *e, uint8_t *key)
{
	struct fve_list list = protector_list(e);
	struct fve_entry in;
	int rc;

	switch (protection_of(e)) {
	case PROTECTION_CLEAR:
		return clear_key(list, key);
	case PROTECTION_STARTUP:
		return startup_key(a->rq, e->data + VMK_GUID, key);
	case PROTECTION_RECOVERY:
		rc = recovery_key(a->rq, key);
		break;
	case PROTECTION_PASSWORD:
		rc = password_key(a->rq, key);
		break;
	default:
		return -ENOKEY;
	}
	while (!rc && fve_next(&list, &in)) {
		if (in.value != FVE_VALUE_STRETCH || in.len < STRETCH_SALT + SALT)
			continue;
		stretch_key(key, in.data + STRETCH_SALT);
		return 0;
	}
	return rc ? rc : -ENOKEY;
}

int fve_open_protector(const struct attempt *a, const struct fve_entry *e, uint8_t *vmk)
{
	struct fve_list list;
	uint8_t key[FVE_KEY];
	struct fve_entry in;
	int rc;

	if (e->value != FVE_VALUE_VMK || e->len < VMK_ENTRIES)
		return -ENOKEY;
	rc = protector_key(a, e, key);
	if (rc)
		return rc;
	rc = -ENOKEY;
	list = protector_list(e);
	while (rc == -ENOKEY && fve_next(&list, &in))
		if (in.value == FVE_VALUE_CCM && fve_decrypt_key(&in, key, vmk, FVE_KEY) == FVE_KEY)
			rc = 0;
	explicit_bzero(key, sizeof(key));
	return rc;
}

const char *fve_protector_name(const struct fve_entry *e)
{
	static const struct { unsigned int protection; const char *name; } names[] = {
		{ PROTECTION_CLEAR, "clear key" }, { PROTECTION_TPM, "TPM" },
		{ PROTECTION_STARTUP, "startup key" }, { PROTECTION_TPM_PIN, "TPM and PIN" },
		{ PROTECTION_RECOVERY, "recovery password" },
		{ PROTECTION_SMART_CARD, "smart card" }, { PROTECTION_PASSWORD, "password" },
	};

	for (size_t i = 0; e->len >= VMK_ENTRIES && i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].protection == protection_of(e))
			return names[i].name;
	return "unknown protector";
}
