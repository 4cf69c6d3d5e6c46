// SPDX-License-Identifier: GPL-2.0
/*
 * luks2-json.c - keyslots, digests and segments from the JSON of a LUKS2 header
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base64.h"
#include "luks2-json.h"

static struct json_object *get_member(struct json_object *o, const char *key, enum json_type type)
{
	struct json_object *value;

	if (!o || !json_object_is_type(o, json_type_object) ||
	    !json_object_object_get_ex(o, key, &value) || !json_object_is_type(value, type))
		return NULL;
	return value;
}

struct json_object *json_section(struct json_object *o, const char *key)
{
	static struct json_object *empty;
	struct json_object *value = get_member(o, key, json_type_object);

	if (value)
		return value;
	if (!empty)
		empty = json_object_new_object();
	return empty;
}

struct json_object *json_array(struct json_object *o, const char *key)
{
	return get_member(o, key, json_type_array);
}

const char *json_text(struct json_object *o, const char *key)
{
	struct json_object *value = get_member(o, key, json_type_string);

	return value ? json_object_get_string(value) : NULL;
}

int64_t json_number(struct json_object *o, const char *key)
{
	struct json_object *value = get_member(o, key, json_type_int);
	const char *text = json_text(o, key);
	char *end;
	int64_t n;

	if (value)
		return json_object_get_int64(value);
	if (!text || *text < '0' || *text > '9')
		return -1;
	errno = 0;
	n = strtoll(text, &end, 10);
	return *end || errno ? -1 : n;
}

bool json_list_has(struct json_object *o, const char *key, const char *text)
{
	struct json_object *list = json_array(o, key);

	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		struct json_object *item = json_object_array_get_idx(list, i);

		if (json_object_is_type(item, json_type_string) &&
		    !strcmp(json_object_get_string(item), text))
			return true;
	}
	return false;
}

int json_base64(struct json_object *o, const char *key, uint8_t *out, size_t room)
{
	const char *text = json_text(o, key);

	return text ? base64_decode(text, text + strlen(text), out, room) : -1;
}

/* Copy a text that fits into @room bytes including its NUL. */
static int copy_text(struct json_object *o, const char *key, char *out, size_t room)
{
	const char *text = json_text(o, key);

	if (!text || strlen(text) >= room)
		return -EUCLEAN;
	strcpy(out, text);
	return 0;
}

static int copy_u32(struct json_object *o, const char *key, uint32_t *out)
{
	int64_t n = json_number(o, key);

	if (n <= 0 || n > UINT32_MAX)
		return -EUCLEAN;
	*out = n;
	return 0;
}

int json_kdf(struct json_object *o, struct kdf *kdf)
{
	int salt = json_base64(o, "salt", kdf->salt, sizeof(kdf->salt));
	int rc;

	if (salt <= 0)
		return -EUCLEAN;
	kdf->salt_len = salt;
	rc = copy_text(o, "type", kdf->type, sizeof(kdf->type));
	if (rc)
		return rc;
	if (!strcmp(kdf->type, "pbkdf2")) {
		rc = copy_text(o, "hash", kdf->hash, sizeof(kdf->hash));
		return rc ? rc : copy_u32(o, "iterations", &kdf->iterations);
	}
	rc = copy_u32(o, "time", &kdf->iterations);
	if (!rc)
		rc = copy_u32(o, "memory", &kdf->memory);
	return rc ? rc : copy_u32(o, "cpus", &kdf->lanes);
}

int json_keyslot(struct json_object *o, struct keyslot *slot)
{
	struct json_object *area = json_section(o, "area"), *af = json_section(o, "af");
	int64_t offset = json_number(area, "offset");
	uint32_t key_len = 0, area_key_len = 0;
	int rc;

	memset(slot, 0, sizeof(*slot));
	if (offset < 0)
		return -EUCLEAN;
	slot->offset = offset;
	rc = json_kdf(json_section(o, "kdf"), &slot->kdf);
	if (!rc)
		rc = copy_u32(o, "key_size", &key_len);
	if (!rc)
		rc = copy_u32(area, "key_size", &area_key_len);
	if (!rc)
		rc = copy_text(area, "encryption", slot->cipher, sizeof(slot->cipher));
	if (!rc)
		rc = copy_text(af, "hash", slot->af_hash, sizeof(slot->af_hash));
	if (!rc)
		rc = copy_u32(af, "stripes", &slot->stripes);
	slot->key_len = key_len;
	slot->area_key_len = area_key_len;
	return rc;
}

static int fill_segment(struct json_object *o, struct crypt_segment *s)
{
	const char *size = json_text(o, "size");
	int64_t offset = json_number(o, "offset"), iv = json_number(o, "iv_tweak");
	int64_t len = size && !strcmp(size, "dynamic") ? 0 : json_number(o, "size");
	int rc;

	if (offset < 0 || iv < 0 || len < 0 || (offset | len) % 512)
		return -EUCLEAN;
	s->offset = offset / 512;
	s->iv_offset = iv;
	s->len = len / 512;
	rc = copy_u32(o, "sector_size", &s->sector_size);
	if (!rc)
		rc = copy_text(o, "encryption", s->cipher, sizeof(s->cipher));
	if (s->sector_size < 512 || s->sector_size > 4096 ||
	    s->sector_size & (s->sector_size - 1))
		rc = -EUCLEAN;
	return rc;
}

int json_segments(const struct attempt *a, struct json_object *root, struct json_object *digest)
{
	struct crypt_volume *v = a->volume;
	uint64_t start = 0;
	int rc;

	v->nr_segments = 0;
	json_object_object_foreach(json_section(root, "segments"), name, segment) {
		struct crypt_segment *s = &v->segments[v->nr_segments];
		const char *type = json_text(segment, "type");

		if (!json_list_has(digest, "segments", name))
			continue;
		if (!type || strcmp(type, "crypt") || v->nr_segments == CRYPT_SEGMENTS_MAX ||
		    (v->nr_segments && (!s[-1].len || s[-1].tag_size)))
			return crypt_error(a, -EOPNOTSUPP, "the layout of its data is not supported");
		*s = (struct crypt_segment){ .start = start };
		if (fill_segment(segment, s))
			return crypt_error(a, -EUCLEAN, "segment %s is invalid", name);
		rc = json_tags(a, segment, s);
		if (rc)
			return rc;
		start += s->len;
		v->nr_segments++;
	}
	return v->nr_segments ? 0 : crypt_error(a, -EUCLEAN, "it has no data segment");
}
