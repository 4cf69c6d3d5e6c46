// SPDX-License-Identifier: GPL-2.0
/*
 * copy-tree.c - copy a file or a whole tree to a given name
 *
 * While a source directory is walked, its copy stays open.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "copy-filter.h"
#include "copy-new.h"
#include "copy.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "strbuf.h"
#include "walk.h"

/* A directory that is being copied. */
struct level {
	int fd;				/* of the copy */
	bool existed;			/* the destination directory existed before */
	struct names_dir *names;	/* of the copy; NULL on the host */
	struct lkl_statx stx;
};

struct tree {
	struct copy *c;
	const char *name;		/* of the copy in copy.base; "": copy.base itself */
	struct strbuf to_path;
	struct level *levels;		/* WALK_DEPTH_MAX + 1 */
};

static bool stat_or_report(struct copy *c, int dirfd, const char *name, const char *path,
			   struct lkl_statx *stx)
{
	long rc = c->from->stat(dirfd, name, stx);

	if (rc < 0)
		tool_errno(c->t, path, rc);
	return rc >= 0;
}

/* Create the copy of a directory or open an existing one; "" opens the base. */
static long open_copy(const struct copy_place *at, bool *existed)
{
	long rc = *at->name ? copy_mkdir(at, 0700) : -EEXIST;

	*existed = rc == -EEXIST;
	if (rc < 0 && rc != -EEXIST)
		return rc;
	return at->side->open_dir(at->dir, *at->name ? at->name : ".");
}

/* Open an existing copy; -1 if there is none. */
static int find_copy(const struct copy_place *at, bool *existed)
{
	long fd = at->dir < 0 ? -ENOENT : at->side->open_dir(at->dir, *at->name ? at->name : ".");

	*existed = fd >= 0;
	return fd < 0 ? -1 : fd;
}

/* In a dry run, print @path instead of copying it. */
static void print_copied(struct copy *c, const char *path)
{
	c->t->files++;
	if (c->t->json)
		return;
	fputs("copy ", stdout);
	print_name(path);
	putchar('\n');
}

static bool is_wanted(const struct copy *c, const struct walk_node *node, bool is_dir)
{
	return !c->filter || copy_filter_wants(c->filter, node->below, is_dir);
}

static struct names_dir *names_in(struct copy *c, const char *to_path)
{
	return c->to->is_image ? names_dir(c->t, &c->names, to_path) : NULL;
}

/* The place of a directory's copy. */
static struct copy_place place_of(const struct tree *tr, const struct walk_node *node)
{
	struct copy *c = tr->c;
	const struct level *above;

	if (!node->depth)
		return (struct copy_place){ c->to, c->base, tr->name, names_in(c, "") };
	above = &tr->levels[node->depth - 1];
	return (struct copy_place){ c->to, above->fd, node->name, above->names };
}

static int enter_dir(void *data, const struct walk_node *node)
{
	struct tree *tr = data;
	struct level *level = &tr->levels[node->depth];
	struct copy_place at = place_of(tr, node);
	size_t len;
	long fd;

	if (!is_wanted(tr->c, node, true) ||
	    !stat_or_report(tr->c, node->fd, ".", node->path, &level->stx))
		return -1;
	fd = tr->c->dry_run ? find_copy(&at, &level->existed) : open_copy(&at, &level->existed);
	if (fd < 0 && !tr->c->dry_run) {
		copy_failed(tr->c, node->path, fd);
		return -1;
	}
	if (fd < 0)
		print_copied(tr->c, node->path);
	level->fd = fd;
	len = node->depth ? strbuf_push(tr->c->t, &tr->to_path, node->below) : tr->to_path.len;
	level->names = names_in(tr->c, tr->to_path.text);
	strbuf_pop(&tr->to_path, len);
	return 0;
}

/* For --delete.  Delete nothing after a failure: names of the source may be missing then. */
static void delete_others(struct tree *tr, const struct walk_node *node)
{
	const struct level *level = &tr->levels[node->depth];
	struct copy *c = tr->c;
	size_t len;

	if (!c->delete || !level->existed)
		return;
	if (c->t->failures) {
		tool_note(c->t, "note: %s: nothing was deleted in the copy, because of the failures above",
			  node->path);
		return;
	}
	len = node->depth ? strbuf_push(c->t, &tr->to_path, node->below) : tr->to_path.len;
	copy_delete_others(c, node->fd, level->fd, node->below, tr->to_path.text);
	strbuf_pop(&tr->to_path, len);
}

