// SPDX-License-Identifier: GPL-2.0
/*
 * place.c - paths in the image on the command line: keys ("p3?keyfile=k/etc"), plain numbers
 */
#define _GNU_SOURCE
#include <anyfs_session.h>
#include <stdlib.h>
#include <string.h>
#include "keys.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "place.h"

/* The length of "p3" at @text, without a query; 0: it is not a partition. */
static size_t part_length(const char *text)
{
	size_t digits = *text == 'p' || *text == 'P' ? strspn(text + 1, "0123456789") : 0;

	return digits && (!text[digits + 1] || strchr("/?", text[digits + 1])) ? digits + 1 : 0;
}

/* The length of "/disk1/" at @text, which names an image; 0: there is none. */
static size_t disk_length(const char *text)
{
	size_t slashes = strspn(text, "/"), digits;

	if (strncmp(text + slashes, "disk", 4))
		return 0;
	digits = strspn(text + slashes + 4, "0123456789");
	return digits && text[slashes + 4 + digits] == '/' ? slashes + 4 + digits + 1 : 0;
}

/*
 * Parse the partition and its query in the @len bytes at @text, and add the key: for the partition
 * if it is the @first one of the path.  Returns the number of the partition.
 */
static unsigned int take_key(struct tool *t, const char *origin, const char *text, size_t len,
			     bool first)
{
	char *copy = strndup(text, len), volume[32];
	unsigned int part;
	AnyfsPath path;

	if (!copy)
		tool_no_memory(t);
	if (anyfs_path_parse(copy, &path))
		tool_usage(t, "%s: %s", origin, anyfs_get_last_error());
	free(copy);
	part = path.comp[0].p;
	snprintf(volume, sizeof(volume), part ? "/p%u" : "/", part);
	/* The names of volumes below are not known yet: their keys are tried on any volume. */
	keys_add_query(t, origin, first ? volume : NULL, path.comp[0].query);
	anyfs_path_free(&path);
	return part;
}

char *place_take_keys(struct tool *t, const char *origin, const char *text)
{
	char *place = tool_alloc(t, strlen(text) + 2);
	size_t disk = disk_length(text), len;
	char *to = mempcpy(place, text, disk);
	const char *start = to, *p = text + disk;

	while ((len = part_length(p + strspn(p, "/")))) {
		const char *begin = p + strspn(p, "/");
		bool first = to == start;

		p = begin + strcspn(begin, "/");
		if (begin[len] == '?' && !take_key(t, origin, begin, p - begin, first))
			continue;		/* the whole disk is the root */
		if (!first || (*text == '/' && !disk))
			*to++ = '/';
		to = mempcpy(to, begin, len);
	}
	/* "p0" alone is the root. */
	if (p != text + disk && !*p && to == start)
		p = "/";
	strcpy(to, p);
	return place;
}

/* Whether a partition at the beginning of @text has a key; another "?" belongs to a pattern. */
static bool has_key(const char *text)
{
	size_t len;

	text += disk_length(text);
	for (text += strspn(text, "/"); (len = part_length(text)); text += strspn(text, "/")) {
		if (!strncmp(text + len, "?key", 4))
			return true;
		if (text[len] == '?')
			return false;
		text += len;
	}
	return false;
}

void place_take_arguments(struct tool *t, char **args)
{
	for (; *args; args++)
		if (has_key(*args))
			*args = place_take_keys(t, "the path", *args);
}

const char *place_plain_number(const struct anyfs_image *image, const char *path)
{
	path += strspn(path, "/");
	if (!*path || path[strspn(path, "0123456789")] || !anyfs_image_is_partitioned(image))
		return NULL;
	return path;
}
