// SPDX-License-Identifier: GPL-2.0
/*
 * diff-tree.c - compare two trees: read the directories of both ends and merge their names
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "diff.h"
#include "dirlist.h"
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "output.h"
#include "run.h"
#include "signals.h"
#include "strbuf.h"
#include "walk.h"

/* A directory of one end. */
struct diff_dir {
	int fd;
	bool partitions;		/* the root of a partitioned disk */
	struct dirlist list;
	size_t next;			/* index of the entry to compare next */
};

static void compare(struct diff *d, const struct diff_file f[2], struct strbuf *path,
		    const bool in_root[2], unsigned int depth);

/* Whether the directory @path of the end is the root of a partitioned disk. */
static bool has_partitions(struct diff *d, int end, const char *path)
{
	bool is_root;
	char *text;

	if (!d->ends[end].at.image)
		return false;
	text = diff_path(d, end, path);
	tool_use_image(d->t, d->ends[end].image);
	is_root = tool_is_root(d->t, text);
	free(text);
	return is_root;
}

/* Open the directory of a partition.  This mounts it, for which its path is needed. */
static long open_partition(struct diff *d, int end, const char *path)
{
	char *text = diff_path(d, end, path);
	long fd;

	tool_use_image(d->t, d->ends[end].image);
	fd = walk_open_dir(d->t, -1, "", text, true);
	free(text);
	return fd;
}

static bool open_dir(struct diff *d, int end, const struct diff_file *f, const char *path,
		     bool in_root, struct diff_dir *dir)
{
	const struct side *side = d->ends[end].side;
	long rc;

	*dir = (struct diff_dir){ .fd = -1 };
	rc = in_root ? open_partition(d, end, path) : side->open_dir(f->dir, f->name);
	if (rc >= 0) {
		dir->fd = rc;
		dir->partitions = has_partitions(d, end, path);
		rc = dirlist_read(side, dir->fd, ORDER_NAME, &dir->list);
	} else if (in_root) {
		return false;		/* walk_open_dir() has reported the failure */
	}
	if (rc < 0)
		diff_failed(d, end, path, rc);
	return rc >= 0;
}

static void close_dir(struct diff *d, int end, struct diff_dir *dir)
{
	dirlist_free(&dir->list);
	if (dir->fd >= 0)
		d->ends[end].side->close(dir->fd);
}

static const char *next_name(const struct diff_dir *dir)
{
	return dir->next < dir->list.nr ? dir->list.entries[dir->next].name : NULL;
}

static bool stat_file(struct diff *d, int end, struct diff_file *f, const char *path)
{
	long rc = d->ends[end].side->stat(f->dir, f->name, &f->stx);

	if (rc < 0)
		diff_failed(d, end, path, rc);
	return rc >= 0;
}

/* Compare the entries with the name @a, which both directories have. */
static void compare_entry(struct diff *d, const struct diff_dir dirs[2], const char *a,
			  struct strbuf *path, unsigned int depth)
{
	const bool in_root[2] = { dirs[0].partitions, dirs[1].partitions };
	struct diff_file f[2] = {
		{ .dir = dirs[0].fd, .name = a }, { .dir = dirs[1].fd, .name = a },
	};

	if (stat_file(d, 0, &f[0], path->text) && stat_file(d, 1, &f[1], path->text))
		compare(d, f, path, in_root, depth);
}

static bool is_wanted(const struct diff *d, const struct diff_dir *dir, const char *path)
{
	return copy_filter_wants(&d->filter, path, dir->list.entries[dir->next].type == DT_DIR);
}

static void merge(struct diff *d, struct diff_dir dirs[2], struct strbuf *path,
		  unsigned int depth)
{
	const char *a, *b;

	while (a = next_name(&dirs[0]), b = next_name(&dirs[1]), (a || b) && !tool_stopping(d->t)) {
		int c = !a ? 1 : !b ? -1 : strcmp(a, b);
		size_t len = strbuf_push(d->t, path, c <= 0 ? a : b);

		if (!is_wanted(d, &dirs[c > 0], path->text))
			;
		else if (c)
			diff_only(d, c > 0, path->text);
		else
			compare_entry(d, dirs, a, path, depth + 1);
		strbuf_pop(path, len);
		dirs[0].next += c <= 0;
		dirs[1].next += c >= 0;
	}
}