static void leave_dir(void *data, const struct walk_node *node)
{
	struct tree *tr = data;
	struct copy *c = tr->c;
	struct level *level = &tr->levels[node->depth];
	struct copy_item it = {
		.from_dir = node->fd, .from_name = ".", .path = node->path, .stx = &level->stx,
		.to_dir = level->fd, .to_name = ".",
	};
	uint64_t failures = c->t->failures;
	size_t len;
	long rc;

	delete_others(tr, node);
	if (c->dry_run) {
		if (level->fd >= 0)
			c->to->close(level->fd);
		return;
	}
	len = node->depth ? strbuf_push(c->t, &tr->to_path, node->below) : tr->to_path.len;
	it.to_path = tr->to_path.text;
	if (!node->depth && !*tr->name && !c->top) {
		copy_label(c, &it, level->fd);	/* the existing destination keeps the rest */
	} else if (c->from->is_image && tool_is_root(c->t, node->path)) {
		if (!level->existed)
			c->to->chmod(&(struct side_file){ .fd = level->fd }, 0755);
	} else if (c->keep && level->existed) {
		copy_meta_keep(c, &it, node->fd, level->fd);
	} else {
		copy_meta(c, &it, node->fd, level->fd);
		copy_flags(c, &it);
	}
	strbuf_pop(&tr->to_path, len);
	rc = c->to->close(level->fd);
	if (rc < 0)
		copy_failed(c, node->path, rc);
	c->t->files += !level->existed && c->t->failures == failures;
}

static void copy_unless_current(struct copy *c, const struct copy_item *it)
{
	if (c->update && copy_is_current(c, it))
		return;
	if (c->dry_run)
		print_copied(c, it->path);
	else
		copy_file(c, it);
}

static void visit_file(void *data, const struct walk_node *node)
{
	struct tree *tr = data;
	struct lkl_statx stx;
	struct copy_item it = {
		.from_dir = node->dirfd, .from_name = node->name,
		.to_dir = tr->levels[node->depth - 1].fd, .to_name = node->name,
		.names = tr->levels[node->depth - 1].names, .path = node->path, .stx = &stx,
	};
	size_t len;

	if (!is_wanted(tr->c, node, false) ||
	    !stat_or_report(tr->c, node->dirfd, node->name, node->path, &stx))
		return;
	len = strbuf_push(tr->c->t, &tr->to_path, node->below);
	it.to_path = tr->to_path.text;
	copy_unless_current(tr->c, &it);
	strbuf_pop(&tr->to_path, len);
}

static void copy_tree(struct copy *c, int fd, const char *path, const char *to_name)
{
	static const struct walk_ops ops = {
		.enter_dir = enter_dir, .leave_dir = leave_dir, .visit_file = visit_file,
	};
	struct tree tr = { .c = c, .name = to_name };

	tr.levels = tool_alloc(c->t, (WALK_DEPTH_MAX + 1) * sizeof(*tr.levels));
	strbuf_push(c->t, &tr.to_path, to_name);
	walk_tree(c->t, c->from, path, fd, &ops, &tr);
	free(tr.levels);
	free(tr.to_path.text);
}

void copy_path(struct copy *c, int from_dir, const char *from_name, const char *path,
	       const char *to_name)
{
	struct lkl_statx stx;
	const struct copy_item it = {
		.from_dir = from_dir, .from_name = from_name, .to_dir = c->base,
		.to_name = to_name, .to_path = to_name, .names = names_in(c, ""), .path = path,
		.stx = &stx,
	};
	long fd;

	if (!stat_or_report(c, from_dir, from_name, path, &stx))
		return;
	if ((stx.stx_mode & LKL_S_IFMT) != LKL_S_IFDIR) {
		copy_unless_current(c, &it);
		return;
	}
	fd = c->from->open_dir(from_dir, from_name);
	if (fd < 0)
		tool_errno(c->t, path, fd);
	else
		copy_tree(c, fd, path, to_name);
}

enum copy_reflink copy_parse_reflink(struct tool *t, const char *text)
{
	static const char *const names[] = { "auto", "always", "never" };

	if (!text)
		return COPY_REFLINK_ALWAYS;
	for (int i = 0; i < 3; i++)
		if (!strcmp(text, names[i]))
			return i;
	tool_usage(t, "--reflink=%s: give auto, always or never", text);
}

char *copy_last_name(struct tool *t, const char *path)
{
	size_t end = strlen(path), begin;
	char *name;

	while (end && path[end - 1] == '/')
		end--;
	for (begin = end; begin && path[begin - 1] != '/'; begin--)
		;
	name = strndup(path + begin, end - begin);
	if (!name)
		tool_no_memory(t);
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		*name = '\0';
	return name;
}

void copy_summarise(struct copy *c)
{
	if (c->lost_owners)
		tool_error(c->t, "owners of %llu files not kept: the destination does not support them%s",
			   (unsigned long long)c->lost_owners,
			   copy_hint(c, "; --no-owner leaves them out"));
	lost_report(c->t, &c->lost, copy_hint(c, " (--no-owner leaves them out)"));
	if (c->lost_modes)
		tool_note(c->t, "note: set-id bits of %llu files not kept, because their owners are not kept%s",
			  (unsigned long long)c->lost_modes,
			  !c->to->is_image ? " (running as root keeps both)" :
			  c->filter ? "" : " (--archive keeps both)");
	if (c->lost_xattrs)
		tool_note(c->t, "note: %llu extended attributes not kept: the destination does not support them",
			  (unsigned long long)c->lost_xattrs);
}
