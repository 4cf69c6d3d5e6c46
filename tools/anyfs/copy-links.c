// SPDX-License-Identifier: GPL-2.0
/*
 * copy-links.c - files of several names stay one file
 */
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "copy.h"

struct linked {
	uint64_t dev, ino;
	char *path;			/* of the first name, relative to copy.base */
};

static int compare(const void *a, const void *b)
{
	const struct linked *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

static void remember(struct copy *c, const struct linked *key, const char *path)
{
	struct linked *l = malloc(sizeof(*l));

	if (!l)
		tool_no_memory(c->t);
	*l = *key;
	l->path = strdup(path);
	if (!l->path || !tsearch(l, &c->links, compare))
		tool_no_memory(c->t);
}

int copy_link(struct copy *c, const struct copy_item *it)
{
	const struct linked key = {
		.dev = (uint64_t)it->stx->stx_dev_major << 32 | it->stx->stx_dev_minor,
		.ino = it->stx->stx_ino,
	};
	struct linked *const *found = tfind(&key, &c->links, compare);
	int rc;

	if (!found) {
		remember(c, &key, it->to_path);
		return 0;
	}
	rc = linkat(c->base, (*found)->path, it->to_dir, it->to_name, 0) ? -errno : 0;
	if (rc == -EEXIST) {
		rc = copy_make_way(it);
		if (!rc && linkat(c->base, (*found)->path, it->to_dir, it->to_name, 0))
			rc = -errno;
	}
	if (rc) {
		copy_host_error(c, it->path, -rc);
		return -1;
	}
	c->files++;
	return 1;
}
