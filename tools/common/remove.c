// SPDX-License-Identifier: GPL-2.0
/*
 * remove.c - remove a tree of the image or of the host
 */
#include <errno.h>
#include "change.h"
#include "remove.h"
#include "signals.h"
#include "walk.h"

struct removal {
	struct tool *t;
	const struct side *side;
	int dir;			/* dir/name is the top of the tree */
	const char *name;
	bool complete;
};

static void note_result(struct removal *r, const char *path, long rc)
{
	if (rc < 0) {
		change_failed(r->t, path, "not removed", rc);
		r->complete = false;
	} else {
		r->t->files++;
	}
}

static void leave_dir(void *data, const struct walk_node *node)
{
	struct removal *r = data;

	if (tool_stopping(r->t))
		note_result(r, node->path, -ECANCELED);
	else if (node->depth)
		note_result(r, node->path, r->side->rmdir(node->dirfd, node->name));
	else
		note_result(r, node->path, r->side->rmdir(r->dir, r->name));
}

static void visit_file(void *data, const struct walk_node *node)
{
	struct removal *r = data;

	note_result(r, node->path, r->side->unlink(node->dirfd, node->name));
}

bool remove_tree(struct tool *t, const struct side *side, int dir, const char *name,
		 const char *path)
{
	static const struct walk_ops ops = { .leave_dir = leave_dir, .visit_file = visit_file };
	struct removal r = { .t = t, .side = side, .dir = dir, .name = name, .complete = true };
	long fd = side->open_dir(dir, name);

	if (fd == -ENOTDIR || fd == -ELOOP)
		note_result(&r, path, side->unlink(dir, name));
	else if (fd < 0)
		note_result(&r, path, fd);
	else
		walk_tree(t, side, path, fd, &ops, &r);
	return r.complete;
}
