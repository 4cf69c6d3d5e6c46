// SPDX-License-Identifier: GPL-2.0
/*
 * key-read.c - read a key that an option gives
 *
 * All bytes of a key file are the key.  From a key that a descriptor or an environment
 * variable gives, one newline at the end is removed, because editors and echo add it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "key-read.h"
#include "keys.h"
#include "messages.h"
#include "options.h"

#define KEY_MAX		(8u << 20)	/* bytes; the limit of cryptsetup for key files */

static void wipe_and_free(char *data, size_t len)
{
	int err = errno;

	explicit_bzero(data, len);
	free(data);
	errno = err;
}

/* Double the room of @data; frees it if there is no memory. */
static char *grow(char *data, size_t *room)
{
	char *more = malloc(*room * 2);

	if (more)
		memcpy(more, data, *room);
	wipe_and_free(data, *room);
	*room *= 2;
	return more;
}

/* Read @fd to its end; to be freed.  NULL and errno on failure; EFBIG: more than KEY_MAX bytes. */
static char *read_all(int fd, size_t *len)
{
	size_t room = 4096;
	char *data = malloc(room);
	ssize_t n = 1;

	for (*len = 0; data && n;) {
		do
			n = read(fd, data + *len, room - *len);
		while (n < 0 && errno == EINTR);
		if (n > 0)
			*len += n;
		if (*len > KEY_MAX) {
			n = -1;
			errno = EFBIG;
		}
		if (n < 0) {
			wipe_and_free(data, room);
			return NULL;
		}
		if (*len == room)
			data = grow(data, &room);
	}
	return data;
}

/* Why read_all() has failed. */
static const char *read_error(void)
{
	return errno == EFBIG ? "a key has at most 8 MiB" : strerror(errno);
}

char *keys_read_file(struct tool *t, const char *option, const char *file, size_t *len)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	char *data = fd < 0 ? NULL : read_all(fd, len);

	if (!data)
		tool_usage(t, "%s: %s: %s", option, file, read_error());
	close(fd);
	return data;
}

static void read_file(struct tool *t, struct key *k, const char *file)
{
	k->data = keys_read_file(t, "--key", file, &k->len);
}

static void read_descriptor(struct tool *t, struct key *k, const char *number)
{
	char *end;
	long fd = strtol(number, &end, 10);

	if (end == number || *end || fd < 0 || fd > 65535)
		tool_usage(t, "--key: \"%s\" is not the number of a descriptor", number);
	k->data = read_all(fd, &k->len);
	if (!k->data)
		tool_usage(t, "--key: descriptor %ld: %s", fd, read_error());
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

/* Find the start of the source in "[PATH:]SOURCE:VALUE", and its kind; NULL if there is none. */
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

struct key *key_read(struct tool *t, const char *text)
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
	return k;
}
