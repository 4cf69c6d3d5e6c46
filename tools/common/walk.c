// SPDX-License-Identifier: GPL-2.0
/*
 * walk.c - walk a tree, depth first, in the order of its paths
 *
 * Each level keeps its directory open and opens children relative to it, so paths longer
 * than PATH_MAX work and symbolic links are not followed.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "dirlist.h"
#include "image-path.h"
#include "messages.h"
#include "signals.h"
#include "strbuf.h"
#include "walk.h"

struct walk {
	struct tool *t;
	const struct side *side;
	const struct walk_ops *ops;
	void *data;
	struct strbuf path;
	size_t top;			/* length of the top directory's path */
};

static const char *path_below_top(const struct walk *w)
{
	const char *p = w->path.text + (w->path.len < w->top ? w->path.len : w->top);

	return *p == '/' ? p + 1 : p;
}

int walk_open_dir(struct tool *t, int dirfd, const char *name, const char *path, bool at_root)
{
	long fd;

	if (at_root) {
		fd = anyfs_image_openat(t->image, path, LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
		if (fd == -EMEDIUMTYPE)
			tool_note(t, "%s; skipped", anyfs_strerror_last());
		else if (fd < 0)
			tool_open_failed(t, path, fd);
		return fd;
	}
	fd = side_image.open_dir(dirfd, name);
	if (fd < 0)
		tool_errno(t, path, fd);
	return fd;
}

static int open_child(struct walk *w, const struct walk_node *node, bool at_root)
{
	long fd;

	if (w->side->is_image)
		return walk_open_dir(w->t, node->dirfd, node->name, node->path, at_root);
	fd = w->side->open_dir(node->dirfd, node->name);
	if (fd < 0)
		tool_errno(w->t, node->path, fd);
	return fd;
}

static void walk_dir(struct walk *w, const struct walk_node *dir);

static void walk_entry(struct walk *w, const struct walk_node *dir,
		       const struct dirlist_entry *e, bool at_root)
{
	struct walk_node node = {
		.dirfd = dir->fd, .name = e->name, .type = e->type, .fd = -1,
		.depth = dir->depth + 1, .path = w->path.text, .below = path_below_top(w),
	};

	if (node.type != DT_DIR) {
		w->ops->visit_file(w->data, &node);
		return;
	}
	if (node.depth > WALK_DEPTH_MAX) {
		tool_path_error(w->t, node.path, "nested more than %d directories deep",
			   WALK_DEPTH_MAX);
		return;
	}
	node.fd = open_child(w, &node, at_root);
	if (node.fd < 0)
		return;
	walk_dir(w, &node);
	w->side->close(node.fd);
}

static void walk_dir(struct walk *w, const struct walk_node *dir)
{
	bool at_root = w->side->is_image && tool_is_root(w->t, dir->path);
	struct walk_node node = *dir;
	struct dirlist list;
	int rc;

	if (w->ops->enter_dir && w->ops->enter_dir(w->data, dir) < 0)
		return;
	rc = dirlist_read(w->side, dir->fd, ORDER_PATH, &list);
	if (rc)
		tool_errno(w->t, dir->path, rc);
	for (size_t i = 0; !rc && i < list.nr && !tool_stopping(w->t); i++) {
		size_t len = strbuf_push(w->t, &w->path, list.entries[i].name);

		walk_entry(w, &node, &list.entries[i], at_root);
		strbuf_pop(&w->path, len);
	}
	if (!rc)
		dirlist_free(&list);
	/* strbuf_push() may have moved the buffer. */
	node.path = w->path.text;
	node.below = path_below_top(w);
	if (w->ops->leave_dir)
		w->ops->leave_dir(w->data, &node);
}

void walk_tree(struct tool *t, const struct side *side, const char *path, int fd,
	       const struct walk_ops *ops, void *data)
{
	struct walk w = { .t = t, .side = side, .ops = ops, .data = data };
	struct walk_node node = { .dirfd = -1, .fd = fd, .type = DT_DIR };

	strbuf_push(t, &w.path, *path ? path : "/");
	w.top = w.path.len;
	node.name = node.path = w.path.text;
	node.below = "";
	walk_dir(&w, &node);
	side->close(fd);
	free(w.path.text);
}

void walk_path(struct tool *t, const char *path, const struct walk_ops *ops, void *data)
{
	int fd = anyfs_image_openat(t->image, path,
				    LKL_O_RDONLY | LKL_O_DIRECTORY | LKL_O_NOFOLLOW, 0);
	struct walk_node node = { .path = path, .below = "", .fd = -1 };
	struct lkl_statx stx;
	char *name;
	long rc;

	if (fd >= 0) {
		walk_tree(t, &side_image, path, fd, ops, data);
		return;
	}
	node.dirfd = tool_locate(t, path, &name);
	if (node.dirfd < 0)
		return;
	node.name = name;
	rc = side_image.stat(node.dirfd, name, &stx);
	node.type = rc < 0 ? DT_UNKNOWN : IFTODT(stx.stx_mode);
	if (rc < 0 || node.type == DT_DIR)
		tool_errno(t, path, rc < 0 ? rc : fd);
	else
		ops->visit_file(data, &node);
	lkl_sys_close(node.dirfd);
	free(name);
}
