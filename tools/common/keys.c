// SPDX-License-Identifier: GPL-2.0
/*
 * keys.c - keys of encrypted volumes, from the command line
 *
 * A key file is taken as it is.  Of a descriptor and of the environment, one
 * newline at the end is not part of the key, as a person's editor or echo adds it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "keys.h"
#include "messages.h"
#include "options.h"

#define KEY_MAX		(8u << 20)	/* bytes: what cryptsetup allows for a key file */

struct key {
	struct key *next;
	char *path;			/* of the volume; NULL: any */
	char *data;
	size_t len;
};

static struct key *keys, **last = &keys;

/* Up to KEY_MAX bytes of @fd, to be freed. */
static char *read_all(int fd, size_t *len)
{
	size_t room = 4096;
	char *data = malloc(room);

	for (*len = 0; data;) {
		ssize_t n = read(fd, data + *len, room - *len);

		if (n < 0) {
			free(data);
			return NULL;
		}
		*len += n;
		if (!n || *len > KEY_MAX)
			break;
		if (*len == room)
			data = realloc(data, room *= 2);
	}
	return data;
}

static void read_file(struct tool *t, struct key *k, const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	k->data = fd < 0 ? NULL : read_all(fd, &k->len);
	if (!k->data)
		tool_usage(t, "--key: %s: %s", file, strerror(errno));
	close(fd);
}

static void read_descriptor(struct tool *t, struct key *k, const char *number)
{
	char *end;
	long fd = strtol(number, &end, 10);

	if (end == number || *end || fd < 0 || fd > 65535)
		tool_usage(t, "--key: \"%s\" is no number of a descriptor", number);
	k->data = read_all(fd, &k->len);
	if (!k->data)
		tool_usage(t, "--key: descriptor %ld: %s", fd, strerror(errno));
}

static void read_environment(struct tool *t, struct key *k, const char *name)
{
	const char *value = getenv(name);

	if (!value)
		tool_usage(t, "--key: there is no environment variable %s", name);
	k->data = strdup(value);
	k->len = strlen(value);
}

static const struct {
	const char *prefix;
	void (*read)(struct tool *t, struct key *k, const char *value);
	bool is_text;
} sources[] = {
	{ "file:", read_file, false },
	{ "fd:", read_descriptor, true },
	{ "env:", read_environment, true },
};

/* Where the source begins in "[PATH:]SOURCE:VALUE", and which one it is; NULL: nowhere. */
static const char *find_source(const char *text, size_t *which)
{
	for (const char *p = text; p; p = strchr(p, ':')) {
		p += *p == ':';
		for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
			*which = i;
			if (!strncmp(p, sources[i].prefix, strlen(sources[i].prefix)))
				return p;
		}
		if (*text != '/')
			return NULL;
	}
	return NULL;
}

void keys_add(struct tool *t, const char *text)
{
	struct key *k = calloc(1, sizeof(*k));
	const char *source;
	size_t which;

	if (!k)
		tool_no_memory(t);
	source = find_source(text, &which);
	if (!source)
		tool_usage(t, "--key: give [PATH:]file:FILE, [PATH:]fd:N or [PATH:]env:NAME, where PATH begins with a slash");
	if (source != text)
		k->path = strndup(text, source - 1 - text);
	sources[which].read(t, k, source + strlen(sources[which].prefix));
	if (!k->data || (source != text && !k->path))
		tool_no_memory(t);
	if (sources[which].is_text && k->len && k->data[k->len - 1] == '\n')
		k->len--;
	if (!k->len)
		tool_usage(t, "--key: the key is empty");
	*last = k;
	last = &k->next;
}

bool keys_given(void)
{
	return keys != NULL;
}

int keys_find(void *data, const struct anyfs_node *node, unsigned int attempt, AnyfsKey *key)
{
	const char *path = anyfs_node_path(node);

	for (const struct key *k = keys; k; k = k->next) {
		if (k->path && strcmp(k->path, path))
			continue;
		if (attempt--)
			continue;
		*key = (AnyfsKey){ .data = k->data, .len = k->len };
		return 0;
	}
	return -ENOKEY;
}
