// SPDX-License-Identifier: GPL-2.0
/*
 * change.c - apply a verb's change to each path of its command line
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "change.h"
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "signals.h"
#include "times.h"
#include "walk.h"

struct change {
	struct tool *t;
	const char *what;
	change_fn *fn;
	void *data;
};

void change_failed(struct tool *t, const char *path, const char *what, long err)
{
	bool hopeless = err == -ENOSPC || err == -EDQUOT || err == -EIO || err == -EROFS;
	char more[128];

	if (err == TIMES_OUT_OF_RANGE) {
		tool_failed(t, path, TIMES_WHY, err);
		return;
	}
	snprintf(more, sizeof(more), "%s%s", what ? what : "not done",
		 hopeless ? ", stopping here" : "");
	tool_not_done(t, path, what || hopeless ? more : NULL, err);
	t->end_early |= hopeless;
}

void change_special_failed(struct tool *t, const char *path, const char *what, const char *kind,
			   long err)
{
	char reason[128];

	if (err != -EPERM && err != -EOPNOTSUPP) {
		change_failed(t, path, what, err);
		return;
	}
	snprintf(reason, sizeof(reason), "%s: the destination cannot hold a %s", what, kind);
	tool_failed(t, path, reason, err);
}

static void apply(struct change *c, const struct side_file *f, const char *path)
{
	long rc = c->fn(c->data, f, path);

	if (rc < 0)
		change_failed(c->t, path, c->what, rc);
	else
		c->t->files++;
}

static void leave_dir(void *data, const struct walk_node *node)
{
	struct change *c = data;
	const struct side_file f = { .dir = node->fd, .name = ".", .fd = -1 };

	/* The run ends early: report each directory above as not changed. */
	if (tool_stopping(c->t))
		tool_not_done(c->t, node->path, c->what, -ECANCELED);
	else
		apply(c, &f, node->path);
}

static void apply_to_file(void *data, const struct walk_node *node)
{
	const struct side_file f = { .dir = node->dirfd, .name = node->name, .fd = -1 };

	apply(data, &f, node->path);
}

static void apply_tree(struct change *c, const struct side_file *f, const char *path)
{
	static const struct walk_ops ops = { .leave_dir = leave_dir, .visit_file = apply_to_file };
	long fd = side_image.open_dir(f->dir, f->name);

	if (fd == -ENOTDIR || fd == -ELOOP || fd == -ENOENT)
		apply(c, f, path);
	else if (fd < 0)
		tool_not_done(c->t, path, c->what, fd);
	else
		walk_tree(c->t, &side_image, path, fd, &ops, c);
}

static void apply_path(struct change *c, const char *path, unsigned int flags)
{
	struct side_file f = { .fd = -1 };
	char *name;

	f.dir = flags & CHANGE_FOLLOW ? tool_locate_target(c->t, path, &name) :
					tool_locate_change(c->t, path, &name);
	if (f.dir < 0)
		return;
	f.name = name;
	if (flags & CHANGE_TREE)
		apply_tree(c, &f, path);
	else
		apply(c, &f, path);
	lkl_sys_close(f.dir);
	free(name);
}

void change_each(struct tool *t, char *const *args, unsigned int flags, const char *what,
		 change_fn *fn, void *data)
{
	struct change c = { .t = t, .what = what, .fn = fn, .data = data };
	int nr;
	char **paths = tool_expand(t, args, &nr);

	for (int i = 0; i < nr; i++) {
		if (tool_stopping(t))
			tool_not_done(t, paths[i], what, -ECANCELED);
		else
			apply_path(&c, paths[i], flags);
	}
	paths_free(paths);
}

void change_strip_slashes(char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		path[--len] = '\0';
}
