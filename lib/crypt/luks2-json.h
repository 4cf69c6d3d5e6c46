/* SPDX-License-Identifier: GPL-2.0 */
/*
 * luks2-json.h - read the JSON of a LUKS2 header
 *
 * The JSON is untrusted.  For a value that is missing or has another type, the functions
 * return NULL, -1 or an error.
 */
#ifndef ANYFS_CRYPT_LUKS2_JSON_H
#define ANYFS_CRYPT_LUKS2_JSON_H

#include <json-c/json.h>
#include "internal.h"

/* The object @key of @o; an empty object, not to be changed, if there is none. */
struct json_object *json_section(struct json_object *o, const char *key);
struct json_object *json_array(struct json_object *o, const char *key);
const char *json_text(struct json_object *o, const char *key);
/* Get a number, or a text of digits, LUKS2's form of 64-bit numbers; -1 if neither. */
int64_t json_number(struct json_object *o, const char *key);
/* Whether the array @key has the text @text. */
bool json_list_has(struct json_object *o, const char *key, const char *text);
/*
 * Decode the base64 text of @key.  Returns the number of bytes, or -1 if there are more than
 * @room or the text is invalid.
 */
int json_base64(struct json_object *o, const char *key, uint8_t *out, size_t room);

/* Read the parameters of key derivation.  0 or -EUCLEAN. */
int json_kdf(struct json_object *o, struct kdf *kdf);
int json_keyslot(struct json_object *o, struct keyslot *slot);
/* Add the segments for keys of @digest to the volume.  0 or -errno, with a->text. */
int json_segments(const struct attempt *a, struct json_object *root, struct json_object *digest);

/* luks2-tags.c: if the data of @segment has tags, set tag size and cipher in @s.  Likewise. */
int json_tags(const struct attempt *a, struct json_object *segment, struct crypt_segment *s);

#endif /* ANYFS_CRYPT_LUKS2_JSON_H */
