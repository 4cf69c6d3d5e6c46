// SPDX-License-Identifier: GPL-2.0
/*
 * path-dsl.c - paths that name partitions and volumes by number, with keys
 *
 *	[diskN/]pN[?QUERY](/pM[?QUERY])*
 *
 * The text is split at each slash before a query is decoded, so a slash in a query has to be
 * written %2F.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "anyfs_session.h"
#include "error.h"
#include "hex.h"
#include "part-name.h"

/* The byte of the escape at @p, which begins with '%'; 0 if it is invalid. */
static unsigned char escaped(const char *p)
{
	int high = hex_digit(p[1]), low = high < 0 ? -1 : hex_digit(p[2]);

	return low < 0 ? 0 : high << 4 | low;
}

/*
 * The number of bytes of @text that an error may repeat: those up to the value of the first
 * "key=", which is secret.  A slash in that value may be written by mistake, so what follows it
 * may belong to the key as well.
 */
static int shown_len(const char *text)
{
	for (const char *p = text; (p = strstr(p, "key=")); p += 4)
		if (p == text || p[-1] == '?' || p[-1] == '&')
			return p + 4 - text;
	return strlen(text);
}

/* Return -EINVAL with error text: @text without its key, and @why. */
static int invalid(const char *text, const char *why)
{
	int len = shown_len(text);

	return error_set(-EINVAL, "%.*s%s: %s", len, text, text[len] ? "***" : "", why);
}

/* Like invalid(), for the component @part of the path @whole. */
static int invalid_part(const char *whole, const char *part, const char *why)
{
	int len = shown_len(whole);
	bool hide = whole[len];

	return error_set(-EINVAL, "%.*s%s: \"%s\" %s", len, whole, hide ? "***" : "",
			 hide ? "***" : part, why);
}

int anyfs_path_pct_decode(char *text)
{
	char *to = text;

	if (!text)
		return error_set(-EINVAL, "path: no text given");
	for (const char *p = strchr(text, '%'); p; p = strchr(p + 3, '%'))
		if (!escaped(p))
			return invalid(text, "a percent sign must be followed by two hexadecimal digits, and not by 00");
	for (const char *p = text; *p; p++) {
		bool escape = *p == '%';

		*to++ = escape ? (char)escaped(p) : *p;
		p += escape ? 2 : 0;
	}
	*to = '\0';
	return 0;
}

/* Parse one component; @text ends with it. */
static int parse_component(char *text, const char *whole, size_t nr, AnyfsPathComp *comp)
{
	const char *end = part_name_parse(text, &comp->p);
	char *query;

	if (!end || (*end && *end != '?'))
		return invalid_part(whole, text,
				    "not a partition: write p and a number, such as p1");
	if (!comp->p && nr)
		return invalid(whole, "only the first component may be p0, the whole disk");
	if (!*end)
		return 0;
	query = strchr(text, '?') + 1;
	comp->query = query;
	return anyfs_path_pct_decode(query);
}

static int parse_disk(const char *text, const char *whole, AnyfsPath *path)
{
	unsigned int number;
	const char *end = part_number_parse(text + 4, &number);

	if (!end || *end)
		return invalid_part(whole, text,
				    "not an image: write disk and a number, such as disk0");
	path->disk_idx_set = 1;
	path->disk_idx = number;
	return 0;
}

static int too_many_parts(const char *whole)
{
	char why[64];

	snprintf(why, sizeof(why), "has more than %d components", ANYFS_PATH_MAX_COMPONENTS);
	return invalid(whole, why);
}

static int parse_parts(char *text, const char *whole, AnyfsPath *path)
{
	char *next = text;
	int rc = 0;

	while (!rc && next) {
		char *slash = strchr(next, '/'), *part = next;

		if (slash)
			*slash++ = '\0';
		next = slash;
		if (part == text && !strncasecmp(part, "disk", 4)) {
			rc = parse_disk(part, whole, path);
			continue;
		}
		if (path->n_comp == ANYFS_PATH_MAX_COMPONENTS)
			return too_many_parts(whole);
		rc = parse_component(part, whole, path->n_comp, &path->comp[path->n_comp]);
		path->n_comp++;
	}
	if (!rc && !path->n_comp)
		rc = invalid(whole, "names no partition; append one, such as /p1");
	return rc;
}

/*
 * Allocate the memory of the components, which begins with its size: a query can contain a
 * key, which has to be wiped.
 */
static char *make_arena(const char *text, size_t len)
{
	const size_t size = sizeof(size) + len + 1;
	char *arena = calloc(1, size);

	if (!arena)
		return NULL;
	memcpy(arena, &size, sizeof(size));
	memcpy(arena + sizeof(size), text, len);
	return arena;
}

int anyfs_path_parse(const char *text, AnyfsPath *path)
{
	size_t len;
	int rc;

	if (!text || !path)
		return error_set(-EINVAL, "path: no text or no place for the result given");
	memset(path, 0, sizeof(*path));
	text += strspn(text, "/");
	len = strlen(text);
	while (len && text[len - 1] == '/')
		len--;
	if (!len)
		return error_set(-EINVAL, "the path is empty; write a partition, such as p1");
	path->arena = make_arena(text, len);
	if (!path->arena)
		return error_set(-ENOMEM, "path: out of memory");
	rc = parse_parts(path->arena + sizeof(size_t), text, path);
	if (rc)
		anyfs_path_free(path);
	return rc;
}

void anyfs_path_free(AnyfsPath *path)
{
	size_t size;

	if (!path)
		return;
	if (path->arena) {
		memcpy(&size, path->arena, sizeof(size));
		explicit_bzero(path->arena, size);
		free(path->arena);
	}
	memset(path, 0, sizeof(*path));
}
