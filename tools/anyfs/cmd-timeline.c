// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-timeline.c - anyfs timeline: the times of all files, as a body file of the Sleuth Kit
 *
 * A line is "0|name|inode|type/mode|uid|gid|size|atime|mtime|ctime|crtime", with times in
 * seconds and 0 for a birth time that is not stored: version 3 of the format, as "fls -m"
 * prints it and mactime reads it.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include "glob.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "tree.h"
#include "verbs.h"

/* A "|" would begin the next field, and a line break the next line. */
static void print_field(const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		if (*p < 0x20 || *p == 0x7f || *p == '|')
			printf("\\x%02x", *p);
		else
			putchar(*p);
	}
}

static void print_body_line(const char *path, const struct lkl_statx *stx, const char *target)
{
	const struct lkl_statx_timestamp none = { 0 };
	const struct lkl_statx_timestamp *born = stx->stx_mask & LKL_STATX_BTIME ?
						 &stx->stx_btime : &none;
	char mode[11];

	format_mode(stx->stx_mode, mode);
	if (mode[0] == '-')
		mode[0] = 'r';
	else if (mode[0] == 's')
		mode[0] = 'h';
	fputs("0|", stdout);
	print_field(path);
	if (target) {
		fputs(" -> ", stdout);
		print_field(target);
	}
	printf("|%llu|%c/%s|%u|%u|%llu|%lld|%lld|%lld|%lld\n", (unsigned long long)stx->stx_ino,
	       mode[0], mode, stx->stx_uid, stx->stx_gid, (unsigned long long)stx->stx_size,
	       (long long)stx->stx_atime.tv_sec, (long long)stx->stx_mtime.tv_sec,
	       (long long)stx->stx_ctime.tv_sec, (long long)born->tv_sec);
}

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
		print_body_line(node->path, &stx, target);
	}
	free(target);
	tool_check_output(t);
}

static int enter(void *data, const struct walk_node *node)
{
	print_entry(data, node);
	return 0;
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct walk_ops ops = { .enter = enter, .other = print_entry };
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
	.help = "The output is a body file of the Sleuth Kit.  Files that were deleted are not in it:\n"
		"a file system shows what exists.\n\n",
	.has_json = true,
	.run = run,
};
