/* SPDX-License-Identifier: GPL-2.0 */
/*
 * strbuf.h - a path that components are appended to and removed from
 */
#ifndef ANYFS_STRBUF_H
#define ANYFS_STRBUF_H

#include "tool.h"

struct strbuf {
	char *text;
	size_t len, size;
};

/*
 * Append "/name" ("name" if @b is empty or ends in a slash).  Returns the previous length,
 * for strbuf_pop().
 */
size_t strbuf_push(struct tool *t, struct strbuf *b, const char *name);
void strbuf_pop(struct strbuf *b, size_t len);

#endif /* ANYFS_STRBUF_H */