static void compare_dirs(struct diff *d, const struct diff_file f[2], struct strbuf *path,
			 const bool in_root[2], unsigned int depth)
{
	const char *text = path->len ? path->text : "";
	struct diff_dir dirs[2];
	bool opened;

	if (depth > WALK_DEPTH_MAX) {
		diff_failed(d, 0, text, -ELOOP);
		return;
	}
	opened = open_dir(d, 0, &f[0], text, in_root[0], &dirs[0]);
	if (opened) {
		opened = open_dir(d, 1, &f[1], text, in_root[1], &dirs[1]);
		if (opened)
			merge(d, dirs, path, depth);
		close_dir(d, 1, &dirs[1]);
	}
	close_dir(d, 0, &dirs[0]);
}

static void compare_links(struct diff *d, const struct diff_file f[2], const char *path)
{
	char *target[2] = { NULL, NULL };

	for (int i = 0; i < 2; i++) {
		long err;

		target[i] = entry_target(d->ends[i].side, f[i].dir, f[i].name, f[i].stx.stx_size,
					 &err);
		if (!target[i])
			diff_failed(d, i, path, err);
	}
	if (target[0] && target[1] && strcmp(target[0], target[1]))
		diff_found(d, path, "target", target[0], target[1]);
	free(target[0]);
	free(target[1]);
}

static void compare_devices(struct diff *d, const struct diff_file f[2], const char *path)
{
	char text[2][32];

	for (int i = 0; i < 2; i++)
		snprintf(text[i], sizeof(text[i]), "%u:%u", f[i].stx.stx_rdev_major,
			 f[i].stx.stx_rdev_minor);
	if (strcmp(text[0], text[1]))
		diff_found(d, path, "device", text[0], text[1]);
}

static void compare(struct diff *d, const struct diff_file f[2], struct strbuf *path,
		    const bool in_root[2], unsigned int depth)
{
	unsigned int type = f[0].stx.stx_mode & LKL_S_IFMT;
	const char *text = path->len ? path->text : "";

	if (type != (f[1].stx.stx_mode & LKL_S_IFMT)) {
		diff_found(d, text, "type", format_type(f[0].stx.stx_mode),
			   format_type(f[1].stx.stx_mode));
		return;
	}
	if (type == LKL_S_IFREG)
		diff_content(d, f, text);
	else if (type == LKL_S_IFLNK)
		compare_links(d, f, text);
	else if (type == LKL_S_IFBLK || type == LKL_S_IFCHR)
		compare_devices(d, f, text);
	/* The root of a partitioned disk and its directories /pN are not stored in the image. */
	if (!in_root[0] && !in_root[1] &&
	    (depth || (!has_partitions(d, 0, "") && !has_partitions(d, 1, ""))))
		diff_meta(d, f, text);
	if (type == LKL_S_IFDIR)
		compare_dirs(d, f, path, in_root, depth);
}

/* Find the top of one end. */
static bool locate_top(struct diff *d, int end, struct diff_file *f)
{
	struct diff_end *e = &d->ends[end];

	if (e->at.image) {
		tool_use_image(d->t, e->image);
		e->at.path = tool_expand_one(d->t, e->at.path);
		e->top = e->at.path ? tool_locate(d->t, e->at.path, &e->top_name) : -1;
	}
	if (e->top < 0)
		return false;
	*f = (struct diff_file){ .dir = e->top, .name = e->top_name };
	return stat_file(d, end, f, "");
}

void diff_run(struct diff *d)
{
	const bool in_root[2] = { false, false };
	struct strbuf path = { 0 };
	struct diff_file f[2];

	if (locate_top(d, 0, &f[0]) && locate_top(d, 1, &f[1]))
		compare(d, f, &path, in_root, 0);
	free(path.text);
}
