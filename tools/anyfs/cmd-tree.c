// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-tree.c - anyfs tree: draw the directory tree
 *
 * --json prints directories with their contents inside, like "tree -J"; --json-lines prints an
 * object with the path of each file.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include "color.h"
#include "dirlist.h"
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "signals.h"
#include "strbuf.h"
#include "verbs.h"
#include "walk.h"

struct draw {
	struct tool *t;
	bool only_dirs, drawn, color;
	unsigned int max_depth;
	bool more[WALK_DEPTH_MAX + 1];	/* by depth: more entries follow at that level */
	bool any[WALK_DEPTH_MAX + 2];	/* by depth: with --json, an entry precedes */
	struct strbuf path;
	uint64_t dirs, files;
};

static void draw_name(const struct draw *d, int fd, const struct dirlist_entry *e)
{
	struct lkl_statx stx;
	bool begun = d->color && color_file(fd >= 0 && side_image.stat(fd, e->name, &stx) >= 0 ?
					    stx.stx_mode : DTTOIF(e->type), e->name);

	print_name(e->name);
	if (begun)
		color_end();
}

static void draw_entry(struct draw *d, int fd, const struct dirlist_entry *e, const char *target,
		       unsigned int depth)
{
	for (unsigned int i = 1; i < depth; i++)
		fputs(d->more[i] ? "|   " : "    ", stdout);
	if (depth)
		fputs(d->more[depth] ? "|-- " : "`-- ", stdout);
	draw_name(d, fd, e);
	if (target) {
		printf(" -> ");
		print_name(target);
	}
	putchar('\n');
}

/* Begin the object of a file; end_entry() ends it. */
static void json_entry(struct draw *d, const char *name, unsigned char type, const char *target,
		       unsigned int depth)
{
	bool lines = d->t->json_lines;

	if (lines || !depth)
		json_separator(d->t);
	else
		fputs(d->any[depth] ? ", {" : "{", stdout);
	d->any[depth] = true;
	printf("\"type\": \"%s\", ", format_type(DTTOIF(type)));
	json_text(lines ? "path" : "name", lines ? d->path.text : name);
	if (lines)
		printf(", \"depth\": %u", depth);
	if (target) {
		fputs(", ", stdout);
		json_text("target", target);
	}
	if (lines || type != DT_DIR)
		putchar('}');
	else
		fputs(", \"contents\": [", stdout);
}

static void begin_entry(struct draw *d, int fd, const struct dirlist_entry *e, unsigned int depth)
{
	char *target = NULL;
	long err;

	if (e->type == DT_LNK) {
		target = entry_target(&side_image, fd, e->name, 0, &err);
		if (!target)
			tool_errno(d->t, d->path.text, err);
	}
	if (d->t->json)
		json_entry(d, e->name, e->type, target, depth);
	else
		draw_entry(d, fd, e, target, depth);
	free(target);
}

static void end_entry(struct draw *d, const struct dirlist_entry *e, unsigned int depth)
{
	if (d->t->json && !d->t->json_lines && e->type == DT_DIR)
		fputs("]}", stdout);
	d->any[depth + 1] = false;
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
		begin_entry(d, fd, e, depth + 1);
		d->dirs += e->type == DT_DIR;
		d->files += e->type != DT_DIR;
		if (e->type == DT_DIR)
			draw_child(d, fd, e->name, depth + 1, at_root);
		end_entry(d, e, depth + 1);
		strbuf_pop(&d->path, len);
	}
	tool_check_output(d->t);
	dirlist_free(&list);
}

static void draw_path(struct draw *d, const char *path)
{
	int fd = tool_openat(d->t, path, LKL_O_RDONLY | LKL_O_DIRECTORY);
	const struct dirlist_entry top = { .name = *path ? path : "/", .type = DT_DIR };

	if (fd < 0)
		return;
	strbuf_push(d->t, &d->path, top.name);
	begin_entry(d, -1, &top, 0);
	d->drawn = true;
	draw_dir(d, fd, 0);
	end_entry(d, &top, 0);
	strbuf_pop(&d->path, 0);
	lkl_sys_close(fd);
}

static void parse_options(struct draw *d, int argc, char **argv)
{
	static const struct option options[] = { COLOR_OPTION(OPT_VERB), TOOL_LONG_OPTIONS };
	char *end;
	int c;

	d->max_depth = WALK_DEPTH_MAX + 1;
	while ((c = tool_getopt(d->t, argc, argv, "adL:", options)) != -1) {
		d->only_dirs |= c == 'd';
		if (c == OPT_VERB)
			color_option(d->t, optarg);
		if (c != 'L')
			continue;
		d->max_depth = strtoul(optarg, &end, 10);
		if (*optarg < '1' || *optarg > '9' || *end)
			tool_usage(d->t, "-L %s: give a number, 1 or more", optarg);
	}
	d->color = color_wanted();
	tool_need_args(d->t, argc, 1, 0);
}

static void json_counts(const struct draw *d)
{
	json_separator(d->t);
	printf("\"type\": \"report\", \"directories\": %llu", (unsigned long long)d->dirs);
	if (!d->only_dirs)
		printf(", \"files\": %llu", (unsigned long long)d->files);
	putchar('}');
}

static void print_counts(const struct draw *d)
{
	if (!d->drawn)
		return;
	if (d->t->json) {
		json_counts(d);
		return;
	}
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
		COLOR_HELP
		"  -a                accepted: no name is hidden\n",
	.has_json = true,
	.run = run,
};
