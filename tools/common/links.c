// SPDX-License-Identifier: GPL-2.0
/*
 * links.c - remember the first path of each hard-linked file, so that copies stay linked
 */
#define _GNU_SOURCE
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include "links.h"
#include "messages.h"

struct linked {
	uint64_t dev, ino;
	char *path;
};

static int compare(const void *a, const void *b)
{
	const struct linked *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

static struct linked key_of(const struct lkl_statx *stx)
{
	return (struct linked){
		.dev = (uint64_t)stx->stx_dev_major << 32 | stx->stx_dev_minor,
		.ino = stx->stx_ino,
	};
}

static void remember(struct tool *t, void **links, const struct linked *key, const char *path)
{
	struct linked *l = malloc(sizeof(*l));

	if (!l)
		tool_no_memory(t);
	*l = *key;
	l->path = strdup(path);
	if (!l->path || !tsearch(l, links, compare))
		tool_no_memory(t);
}

const char *links_find(struct tool *t, void **links, const struct lkl_statx *stx,
		       const char *path)
{
	const struct linked key = key_of(stx);
	struct linked *const *found = tfind(&key, links, compare);

	if (found)
		return (*found)->path;
	remember(t, links, &key, path);
	return NULL;
}

void links_forget(void **links, const struct lkl_statx *stx)
{
	const struct linked key = key_of(stx);
	struct linked *const *found = tfind(&key, links, compare);
	struct linked *l = found ? *found : NULL;

	if (!l)
		return;
	tdelete(l, links, compare);
	free(l->path);
	free(l);
}

static void free_linked(void *node)
{
	struct linked *l = node;

	free(l->path);
	free(l);
}

void links_free(void **links)
{
	tdestroy(*links, free_linked);
	*links = NULL;
}
