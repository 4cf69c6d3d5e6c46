// SPDX-License-Identifier: GPL-2.0
/*
 * source-host.c - open the paths of the host that put, copy and diff read
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include "copy.h"
#include "host-path.h"
#include "messages.h"
#include "run.h"
#include "session.h"
#include "source-host.h"

void host_source_open(struct tool *t, struct host_source *s, const char *path, const char *what)
{
	size_t len = strlen(path);
	char *last, *parent;

	session_require_host(t);
	last = copy_last_name(t, path);
	s->path = path;
	if (!*last || path[len - 1] == '/') {
		parent = tool_strdup(t, path);
		s->name = tool_strdup(t, ".");
		free(last);
	} else {
		parent = host_parent(t, path);
		s->name = last;
	}
	if (!parent || !s->name)
		tool_no_memory(t);
	s->dir = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->dir < 0)
		s->dir = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	session_keep_fd(t, s->dir);
	if (s->dir < 0) {
		tool_not_done(t, path, what, -errno);
		s->dir = SOURCE_BAD;
	}
	free(parent);
	tool_needs_host(t, path, false);
}

struct host_source *host_sources_open(struct tool *t, const struct operand *paths, int nr)
{
	struct host_source *sources = session_alloc(t, nr * sizeof(*sources));

	for (int i = 0; i < nr; i++)
		host_source_open(t, &sources[i], paths[i].path, "not copied");
	return sources;
}
