// SPDX-License-Identifier: GPL-2.0
/*
 * oci-json.c - the JSON files of a container image
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "oci.h"

#define SIZE_MAX_JSON	(8u << 20)	/* bytes; registries accept manifests of 4 MiB */
#define DEPTH_MAX	32

/* Parse @len bytes of @text, the content of @name. */
static struct json_object *parse(const struct oci_store *s, const char *name, const char *text,
				 size_t len)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	struct json_object *o;
	enum json_tokener_error err;

	if (!tokener)
		tool_no_memory(s->t);
	o = json_tokener_parse_ex(tokener, text, len);
	err = json_tokener_get_error(tokener);
	json_tokener_free(tokener);
	if (o && err == json_tokener_success)
		return o;
	oci_error(s, name, "not valid JSON: %s",
		  err ? json_tokener_error_desc(err) : "it is null");
	json_object_put(o);
	return NULL;
}

/* Parse the blob @b, which is open, and close it. */
static struct json_object *read_blob(struct oci_blob *b)
{
	const struct oci_store *s = b->store;
	struct json_object *o = NULL;
	size_t len = 0;
	char *text;
	long n = 1;

	if (b->file.size > SIZE_MAX_JSON) {
		oci_error(s, b->ref->name, "too large for JSON: %llu bytes",
			  (unsigned long long)b->file.size);
		oci_blob_close(b);
		return NULL;
	}
	/* A JSON text that is a number ends only at the next byte: add a NUL. */
	text = tool_alloc(s->t, b->file.size + 1);
	while (len < b->file.size && (n = oci_blob_read(b, text + len, b->file.size - len)) > 0)
		len += n;
	text[len] = '\0';
	if (oci_blob_verify(b))
		o = parse(s, b->ref->name, text, len + 1);
	free(text);
	return o;
}

struct json_object *oci_read_json(const struct oci_store *s, const struct oci_ref *ref)
{
	struct oci_blob b;

	return oci_blob_open(s, ref, &b) ? read_blob(&b) : NULL;
}

long oci_read_json_file(const struct oci_store *s, const char *name, struct json_object **o)
{
	const struct oci_ref ref = { .name = (char *)name, .size = -1 };
	struct oci_blob b = { .store = s, .ref = &ref };
	long rc = oci_file_open(s, name, &b.file);

	*o = rc < 0 ? NULL : read_blob(&b);
	return rc < 0 ? rc : *o ? 0 : -EINVAL;
}

static struct json_object *member(struct json_object *o, const char *key, enum json_type type)
{
	struct json_object *value;

	if (!o || !json_object_is_type(o, json_type_object) ||
	    !json_object_object_get_ex(o, key, &value) || !json_object_is_type(value, type))
		return NULL;
	return value;
}

const char *oci_text(struct json_object *o, const char *key)
{
	struct json_object *value = member(o, key, json_type_string);

	return value ? json_object_get_string(value) : NULL;
}

struct json_object *oci_object(struct json_object *o, const char *key)
{
	return member(o, key, json_type_object);
}

struct json_object *oci_array(struct json_object *o, const char *key)
{
	return member(o, key, json_type_array);
}

int64_t oci_number(struct json_object *o, const char *key)
{
	struct json_object *value = member(o, key, json_type_int);

	return value ? json_object_get_int64(value) : -1;
}
