// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-timeline.c - anyfs timeline: the times of all files, as a body file of the Sleuth Kit
 *
 * A line is "0|name|inode|type/mode|uid|gid|size|atime|mtime|ctime|crtime", with times in
 * seconds and 0 for a birth time that is not stored: version 3 of the format, which "fls -m"
 * prints and mactime reads.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include "body-file.h"
#include "glob.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "verbs.h"
#include "walk.h"

static void print_entry(void *data, const struct walk_node *node)
{
	const struct side_file f = { .dir = node->dirfd, .name = node->name, .fd = node->fd };
	struct tool *t = data;
	struct lkl_statx stx;
	char *target = NULL;
	long rc = side_image.stat_file(&f, &stx);

	if (rc < 0) {
		tool_errno(t, node->path, rc);
		return;
	}
	if ((stx.stx_mode & LKL_S_IFMT) == LKL_S_IFLNK) {
		target = entry_target(&side_image, node->dirfd, node->name, stx.stx_size, &rc);
		if (!target)
			tool_errno(t, node->path, rc);
	}
	if (t->json) {
		json_separator(t);
		entry_json(node->path, &stx, target);
		putchar('}');
	} else {
		body_file_print(node->path, &stx, target, NULL);
	}
	free(target);
	tool_check_output(t);
}

static int enter_dir(void *data, const struct walk_node *node)
{
	print_entry(data, node);
	return 0;
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct walk_ops ops = { .enter_dir = enter_dir, .visit_file = print_entry };
	char **paths;
	int nr;

	tool_plain_args(t, argc, argv, 1, 0);
	tool_open(t, argv[optind]);
	paths = tool_expand_or_root(t, argv + optind + 1, &nr);
	for (int i = 0; i < nr; i++)
		walk_path(t, paths[i], &ops, t);
	paths_free(paths);
	return 0;
}

const struct verb verb_timeline = {
	.name = "timeline",
	.args = "[--json] IMAGE [PATH]...",
	.summary = "print the times of all files for mactime",
	.operands = "p+",
	.help = "The output is a body file of the Sleuth Kit.  Deleted files are not in it:\n"
		"a file system shows what exists.\n\n",
	.has_json = true,
	.run = run,
};
