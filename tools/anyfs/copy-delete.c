// SPDX-License-Identifier: GPL-2.0
/*
 * copy-delete.c - remove files of the destination that the source does not have (--delete)
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "copy-filter.h"
#include "dirlist.h"
#include "messages.h"
#include "output.h"
#include "remove.h"
#include "signals.h"

static char *join_path(struct tool *t, const char *dir, const char *name)
{
	char *path;

	size_t len = strlen(dir);

	if (asprintf(&path, "%s%s%s", dir, len && *name && dir[len - 1] != '/' ? "/" : "", name) < 0)
		tool_no_memory(t);
	return path;
}

static void remove_one(struct copy *c, int to, const char *name, const char *path)
{
	bool paths_are_host = c->t->paths_are_host;

	c->t->paths_are_host = !c->to->is_image;
	if (!c->dry_run)
		remove_tree(c->t, c->to, to, name, path);
	else if (!c->t->json)
		printf("delete %s\n", path);
	c->t->paths_are_host = paths_are_host;
}

void copy_delete_others(struct copy *c, int from, int to, const char *below, const char *to_path)
{
	struct lkl_statx stx;
	struct dirlist list;
	char *dir;
	long rc = dirlist_read(c->to, to, ORDER_NAME, &list);

	if (rc) {
		copy_failed(c, to_path, rc);
		return;
	}
	dir = join_path(c->t, c->dest, to_path);
	for (size_t i = 0; i < list.nr && !tool_stopping(c->t); i++) {
		const char *name = list.entries[i].name;
		char *relative = join_path(c->t, below, name), *path = join_path(c->t, dir, name);

		if (copy_filter_wants(c->filter, relative, list.entries[i].type == DT_DIR) &&
		    c->from->stat(from, name, &stx) == -ENOENT)
			remove_one(c, to, name, path);
		free(relative);
		free(path);
	}
	free(dir);
	dirlist_free(&list);
}
