// SPDX-License-Identifier: GPL-2.0
/*
 * luks2.c - unlock a volume of LUKS version 2
 *
 * There are two copies of the header, each with a binary part and a JSON area; the valid
 * copy with the higher sequence number is used.  The JSON describes the keyslots, the
 * digests that verify a volume key, and the data segments.
 *
 * Reference: LUKS2 On-Disk Format Specification 1.1.2; binary numbers are big endian.
 */
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "internal.h"
#include "luks2-json.h"

#define BINARY		4096u
#define VERSION		6u		/* u16 */
#define SIZE		8u		/* u64: bytes, including the JSON area */
#define SEQUENCE	16u		/* u64 */
#define CHECKSUM_NAME	72u		/* char[32] */
#define OFFSET		256u		/* u64: offset of this header */
#define CHECKSUM	448u		/* 64 bytes */

#define SIZE_MAX_HEADER	(4u << 20)
#define JSON_DEPTH	16
#define KEYSLOTS_MAX	32u	/* the limit of cryptsetup; each may take --kdf-seconds */

/* Possible offsets of the second header: it follows the first, which has one of these sizes. */
static const uint32_t sizes[] = {
	16u << 10, 32u << 10, 64u << 10, 128u << 10, 256u << 10, 512u << 10, 1u << 20, 2u << 20,
	4u << 20,
};

static bool has_checksum(uint8_t *header, size_t size)
{
	uint8_t stored[64], computed[64];
	char name[33];
	int len;

	memcpy(name, header + CHECKSUM_NAME, 32);
	name[32] = '\0';
	len = digest_len(name);
	if (len <= 0 || len > (int)sizeof(stored))
		return false;
	memcpy(stored, header + CHECKSUM, sizeof(stored));
	memset(header + CHECKSUM, 0, sizeof(stored));
	return !digest_of(name, header, size, computed, len) && !memcmp(stored, computed, len);
}

/*
 * Read the header at @offset; the caller frees it.  NULL: no valid header, or an error in
 * *@rc.
 */
static uint8_t *read_header(const struct attempt *a, uint64_t offset, const char *magic, int *rc)
{
	const struct crypt_source *src = a->src;
	uint8_t binary[BINARY], *header;
	uint64_t size;

	if (offset > src->size || BINARY > src->size - offset)
		return NULL;
	*rc = src->read(src->data, binary, sizeof(binary), offset);
	size = get_be64(binary + SIZE);
	if (*rc || memcmp(binary, magic, 6) || get_be16(binary + VERSION) != 2 ||
	    get_be64(binary + OFFSET) != offset || size <= BINARY || size > SIZE_MAX_HEADER ||
	    size > src->size - offset)
		return NULL;
	header = malloc(size + 1);
	if (!header) {
		*rc = -ENOMEM;
		return NULL;
	}
	*rc = src->read(src->data, header, size, offset);
	header[size] = '\0';
	if (*rc || !has_checksum(header, size)) {
		free(header);
		return NULL;
	}
	return header;
}

/*
 * Get the newer of the valid headers; the caller frees it.  NULL: an error in *@rc and
 * a->text.
 */
static uint8_t *newest_header(const struct attempt *a, int *rc)
{
	uint8_t *best, *other = NULL;

	*rc = 0;
	best = read_header(a, 0, "LUKS\xba\xbe", rc);
	for (size_t i = 0; !*rc && !other && i < sizeof(sizes) / sizeof(sizes[0]); i++)
		other = read_header(a, sizes[i], "SKUL\xba\xbe", rc);
	if (*rc && !best) {
		crypt_error(a, *rc, "its LUKS2 header cannot be read");
		return NULL;
	}
	*rc = 0;
	if (other && (!best || get_be64(other + SEQUENCE) > get_be64(best + SEQUENCE))) {
		free(best);
		return other;
	}
	free(other);
	if (!best)
		*rc = crypt_error(a, -EUCLEAN, "both copies of its LUKS2 header are damaged");
	return best;
}

static struct json_object *parse(const struct attempt *a, const uint8_t *header, int *rc)
{
	struct json_tokener *tok = json_tokener_new_ex(JSON_DEPTH);
	const char *text = (const char *)header + BINARY;
	struct json_object *root = tok ? json_tokener_parse_ex(tok, text, strlen(text)) : NULL;

