/* SPDX-License-Identifier: GPL-2.0 */
/*
 * source-host.h - the paths of the host that put, copy and diff read
 */
#ifndef ANYFS_SOURCE_HOST_H
#define ANYFS_SOURCE_HOST_H

#include "operand.h"
#include "tool.h"

/* A source, opened before the image: @name in @dir. */
struct host_source {
	const char *path;
	char *name;			/* to be freed */
	int dir;			/* one of the values below, or a descriptor */
};

enum { SOURCE_STDIN = -1, SOURCE_BAD = -2 /* opening it failed, which was reported */ };

/*
 * Open the parent of @path, or @path itself if it ends in a slash or dot, and let the sandbox
 * read there.  A failure is reported, with the consequence @what ("not copied"), and sets s->dir
 * to SOURCE_BAD.
 */
void host_source_open(struct tool *t, struct host_source *s, const char *path, const char *what);
/* Open @nr paths of the host; the result is to be freed. */
struct host_source *host_sources_open(struct tool *t, const struct operand *paths, int nr);

#endif /* ANYFS_SOURCE_HOST_H */
