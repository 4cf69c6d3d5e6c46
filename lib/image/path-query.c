// SPDX-License-Identifier: GPL-2.0
/*
 * path-query.c - the key of an encrypted volume in the query of a path
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "anyfs.h"
#include "anyfs_session.h"
#include "error.h"

#define KEY_MAX		(8u << 20)	/* bytes; the limit of cryptsetup for key files */
#define ROOM_FIRST	4096u

static void free_key(struct anyfs_key *key)
{
	explicit_bzero(key->user, key->len);
	free(key->user);
	key->user = NULL;
}

/* Pass @data of @len bytes, which was allocated, to the caller of the library. */
static int set_key_data(struct anyfs_key *key, char *data, size_t len)
{
	key->data = data;
	key->user = data;
	key->len = len;
	key->free = free_key;
	return 0;
}

/* Copy @data to twice the room; wipe and free the old memory.  NULL: out of memory. */
static char *grow_buffer(char *data, size_t *room)
{
	char *more = malloc(*room * 2);

	if (more)
		memcpy(more, data, *room);
	explicit_bzero(data, *room);
	free(data);
	*room *= 2;
	return more;
}

static int read_all(int fd, const char *object, struct anyfs_key *key)
{
	size_t room = ROOM_FIRST, len = 0;
	char *data = malloc(room);
	ssize_t n = 1;

	while (data && n > 0 && len <= KEY_MAX) {
		n = read(fd, data + len, room - len);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			len += n;
		if (len == room)
			data = grow_buffer(data, &room);
	}
	if (!data)
		return error_set(-ENOMEM, "%s: out of memory", object);
	if (n >= 0 && len <= KEY_MAX)
		return set_key_data(key, data, len);
	explicit_bzero(data, room);
	free(data);
	return n < 0 ? error_set(error_host(errno), "%s: reading the key: %s", object,
				 error_name(errno)) :
		       error_set(-EFBIG, "%s: a key has at most 8 MiB", object);
}

static int read_file(const char *path, struct anyfs_key *key)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return error_set(error_host(errno), "keyfile=%s: %s", path, error_name(errno));
	rc = read_all(fd, path, key);
	close(fd);
	return rc;
}

static int read_descriptor(const char *text, struct anyfs_key *key)
{
	char *end;
	long fd = strtol(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || fd > 65535)
		return error_set(-EINVAL, "keyfd=%s: this is not the number of a descriptor", text);
	return read_all(fd, "keyfd", key);
}

static int copy_text(const char *text, struct anyfs_key *key)
{
	char *data = strdup(text);

	if (!data)
		return error_set(-ENOMEM, "key: out of memory");
	return set_key_data(key, data, strlen(data));
}

static int read_environment(const char *name, struct anyfs_key *key)
{
	const char *value = getenv(name);

	if (!value)
		return error_set(-ENOENT, "keyref=%s: there is no such environment variable", name);
	return copy_text(value, key);
}

static const struct source {
	const char *name;
	int (*read)(const char *value, struct anyfs_key *key);
	bool is_line;			/* a newline at the end is not part of the key */
	const char *warning;
} sources[] = {
	{ "keyref", read_environment, true, NULL },
	{ "keyfile", read_file, false, NULL },
	{ "keyfd", read_descriptor, true, NULL },
	{ "key", copy_text, false,
	  "a key in a path can be seen by all users of this machine; use keyfile, keyref or keyfd" },
};

static const struct source *find_source(const char *part, size_t len)
{
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (strlen(sources[i].name) == len && !strncmp(sources[i].name, part, len))
			return &sources[i];
	return NULL;
}

static int read_part(const struct source *s, const char *value, size_t len, struct anyfs_key *key)
{
	char *copy = strndup(value, len);
	int rc = copy ? s->read(copy, key) : error_set(-ENOMEM, "key: out of memory");

	if (copy)
		explicit_bzero(copy, len);
	free(copy);
	if (rc)
		return rc;
	if (s->is_line && key->len && ((const char *)key->data)[key->len - 1] == '\n')
		key->len--;
	if (key->len)
		return 0;
	key->free(key);
	return error_set(-EINVAL, "%s: the key is empty", s->name);
}

/* Check all parts of @query, and find the first key. */
static int find_key(const char *query, const struct source **first, const char **value)
{
	bool secret = false;	/* a key was given literally: the rest may belong to it */

	*first = NULL;
	for (const char *part = query; *part;) {
		size_t len = strcspn(part, "&"), name = strcspn(part, "=&");
		const struct source *s = find_source(part, name);

		if (len && (!s || name == len))
			return error_set(-EINVAL, "\"%.*s\": give a key as keyref=NAME, keyfile=PATH or keyfd=N",
					 secret ? 3 : (int)name, secret ? "***" : part);
		secret = secret || (s && s->read == copy_text);
		if (len && !*first) {
			*first = s;
			*value = part + name + 1;
		}
		part += len + (part[len] == '&');
	}
	return *first ? 0 : -ENODATA;
}

int anyfs_key_of_query(const char *query, struct anyfs_key *key, const char **warning)
{
	const struct source *s;
	const char *value = NULL;
	int rc = query ? find_key(query, &s, &value) : -ENODATA;

	if (warning)
		*warning = NULL;
	if (rc == -ENODATA)
		return error_set(rc, "the path has no key");
	if (!rc)
		rc = read_part(s, value, strcspn(value, "&"), key);
	if (!rc && warning)
		*warning = s->warning;
	return rc;
}