	if (tok)
		json_tokener_free(tok);
	if (root && json_object_is_type(root, json_type_object))
		return root;
	json_object_put(root);
	*rc = crypt_error(a, -EUCLEAN, "the JSON of its LUKS2 header is invalid");
	return NULL;
}

/* ---- Trying keys -------------------------------------------------------------- */

/* The digest for the keys of the keyslot @number, or NULL. */
static struct json_object *digest_for(struct json_object *root, const char *number)
{
	json_object_object_foreach(json_section(root, "digests"), name, digest) {
		(void)name;
		if (json_list_has(digest, "keyslots", number))
			return digest;
	}
	return NULL;
}

static int check_key(const struct attempt *a, struct json_object *digest, const uint8_t *key,
		     size_t len)
{
	uint8_t want[64], got[64];
	int want_len = json_base64(digest, "digest", want, sizeof(want)), rc;
	struct kdf kdf;

	rc = json_kdf(digest, &kdf);
	if (want_len <= 0 || rc)
		return crypt_error(a, -EUCLEAN, "a digest in its LUKS2 header is invalid");
	rc = kdf_derive(a, &kdf, key, len, got, want_len);
	if (rc)
		return rc;
	return memcmp(want, got, want_len) ? -ENOKEY : 0;
}

static int try_slot(struct attempt *a, struct json_object *root, const char *name,
		    struct json_object *description)
{
	struct json_object *digest = digest_for(root, name);
	struct crypt_volume *v = a->volume;
	struct keyslot slot;
	int rc = json_keyslot(description, &slot);

	slot.number = strtoul(name, NULL, 10);
	if (rc || !digest)
		return crypt_error(a, -EUCLEAN, "keyslot %u is invalid", slot.number);
	rc = keyslot_open(a, &slot, v->key);
	if (!rc)
		rc = check_key(a, digest, v->key, slot.key_len);
	if (rc)
		return rc;
	v->key_len = slot.key_len;
	v->slot = slot.number;
	return json_segments(a, root, digest);
}

/* Keyslots of other programs, such as those for tokens, have another type. */
static bool is_usable(const struct attempt *a, const char *name, struct json_object *slot)
{
	const char *type = json_text(slot, "type");

	if (!isdigit((unsigned char)*name) || strtoul(name, NULL, 10) >= KEYSLOTS_MAX || !type ||
	    strcmp(type, "luks2"))
		return false;
	/* Use a keyslot with priority 0 only if the caller asked for it. */
	if (json_number(slot, "priority") == 0 && !a->rq->only_slot)
		return false;
	return true;
}

static int check_requirements(const struct attempt *a, struct json_object *root)
{
	struct json_object *config = json_section(root, "config");
	struct json_object *mandatory =
		json_array(json_section(config, "requirements"), "mandatory");
	const char *what;

	if (!mandatory || !json_object_array_length(mandatory))
		return 0;
	what = json_object_get_string(json_object_array_get_idx(mandatory, 0));
	if (what && !strncmp(what, "online-reencrypt", 16))
		return crypt_error(a, -EOPNOTSUPP, "its re-encryption is not complete: finish it first with cryptsetup reencrypt");
	return crypt_error(a, -EOPNOTSUPP, "it requires \"%.40s\", which is not supported",
			   what ? what : "");
}

static int try_slots(struct attempt *a, struct json_object *root)
{
	int rc = check_requirements(a, root), err = -ENOKEY;

	if (rc)
		return rc;
	json_object_object_foreach(json_section(root, "keyslots"), name, slot) {
		if (!is_usable(a, name, slot) || !attempt_wants(a, strtoul(name, NULL, 10)))
			continue;
		rc = try_slot(a, root, name, slot);
		if (!rc)
			return 0;
		if (rc != -ENOKEY)
			err = rc;
	}
	return attempt_failed(a, err);
}

int luks2_unlock(struct attempt *a)
{
	struct json_object *root;
	uint8_t *header;
	int rc;

	header = newest_header(a, &rc);
	if (!header)
		return rc;
	root = parse(a, header, &rc);
	free(header);
	if (!root)
		return rc;
	rc = try_slots(a, root);
	json_object_put(root);
	return rc;
}
