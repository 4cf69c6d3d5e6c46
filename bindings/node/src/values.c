// SPDX-License-Identifier: GPL-2.0
/*
 * values.c - read the values that JavaScript passes
 */
#include <stdlib.h>
#include <string.h>
#include "addon.h"

const napi_type_tag handle_tag = { 0x6c1f2d90a7b34e58, 0x93d07c5be2418fa6 };

napi_value throw_code(napi_env env, const char *code, const char *message)
{
	napi_throw_error(env, code, message);
	return NULL;
}

struct handle *get_handle(napi_env env, napi_value value)
{
	bool ours = false;
	void *data = NULL;

	if (napi_check_object_type_tag(env, value, &handle_tag, &ours) || !ours)
		return NULL;
	napi_get_value_external(env, value, &data);
	return data;
}

/* The string as UTF-8 with a zero at its end, in the job's own memory. */
static bool read_string(napi_env env, napi_value value, struct job *job, unsigned int i)
{
	size_t room = sizeof(job->small) - job->used, len = 0;
	char *p = job->small + job->used;

	/* At least four bytes are unused, so no character was cut off. */
	if (room < 8 || napi_get_value_string_utf8(env, value, p, room, &len) || len + 4 >= room) {
		if (napi_get_value_string_utf8(env, value, NULL, 0, &len))
			return false;
		p = job->owned[i] = malloc(len + 1);
		if (!p || napi_get_value_string_utf8(env, value, p, len + 1, &len))
			return false;
	} else {
		job->used += len + 1;
	}
	job->args[i] = (intptr_t)p;
	job->types[i] = ARG_TEXT;
	job->lens[i] = len + 1;
	return true;
}

bool read_bytes(napi_env env, napi_value value, void **data, size_t *len)
{
	napi_typedarray_type type;
	bool typed = false;

	return !napi_is_typedarray(env, value, &typed) && typed &&
	       !napi_get_typedarray_info(env, value, &type, len, data, NULL, NULL);
}

static bool read_vector(napi_env env, napi_value value, struct job *job, unsigned int i)
{
	struct lkl_iovec *vec;
	uint32_t n = 0;

	napi_get_array_length(env, value, &n);
	vec = job->owned[i] = calloc(n + 1, sizeof(*vec));
	if (!vec)
		return false;
	for (uint32_t k = 0; k < n; k++) {
		napi_value element;
		size_t len = 0;
		void *data = NULL;

		if (napi_get_element(env, value, k, &element) ||
		    !read_bytes(env, element, &data, &len))
			return false;
		vec[k].iov_base = data;
		vec[k].iov_len = len;
	}
	job->args[i] = (intptr_t)vec;
	job->types[i] = ARG_VECTOR;
	job->lens[i] = n;
	return true;
}

static bool read_object(napi_env env, napi_value value, struct job *job, unsigned int i)
{
	bool array = false;
	size_t len;
	void *data;

	napi_is_array(env, value, &array);
	if (array)
		return read_vector(env, value, job, i);
	if (!read_bytes(env, value, &data, &len))
		return false;
	job->args[i] = (intptr_t)data;
	job->types[i] = ARG_BYTES;
	job->lens[i] = len;
	if (!(job->flags & JOB_PATH(i)))
		return true;
	/* A path of bytes has no zero at its end. */
	job->owned[i] = strndup(data, len);
	job->types[i] = ARG_TEXT;
	job->lens[i] = len + 1;
	job->args[i] = (intptr_t)job->owned[i];
	return job->owned[i];
}

bool read_argument(napi_env env, napi_value value, struct job *job, unsigned int i)
{
	napi_valuetype type;
	bool lossless;

	if (napi_typeof(env, value, &type))
		return false;
	switch (type) {
	case napi_number: return !napi_get_value_int64(env, value, &job->args[i]);
	case napi_bigint: return !napi_get_value_bigint_int64(env, value, &job->args[i], &lossless);
	case napi_string: return read_string(env, value, job, i);
	case napi_object: return read_object(env, value, job, i);
	case napi_null:
	case napi_undefined: return true;
	default: return false;
	}
}

/* ---- Options of open() ---- */

/* The member @name, or NULL if it is absent. */
static napi_value get_member(napi_env env, napi_value object, const char *name)
{
	napi_valuetype type;
	napi_value value;

	if (napi_get_named_property(env, object, name, &value) ||
	    napi_typeof(env, value, &type) || type == napi_undefined || type == napi_null)
		return NULL;
	return value;
}

