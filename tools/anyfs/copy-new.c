// SPDX-License-Identifier: GPL-2.0
/*
 * copy-new.c - making a file where something may stand already
 *
 * A file in the way stays until the new one is complete: a copy that fails in
 * the middle leaves the old content and not half of the new.
 */
#include <errno.h>
#include <stdio.h>
#include "copy.h"

#define TEMP_TRIES	1000

static bool is_dir(const struct side *side, int dir, const char *name)
{
	struct lkl_statx stx;

	return side->stat(dir, name, &stx) >= 0 && (stx.stx_mode & LKL_S_IFMT) == LKL_S_IFDIR;
}

long copy_new_begin(struct copy_new *n, const struct side *side, int dir, const char *name)
{
	long fd = side->create(dir, name);

	*n = (struct copy_new){ .side = side, .dir = dir, .name = name };
	if (fd != -EEXIST)
		return fd;
	if (is_dir(side, dir, name))
		return -EISDIR;
	for (int i = 0; i < TEMP_TRIES && fd == -EEXIST; i++) {
		snprintf(n->temp, sizeof(n->temp), ".anyfs-new-%d", i);
		fd = side->create(dir, n->temp);
	}
	return fd;
}

long copy_new_end(struct copy_new *n, bool complete)
{
	long rc = 0;

	if (!complete)
		return n->side->unlink(n->dir, *n->temp ? n->temp : n->name);
	if (!*n->temp)
		return 0;
	rc = n->side->rename(n->dir, n->temp, n->dir, n->name);
	if (rc < 0)
		n->side->unlink(n->dir, n->temp);
	return rc;
}

long copy_make_way(const struct side *side, int dir, const char *name)
{
	return is_dir(side, dir, name) ? -EISDIR : side->unlink(dir, name);
}
