// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-ln.c - anyfs ln: make hard and symbolic links
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "change.h"
#include "copy-new.h"
#include "copy.h"
#include "dest.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "run.h"
#include "session.h"
#include "side.h"
#include "verbs.h"

struct ln {
	struct tool *t;
	bool symbolic, force;
};

/* The file to link to; for a symbolic link @name is its text. */
struct link_source {
	bool symbolic;
	int dir;
	const char *name;
};

static long make_link(void *data, int dir, const char *name)
{
	const struct link_source *from = data;

	if (from->symbolic)
		return side_image.symlink(from->name, dir, name);
	return side_image.link(from->dir, from->name, dir, name);
}

/* Create the link; with @force it replaces an existing file. */
static long link_or_replace(struct link_source *from, int dir, const char *name, bool force)
{
	const struct copy_place at = { .side = &side_image, .dir = dir, .name = name };

	if (!*name)
		return -EEXIST;
	return force ? copy_replace(&at, make_link, from) : make_link(from, dir, name);
}

/* Whether attributes of the file forbid a link to it, or a new name in it. */
static bool is_locked(int dir, const char *name)
{
	struct lkl_statx stx;

	return side_image.stat(dir, name, &stx) >= 0 &&
	       (stx.stx_attributes & (LKL_STATX_ATTR_IMMUTABLE | LKL_STATX_ATTR_APPEND));
}

static bool is_dir(int dir, const char *name)
{
	struct lkl_statx stx;

	return side_image.stat(dir, name, &stx) >= 0 && LKL_S_ISDIR(stx.stx_mode);
}

/* Report -errno @err of a link in @dir; -EPERM has several causes. */
static void link_failed(struct tool *t, const struct link_source *from, int dir,
			const char *path, long err)
{
	const char *kind = from->symbolic ? "symbolic link" : "hard link";

	if (err == -EPERM && !from->symbolic && is_dir(from->dir, from->name))
		tool_failed(t, path, "not linked: the target is a directory", err);
	else if (err == -EPERM && (is_locked(dir, ".") ||
				   (!from->symbolic && is_locked(from->dir, from->name))))
		tool_failed(t, path, "not linked: the target or its new directory is immutable or append-only", err);
	else
		change_special_failed(t, path, "not linked", kind, err);
}

static void link_to(struct ln *ln, const char *target, int dir, const char *given,
		    const char *path)
{
	struct tool *t = ln->t;
	char *name = given ? strdup(given) : copy_last_name(t, target);
	char *from = strdup(target);
	struct link_source source;
	int from_dir = -1;
	long rc;

	if (!name || !from)
		tool_no_memory(t);
	if (!ln->symbolic) {
		free(from);
		from_dir = tool_locate_change(t, target, &from);
		if (from_dir < 0) {
			free(name);
			return;
		}
	}
	source = (struct link_source){ ln->symbolic, from_dir, from };
	rc = link_or_replace(&source, dir, name, ln->force);
	if (rc < 0)
		link_failed(t, &source, dir, path, rc);
	else
		t->files++;
	if (from_dir >= 0)
		lkl_sys_close(from_dir);
	free(from);
	free(name);
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "symbolic", no_argument, NULL, 's' },
		{ "force", no_argument, NULL, 'f' },
		TOOL_LONG_OPTIONS
	};
	struct ln ln = { .t = t };
	const char *target;
	char *name;
	int c, dir;

	while ((c = tool_getopt(t, argc, argv, "sf", options)) != -1) {
		ln.symbolic |= c == 's';
		ln.force |= c == 'f';
	}
	tool_need_args(t, argc, 3, 3);
	tool_open(t, argv[optind]);
	dir = dest_open(t, argv[optind + 2], true, &name);
	if (dir < 0)
		return 0;
	/* The text of a symbolic link is not a path of the command line. */
	target = ln.symbolic ? argv[optind + 1] : session_path(t, argv[optind + 1]);
	link_to(&ln, target, dir, name, argv[optind + 2]);
	lkl_sys_close(dir);
	free(name);
	return 0;
}

const struct verb verb_ln = {
	.name = "ln",
	.args = "[-s] [-f] [--json] IMAGE TARGET PATH",
	.summary = "make links",
	.operands = "tp",
	.help = "PATH becomes another name of TARGET; if PATH is a directory, the link goes into it.\n\n"
		"  -s, --symbolic    make a symbolic link with the text TARGET\n"
		"  -f, --force       replace an existing file\n",
	.has_result = true,
	.writes = true,
	.run = run,
};
