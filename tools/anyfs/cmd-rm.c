// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-rm.c - anyfs rm: remove files and trees
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "change.h"
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "remove.h"
#include "run.h"
#include "side.h"
#include "signals.h"
#include "verbs.h"

struct rm {
	struct tool *t;
	bool recursive, force;
};

static void remove_path(struct rm *rm, const char *path)
{
	struct tool *t = rm->t;
	struct lkl_statx stx;
	char *name;
	int dir;
	long rc;

	dir = tool_locate_change(t, path, &name);
	if (dir < 0)
		return;
	rc = side_image.stat(dir, name, &stx);
	if (rc == -ENOENT && rm->force)
		;
	else if (rc < 0)
		tool_errno(t, path, rc);
	else if (!strcmp(name, "."))
		tool_path_error(t, path, "not removed: it is the root of its file system, or ends in a dot");
	else if ((stx.stx_mode & LKL_S_IFMT) == LKL_S_IFDIR && !rm->recursive)
		tool_path_error(t, path, "not removed: it is a directory; -r removes it and everything below");
	else
		remove_tree(t, &side_image, dir, name, path);
	lkl_sys_close(dir);
	free(name);
}

/* With --force, a path whose parent is missing counts as removed. */
static bool is_gone(struct rm *rm, const char *path)
{
	int fd = anyfs_image_openat(rm->t->image, path, LKL_O_PATH | LKL_O_NOFOLLOW, 0);

	if (fd >= 0)
		lkl_sys_close(fd);
	return fd == -ENOENT;
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "recursive", no_argument, NULL, 'r' },
		{ "force", no_argument, NULL, 'f' },
		TOOL_LONG_OPTIONS
	};
	struct rm rm = { .t = t };
	char **paths;
	int c, nr;

	while ((c = tool_getopt(t, argc, argv, "rRf", options)) != -1) {
		rm.recursive |= c == 'r' || c == 'R';
		rm.force |= c == 'f';
	}
	tool_need_args(t, argc, 2, 0);
	tool_open(t, argv[optind]);
	paths = tool_expand(t, argv + optind + 1, &nr);
	for (int i = 0; i < nr; i++) {
		change_strip_slashes(paths[i]);
		if (tool_stopping(t))
			tool_not_done(t, paths[i], "not removed", -ECANCELED);
		else if (!rm.force || !is_gone(&rm, paths[i]))
			remove_path(&rm, paths[i]);
	}
	paths_free(paths);
	return 0;
}

const struct verb verb_rm = {
	.name = "rm",
	.args = "[-r] [-f] [--json] IMAGE PATH...",
	.summary = "remove files and trees",
	.operands = "p+",
	.help = "  -r, --recursive   remove directories and everything below\n"
		"  -f, --force       a missing path is not an error\n",
	.has_result = true,
	.writes = true,
	.run = run,
};
