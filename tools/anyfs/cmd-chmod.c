// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-chmod.c - anyfs chmod: change modes
 */
#include <errno.h>
#include "change.h"
#include "mode.h"
#include "options.h"
#include "run.h"
#include "side.h"
#include "verbs.h"

static long change_mode(void *data, const struct side_file *f, const char *path)
{
	const char *spec = data;
	struct lkl_statx stx;
	unsigned int mode;
	long rc = side_image.stat(f->dir, f->name, &stx);

	if (rc < 0)
		return rc;
	if ((stx.stx_mode & LKL_S_IFMT) == LKL_S_IFLNK)
		return 0;	/* with -R: symbolic links have no mode of their own */
	mode_apply(spec, stx.stx_mode, (stx.stx_mode & LKL_S_IFMT) == LKL_S_IFDIR, &mode);
	rc = side_image.chmod(f, mode);
	if (rc < 0)
		return rc;
	/* File systems without modes ignore part of the mode, and report success. */
	rc = side_image.stat(f->dir, f->name, &stx);
	if (rc >= 0 && (stx.stx_mode & 07777) != mode)
		return -EOPNOTSUPP;
	return rc;
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "recursive", no_argument, NULL, 'R' },
		TOOL_LONG_OPTIONS
	};
	unsigned int flags = CHANGE_FOLLOW, mode;
	int c;

	while ((c = tool_getopt(t, argc, argv, "R", options)) != -1)
		if (c == 'R')
			flags = CHANGE_TREE;
	tool_need_args(t, argc, 3, 0);
	if (!mode_apply(argv[optind + 1], 0, false, &mode))
		tool_usage(t, "\"%s\" is not a mode", argv[optind + 1]);
	tool_open(t, argv[optind]);
	change_each(t, argv + optind + 2, flags, "mode not changed", change_mode,
		    argv[optind + 1]);
	return 0;
}

const struct verb verb_chmod = {
	.name = "chmod",
	.args = "[-R] [--json] IMAGE MODE PATH...",
	.summary = "change modes",
	.operands = "tp+",
	.help = "MODE is octal, or symbolic such as u+rwX,go-w.\n\n"
		"  -R, --recursive   change directories and everything below\n",
	.has_result = true,
	.writes = true,
	.run = run,
};
