// SPDX-License-Identifier: GPL-2.0
/*
 * host-path.c - paths of the host that the user gave
 */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include "host-path.h"

char *host_parent(struct tool *t, const char *path)
{
	size_t len = strlen(path);
	char *parent;

	while (len && path[len - 1] == '/')
		len--;
	while (len && path[len - 1] != '/')
		len--;
	parent = len ? strndup(path, len) : strdup(".");
	if (!parent)
		tool_no_memory(t);
	return parent;
}

void host_raise_limit(void)
{
	struct rlimit limit;

	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}