char *text_member(napi_env env, napi_value object, const char *name)
{
	napi_value value = get_member(env, object, name);
	size_t len = 0;
	char *text;

	if (!value || napi_get_value_string_utf8(env, value, NULL, 0, &len))
		return NULL;
	text = malloc(len + 1);
	if (text)
		napi_get_value_string_utf8(env, value, text, len + 1, &len);
	return text;
}

int64_t number_member(napi_env env, napi_value object, const char *name)
{
	napi_value value = get_member(env, object, name);
	int64_t number = 0;

	if (value)
		napi_get_value_int64(env, value, &number);
	return number;
}

static void read_keys(napi_env env, napi_value list, struct disk_options *opts)
{
	uint32_t n = 0;

	napi_get_array_length(env, list, &n);
	for (uint32_t i = 0; i < n && i < MAX_KEYS; i++) {
		struct key *key = &opts->keys[opts->nr_keys];
		napi_value element, bytes;
		size_t len = 0;
		void *data;

		if (napi_get_element(env, list, i, &element))
			continue;
		bytes = get_member(env, element, "data");
		if (!bytes || !read_bytes(env, bytes, &data, &len))
			continue;
		key->data = malloc(len + 1);
		if (!key->data)
			continue;
		memcpy(key->data, data, len);
		key->len = len;
		key->path = text_member(env, element, "path");
		opts->nr_keys++;
	}
}

/* The strings of the array @list, for disk.headers. */
static void read_headers(napi_env env, napi_value list, struct disk_options *opts)
{
	uint32_t n = 0;

	napi_get_array_length(env, list, &n);
	opts->headers = calloc(n + 1, sizeof(*opts->headers));
	for (uint32_t i = 0; opts->headers && i < n; i++) {
		napi_value element;
		size_t len = 0;
		char *text;

		if (napi_get_element(env, list, i, &element) ||
		    napi_get_value_string_utf8(env, element, NULL, 0, &len))
			continue;
		text = malloc(len + 1);
		if (!text)
			continue;
		napi_get_value_string_utf8(env, element, text, len + 1, &len);
		opts->headers[opts->disk.nr_headers++] = text;
	}
	opts->disk.headers = (const char *const *)opts->headers;
}

static void read_disk_options(napi_env env, napi_value o, struct disk_options *opts)
{
	napi_value headers = get_member(env, o, "headers");

	opts->disk.flags = number_member(env, o, "flags");
	opts->disk.overlay = text_member(env, o, "overlay");
	opts->disk.format = text_member(env, o, "format");
	opts->disk.snapshot = text_member(env, o, "snapshot");
	opts->disk.backing_dir = text_member(env, o, "backing");
	opts->disk.password = text_member(env, o, "password");
	opts->disk.replay_mb = number_member(env, o, "replayMemory");
	opts->disk.sector_size = number_member(env, o, "sectorSize");
	opts->disk.offset = number_member(env, o, "offset");
	opts->disk.size = number_member(env, o, "size");
	opts->disk.cache_file = text_member(env, o, "cacheFile");
	opts->disk.cache_size = number_member(env, o, "cacheSize");
	opts->disk.download = number_member(env, o, "download");
	opts->disk.net_timeout = number_member(env, o, "netTimeout");
	if (headers)
		read_headers(env, headers, opts);
}

void read_options(napi_env env, napi_value o, struct disk_options *opts)
{
	napi_value keys = get_member(env, o, "keys");

	memset(opts, 0, sizeof(*opts));
	opts->path = text_member(env, o, "path");
	read_disk_options(env, o, opts);
	opts->ask_keys = number_member(env, o, "askKeys");
	opts->custom.size = number_member(env, o, "customSize");
	opts->custom.write = number_member(env, o, "customWrite");
	opts->answer_ms = number_member(env, o, "answerTimeout");
	opts->image.fstype = text_member(env, o, "fstype");
	opts->image.opts = text_member(env, o, "mountOptions");
	opts->image.degraded = number_member(env, o, "degraded");
	opts->image.kdf_memory = number_member(env, o, "kdfMemory");
	opts->image.kdf_seconds = number_member(env, o, "kdfSeconds");
	opts->kernel.mem_mb = number_member(env, o, "memory");
	opts->kernel.loglevel = number_member(env, o, "loglevel");
	opts->umask = number_member(env, o, "umask");
	if (keys)
		read_keys(env, keys, opts);
}
