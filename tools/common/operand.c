// SPDX-License-Identifier: GPL-2.0
/*
 * operand.c - arguments that name a path of the host or a path in an image
 */
#include <string.h>
#include <sys/stat.h>
#include "messages.h"
#include "operand.h"
#include "session.h"

/* The colon that ends the name of an image, or NULL. */
static const char *find_colon(const char *text)
{
	size_t len = strlen(text);

	for (const char *p = text; (p = strstr(p, ":/")); p += 2)
		if (p[2] != '/' && p != text)
			return p;
	return len > 1 && text[len - 1] == ':' ? text + len - 1 : NULL;
}

struct operand operand_parse(struct tool *t, const char *text)
{
	const char *colon = find_colon(text);
	struct operand o = { .text = text, .path = text };

	/* In a shell ":PATH" is in the shell's image. */
	if (session_has_verb(t) && *text == ':') {
		o.image = tool_strdup(t, t->image_path);
		o.path = text[1] ? session_path(t, text + 1) : session_directory(t);
		return o;
	}
	if (!colon)
		return o;
	o.image = strndup(text, colon - text);
	if (!o.image)
		tool_no_memory(t);
	o.path = colon[1] ? colon + 1 : "/";
	return o;
}

bool operand_same_image(const struct operand *a, const struct operand *b)
{
	struct stat x, y;

	if (!a->image || !b->image)
		return false;
	if (!strcmp(a->image, b->image))
		return true;
	return !stat(a->image, &x) && !stat(b->image, &y) && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}
