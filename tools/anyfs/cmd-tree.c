// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-tree.c - anyfs tree: draw the directory tree
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "signals.h"
#include "tree.h"
#include "verbs.h"

struct draw {
	struct tool *t;
	bool only_dirs, drawn;
	unsigned int max_depth;
	bool more[WALK_DEPTH_MAX + 1];	/* by depth: entries follow at that level */
	struct strbuf path;
	uint64_t dirs, files;
};

static void print_entry(struct draw *d, int fd, const struct dirlist_entry *e, unsigned int depth)
{
	char *target = NULL;
	long err;

	for (unsigned int i = 1; i < depth; i++)
		fputs(d->more[i] ? "|   " : "    ", stdout);
	fputs(d->more[depth] ? "|-- " : "`-- ", stdout);
	print_name(e->name);
	if (e->type == DT_LNK) {
		target = entry_target(&side_image, fd, e->name, 0, &err);
		if (!target)
			tool_errno(d->t, d->path.text, err);
	}
	if (target) {
		printf(" -> ");
		print_name(target);
	}
	putchar('\n');
	free(target);
}

static void draw_dir(struct draw *d, int fd, unsigned int depth);

static void draw_child(struct draw *d, int fd, const char *name, unsigned int depth, bool at_root)
{
	int child;

	if (depth >= d->max_depth)
		return;
	if (depth >= WALK_DEPTH_MAX) {
		tool_path_error(d->t, d->path.text, "nested more than %d directories deep",
				WALK_DEPTH_MAX);
		return;
	}
	child = walk_open_dir(d->t, fd, name, d->path.text, at_root);
	if (child < 0)
		return;
	draw_dir(d, child, depth);
	lkl_sys_close(child);
}

/* With -d: leave only the directories in @list. */
static void keep_dirs(struct dirlist *list)
{
	size_t nr = 0;

	for (size_t i = 0; i < list->nr; i++)
		if (list->entries[i].type == DT_DIR)
			list->entries[nr++] = list->entries[i];
	list->nr = nr;
}

static void draw_dir(struct draw *d, int fd, unsigned int depth)
{
	bool at_root = tool_is_root(d->t, d->path.text);
	struct dirlist list;
	int rc = dirlist_read(&side_image, fd, ORDER_NAME, &list);

	if (rc) {
		tool_errno(d->t, d->path.text, rc);
		return;
	}
	if (d->only_dirs)
		keep_dirs(&list);
	for (size_t i = 0; i < list.nr && !tool_stopping(d->t); i++) {
		const struct dirlist_entry *e = &list.entries[i];
		size_t len = strbuf_push(d->t, &d->path, e->name);

		d->more[depth + 1] = i + 1 < list.nr;
		print_entry(d, fd, e, depth + 1);
		d->dirs += e->type == DT_DIR;
		d->files += e->type != DT_DIR;
		if (e->type == DT_DIR)
			draw_child(d, fd, e->name, depth + 1, at_root);
		strbuf_pop(&d->path, len);
	}
	tool_check_output(d->t);
	dirlist_free(&list);
}

static void draw_path(struct draw *d, const char *path)
{
	int fd = tool_openat(d->t, path, LKL_O_RDONLY | LKL_O_DIRECTORY);

	if (fd < 0)
		return;
	strbuf_push(d->t, &d->path, *path ? path : "/");
	print_name(d->path.text);
	putchar('\n');
	d->drawn = true;
	draw_dir(d, fd, 0);
	strbuf_pop(&d->path, 0);
	lkl_sys_close(fd);
}

static void parse_options(struct draw *d, int argc, char **argv)
{
	static const struct option options[] = { TOOL_LONG_OPTIONS };
	char *end;
	int c;

	d->max_depth = WALK_DEPTH_MAX + 1;
	while ((c = tool_getopt(d->t, argc, argv, "adL:", options)) != -1) {
		d->only_dirs |= c == 'd';
		if (c != 'L')
			continue;
		d->max_depth = strtoul(optarg, &end, 10);
		if (*optarg < '1' || *optarg > '9' || *end)
			tool_usage(d->t, "-L %s: give a number, 1 or more", optarg);
	}
	tool_need_args(d->t, argc, 1, 0);
}

static void print_counts(const struct draw *d)
{
	if (!d->drawn)
		return;
	printf("\n%llu director%s", (unsigned long long)d->dirs, d->dirs == 1 ? "y" : "ies");
	if (!d->only_dirs)
		printf(", %llu file%s", (unsigned long long)d->files, d->files == 1 ? "" : "s");
	putchar('\n');
}

static int run(struct tool *t, int argc, char **argv)
{
	struct draw *d = tool_alloc(t, sizeof(*d));
	char **paths;
	int nr;

	memset(d, 0, sizeof(*d));
	d->t = t;
	parse_options(d, argc, argv);
	tool_open(t, argv[optind]);
	paths = tool_expand_or_root(t, argv + optind + 1, &nr);
	for (int i = 0; i < nr; i++)
		draw_path(d, paths[i]);
	print_counts(d);
	paths_free(paths);
	free(d->path.text);
	free(d);
	return 0;
}

const struct verb verb_tree = {
	.name = "tree",
	.args = "[-d] [-L DEPTH] IMAGE [PATH]...",
	.summary = "draw the directory tree",
	.operands = "p+",
	.help = "  -d                only directories\n"
		"  -L DEPTH          only so many levels\n"
		"  -a                accepted: no name is hidden\n",
	.run = run,
};
