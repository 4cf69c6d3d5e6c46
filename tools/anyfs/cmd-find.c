// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-find.c - anyfs find: list the files of a tree that pass tests, like find(1)
 *
 * The files come in the order of their paths, not in the order that the directories store.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "find.h"
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "signals.h"
#include "verbs.h"

/* Evaluate the expression for @node. */
static void evaluate(struct find *f, const struct walk_node *node)
{
	f->file = (struct find_file){ .node = node };
	f->prune = false;
	if (f->quit || node->depth < f->min_depth || node->depth > f->max_depth)
		return;
	f->expr->eval(f, f->expr);
	tool_check_output(f->t);
	if (f->quit)
		f->t->end_early = true;
}

/* With -xdev: whether the current directory is on another file system than the start. */
static bool is_foreign(struct find *f)
{
	const struct lkl_statx *stx = f->one_fs ? find_stat(f) : NULL;

	if (stx && !f->file.node->depth) {
		f->start_dev[0] = stx->stx_dev_major;
		f->start_dev[1] = stx->stx_dev_minor;
	}
	return stx && (stx->stx_dev_major != f->start_dev[0] ||
		       stx->stx_dev_minor != f->start_dev[1]);
}

static int enter_dir(void *data, const struct walk_node *node)
{
	struct find *f = data;
	bool stay;

	f->file = (struct find_file){ .node = node };
	stay = node->depth >= f->max_depth || is_foreign(f);
	/* leave_dir() is not called for a directory whose children are skipped. */
	if (!f->depth_first || stay)
		evaluate(f, node);
	return stay || f->quit || (f->prune && !f->depth_first) ? -1 : 0;
}

static void leave_dir(void *data, const struct walk_node *node)
{
	struct find *f = data;

	if (f->depth_first)
		evaluate(f, node);
}

static void visit_file(void *data, const struct walk_node *node)
{
	evaluate(data, node);
}

/* Move long options, which no expression has, before the image, for tool_getopt(). */
static void move_options(int argc, char **argv, const struct option *options)
{
	char **sorted = calloc(argc + 1, sizeof(*sorted)), **to = sorted;

	if (!sorted)
		return;
	for (int pass = 0; pass < 2; pass++) {
		for (int i = 1; i < argc; i++) {
			bool is_long = !strncmp(argv[i], "--", 2) && argv[i][2], value = false;

			for (const struct option *o = options; is_long && o->name; o++)
				value |= !strcmp(argv[i] + 2, o->name) &&
					 o->has_arg == required_argument;
			if (is_long != pass)
				*to++ = argv[i];
			if (value && i + 1 < argc) {
				if (is_long != pass)
					*to++ = argv[i + 1];
				i++;
			}
		}
	}
	memcpy(argv + 1, sorted, (argc - 1) * sizeof(*argv));
	free(sorted);
}

static bool begins_expression(const char *arg)
{
	return *arg == '-' || !strcmp(arg, "!") || !strcmp(arg, "(") || !strcmp(arg, ")");
}

static void find_all(struct find *f, char **args)
{
	static const struct walk_ops ops = {
		.enter_dir = enter_dir, .leave_dir = leave_dir, .visit_file = visit_file,
	};
	char **paths;
	int nr;

	paths = tool_expand_or_root(f->t, args, &nr);
	if (!find_resolve(f, f->expr))
		nr = 0;
	for (int i = 0; i < nr && !tool_stopping(f->t); i++) {
		f->start = paths[i];
		walk_path(f->t, paths[i], &ops, f);
	}
	paths_free(paths);
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = { TOOL_LONG_OPTIONS };
	struct find f = { .t = t, .max_depth = WALK_DEPTH_MAX, .syntax = RE_SYNTAX_EMACS };
	struct timespec now;
	int first;

	move_options(argc, argv, options);
	while (tool_getopt(t, argc, argv, "+", options) != -1)
		;
	tool_need_args(t, argc, 1, 0);
	for (first = optind + 1; first < argc && !begins_expression(argv[first]);)
		first++;
	find_parse(&f, argv + first);
	if (t->json && f.has_action)
		tool_usage(t, "--json is a form of output and needs an expression without actions");
	argv[first] = NULL;
	clock_gettime(CLOCK_REALTIME, &now);
	f.now.tv_sec = now.tv_sec;
	f.now.tv_nsec = now.tv_nsec;
	tool_open(t, argv[optind]);
	find_all(&f, argv + optind + 1);
	find_free(f.expr);
	owner_names_free(&f.names);
	return 0;
}

const struct verb verb_find = {
	.name = "find",
	.args = "IMAGE [PATH]... [EXPRESSION]",
	.summary = "list the files of a tree that pass tests",
	.operands = "p+e",
	.help = "Tests, with \"!\", \"-o\" and parentheses as in find(1):\n"
		"  -name -iname -path -ipath -lname -ilname PATTERN, -regex -iregex REGEX,\n"
		"  -type LETTERS, -size N[cwbkMG], -empty, -mtime -atime -ctime -Btime DAYS,\n"
		"  -mmin ... MINUTES, -newer PATH, -newermt DATE, -user -group NAME, -uid -gid N,\n"
		"  -nouser, -nogroup, -perm MODE, -links N, -inum N, -xattr PATTERN, -true, -false\n"
		"The walk: -maxdepth N, -mindepth N, -depth, -xdev, -prune, -quit, -regextype TYPE\n"
		"Output: -print, -print0, -ls, -printf FORMAT\n\n",
	.has_json = true,
	.run = run,
};
