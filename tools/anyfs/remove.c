// SPDX-License-Identifier: GPL-2.0
/*
 * remove.c - remove a tree of the image
 */
#include <errno.h>
#include "change.h"
#include "signals.h"
#include "tree.h"

struct removal {
	struct tool *t;
	int dir;			/* of the top */
	const char *name;
	bool complete;
};

static void removed(struct removal *r, const char *path, long rc)
{
	if (rc < 0) {
		change_failed(r->t, path, "not removed", rc);
		r->complete = false;
	} else {
		r->t->files++;
	}
}

static void leave(void *data, const struct walk_node *node)
{
	struct removal *r = data;

	if (tool_stopping(r->t))
		removed(r, node->path, -ECANCELED);
	else if (node->depth)
		removed(r, node->path, side_image.rmdir(node->dirfd, node->name));
	else
		removed(r, node->path, side_image.rmdir(r->dir, r->name));
}

static void other(void *data, const struct walk_node *node)
{
	removed(data, node->path, side_image.unlink(node->dirfd, node->name));
}

bool remove_tree(struct tool *t, int dir, const char *name, const char *path)
{
	static const struct walk_ops ops = { .leave = leave, .other = other };
	struct removal r = { .t = t, .dir = dir, .name = name, .complete = true };
	long fd = side_image.open_dir(dir, name);

	if (fd == -ENOTDIR || fd == -ELOOP)
		removed(&r, path, side_image.unlink(dir, name));
	else if (fd < 0)
		removed(&r, path, fd);
	else
		walk_tree(t, &side_image, path, fd, &ops, &r);
	return r.complete;
}
