/* SPDX-License-Identifier: GPL-2.0 */
/*
 * luks2-json.h - the JSON of a LUKS2 header
 *
 * What is missing or of another type is NULL, -1 or an error; nothing is
 * believed beyond that.
 */
#ifndef ANYFS_CRYPT_LUKS2_JSON_H
#define ANYFS_CRYPT_LUKS2_JSON_H

#include <json-c/json.h>
#include "internal.h"

/* The object @key of @o; an empty one, that nobody changes, if there is none. */
struct json_object *json_section(struct json_object *o, const char *key);
struct json_object *json_array(struct json_object *o, const char *key);
const char *json_text(struct json_object *o, const char *key);
/* A number, or a text of digits as LUKS2 has for 64 bits; -1 if it is neither. */
int64_t json_number(struct json_object *o, const char *key);
/* Whether the array @key has the text @text. */
bool json_list_has(struct json_object *o, const char *key, const char *text);
/* The bytes that @key has in base64; their number, or -1 if they are too many or invalid. */
int json_base64(struct json_object *o, const char *key, uint8_t *out, size_t room);

/* 0 or -EUCLEAN. */
int json_kdf(struct json_object *o, struct kdf *kdf);
int json_keyslot(struct json_object *o, struct keyslot *slot);
/* The segments that keys of @digest encrypt, into the volume.  0 or an error with its text. */
int json_segments(const struct attempt *a, struct json_object *root, struct json_object *digest);

#endif /* ANYFS_CRYPT_LUKS2_JSON_H */
