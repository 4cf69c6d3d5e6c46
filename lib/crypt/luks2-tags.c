// SPDX-License-Identifier: GPL-2.0
/*
 * luks2-tags.c - LUKS2 volumes whose sectors have authentication tags
 *
 * The tag of a sector has its random IV, if the cipher has one, and a MAC or the tag of an
 * AEAD cipher.  dm-crypt takes the ciphers only by their names in the crypto API: with
 * aes-xts-random and hmac(sha256) that is "capi:authenc(hmac(sha256),xts(aes))-random".
 *
 * Reference: Documentation/admin-guide/device-mapper/dm-crypt.rst, and the section "Segments
 * Object" of the LUKS2 On-Disk Format Specification.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "luks2-json.h"

#define CHACHA_IV	12u

/* Bytes of the IV in a tag, by the mode and the IV of the cipher. */
static const struct { const char *mode; unsigned int len; } ivs[] = {
	{ "xts-random", 16 }, { "ctr-random", 16 }, { "gcm-random", 12 }, { "ccm-random", 8 },
	{ "random", 16 },
};

/* Bytes of the authentication in a tag. */
static const struct { const char *type; unsigned int len; } types[] = {
	{ "aead", 16 }, { "poly1305", 16 }, { "cmac(aes)", 16 }, { "hmac(sha1)", 20 },
	{ "hmac(sha256)", 32 }, { "hmac(sha512)", 64 },
};

static unsigned int iv_len(const char *cipher, const char *mode)
{
	if (!strcmp(cipher, "aegis256") && !strcmp(mode, "random"))
		return 32;
	for (size_t i = 0; i < sizeof(ivs) / sizeof(ivs[0]); i++)
		if (!strcmp(ivs[i].mode, mode))
			return ivs[i].len;
	return 0;
}

static unsigned int type_len(const char *type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(types[i].type, type))
			return types[i].len;
	return 0;
}

/* "aes-xts-random" in three parts; a stream cipher has no mode: "chacha20-random". */
struct parts {
	char cipher[CRYPT_CIPHER_MAX], mode[CRYPT_CIPHER_MAX], iv[CRYPT_CIPHER_MAX];
	char api[2 * CRYPT_CIPHER_MAX];		/* "xts(aes)" */
};

static bool split(const char *name, struct parts *p)
{
	const char *rest = strchr(name, '-'), *iv;

	if (!rest++)
		return false;
	iv = strchr(rest, '-');
	snprintf(p->cipher, sizeof(p->cipher), "%.*s", (int)(rest - 1 - name), name);
	snprintf(p->mode, sizeof(p->mode), "%.*s", iv ? (int)(iv - rest) : 0, rest);
	snprintf(p->iv, sizeof(p->iv), "%s", iv ? iv + 1 : rest);
	snprintf(p->api, sizeof(p->api), *p->mode ? "%s(%s)" : "%s%s", p->mode, p->cipher);
	return true;
}

/* Replace the name in @s by that of the crypto API.  False: it is too long. */
static bool set_cipher(struct crypt_segment *s, const struct parts *p, const char *type)
{
	size_t room = sizeof(s->cipher);
	int len;

	if (!strcmp(type, "poly1305"))
		len = snprintf(s->cipher, room, "capi:rfc7539(%s,poly1305)-%s", p->api, p->iv);
	else if (strcmp(type, "aead"))
		len = snprintf(s->cipher, room, "capi:authenc(%s,%s)-%s", type, p->api, p->iv);
	else if (!strcmp(p->mode, "ccm"))
		len = snprintf(s->cipher, room, "capi:rfc4309(%s)-%s", p->api, p->iv);
	else
		len = snprintf(s->cipher, room, "capi:%s-%s", p->api, p->iv);
	return (size_t)len < room;
}

static bool is_none(struct json_object *integrity, const char *key)
{
	const char *text = json_text(integrity, key);

	return !text || !strcmp(text, "none");
}

int json_tags(const struct attempt *a, struct json_object *segment, struct crypt_segment *s)
{
	struct json_object *integrity = json_section(segment, "integrity");
	const char *type = json_text(integrity, "type"), *mode = strchr(s->cipher, '-');
	struct parts p;

	if (!json_object_object_get_ex(segment, "integrity", NULL))
		return 0;
	if (!type || !type_len(type))
		return crypt_error(a, -EOPNOTSUPP, "its data has authentication tags (%.40s), which are not supported",
				   type ? type : "of an unknown type");
	if (!is_none(integrity, "journal_encryption") || !is_none(integrity, "journal_integrity"))
		return crypt_error(a, -EOPNOTSUPP, "the journal of its authentication tags is encrypted, which is not supported");
	if (!split(s->cipher, &p) || s->start || s->len)
		return crypt_error(a, -EUCLEAN, "its segment with authentication tags is invalid");
	s->tag_size = type_len(type) + iv_len(p.cipher, mode + 1);
	if (!strcmp(type, "poly1305") && s->tag_size > type_len(type))
		s->tag_size = type_len(type) + CHACHA_IV;
	if (!set_cipher(s, &p, type))
		return crypt_error(a, -EOPNOTSUPP, "the name of its cipher is too long: %.40s...",
				   s->cipher);
	return 0;
}
