// SPDX-License-Identifier: GPL-2.0
/*
 * strbuf.c - a path buffer that components are appended to and removed from
 */
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "strbuf.h"

size_t strbuf_push(struct tool *t, struct strbuf *b, const char *name)
{
	size_t old = b->len, n = strlen(name);
	bool slash = old && b->text[old - 1] != '/';

	if (old + n + 2 > b->size) {
		size_t size = (old + n + 2) * 2;
		char *text = realloc(b->text, size);

		if (!text)
			tool_no_memory(t);
		b->text = text;
		b->size = size;
	}
	if (slash)
		b->text[b->len++] = '/';
	memcpy(b->text + b->len, name, n + 1);
	b->len += n;
	return old;
}

void strbuf_pop(struct strbuf *b, size_t len)
{
	b->len = len;
	b->text[len] = '\0';
}
