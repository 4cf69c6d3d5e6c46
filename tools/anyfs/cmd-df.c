// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-df.c - anyfs df: how full the file systems of an image are
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <lkl/asm/statfs.h>
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "verbs.h"

struct df {
	struct tool *t;
	bool human, inodes, begun;
};

static void print_header(const struct df *df)
{
	printf("%-16s %-8s %12s %12s %12s %4s\n", "Path", "Type",
	       df->inodes ? "Inodes" : df->human ? "Size" : "1K-blocks", "Used",
	       df->inodes ? "Free" : "Available", "Use%");
}

static void format_amount(const struct df *df, uint64_t n, char *out, size_t len)
{
	if (df->inodes)
		snprintf(out, len, "%llu", (unsigned long long)n);
	else if (df->human)
		format_size(n, out, len);
	else
		snprintf(out, len, "%llu", (unsigned long long)n / 1024);
}

/* Like df(1): rounded up, as a share of the space that an ordinary user can use. */
static void format_percent(uint64_t used, uint64_t available, char *out, size_t len)
{
	double all = (double)used + available;
	double percent = all > 0 ? used * 100.0 / all : 0;

	if (all > 0)
		snprintf(out, len, "%d%%", (int)percent + (percent > (int)percent));
	else
		snprintf(out, len, "-");
}

static void print_row(struct df *df, const char *path, const char *type,
		      const struct lkl_statfs *st)
{
	uint64_t unit = st->f_frsize ? st->f_frsize : st->f_bsize;
	uint64_t all = df->inodes ? st->f_files : st->f_blocks * unit;
	uint64_t used = df->inodes ? st->f_files - st->f_ffree :
				     (st->f_blocks - st->f_bfree) * unit;
	uint64_t available = df->inodes ? st->f_ffree : st->f_bavail * unit;
	char sizes[3][32], percent[16];

	if (!df->begun)
		print_header(df);
	df->begun = true;
	format_amount(df, all, sizes[0], sizeof(sizes[0]));
	format_amount(df, used, sizes[1], sizeof(sizes[1]));
	format_amount(df, available, sizes[2], sizeof(sizes[2]));
	format_percent(used, available, percent, sizeof(percent));
	printf("%-16s %-8s %12s %12s %12s %4s\n", path, type, sizes[0], sizes[1], sizes[2], percent);
}

static void print_json(struct df *df, const char *path, const char *type,
		       const struct lkl_statfs *st)
{
	uint64_t unit = st->f_frsize ? st->f_frsize : st->f_bsize;

	json_separator(df->t);
	json_text("path", path);
	fputs(", ", stdout);
	json_text("fstype", type);
	printf(", \"size\": %llu, \"used\": %llu, \"available\": %llu, \"free\": %llu",
	       (unsigned long long)(st->f_blocks * unit),
	       (unsigned long long)((st->f_blocks - st->f_bfree) * unit),
	       (unsigned long long)(st->f_bavail * unit), (unsigned long long)(st->f_bfree * unit));
	printf(", \"inodes\": %llu, \"inodes_free\": %llu}", (unsigned long long)st->f_files,
	       (unsigned long long)st->f_ffree);
}

/* Print the file system that contains the file @fd, and close @fd. */
static void print_fs(struct df *df, int fd, const char *path, const char *type)
{
	struct lkl_statfs st;
	long rc = lkl_sys_fstatfs(fd, &st);

	lkl_sys_close(fd);
	if (rc < 0)
		tool_errno(df->t, path, rc);
	else if (df->t->json)
		print_json(df, path, type, &st);
	else
		print_row(df, path, type, &st);
	tool_check_output(df->t);
}

static void print_node(struct df *df, struct anyfs_node *n);

static void print_below(struct df *df, struct anyfs_node *n)
{
	struct anyfs_node *child;
	const char *reason;

	anyfs_node_enter(n);
	if (anyfs_node_shown_at(n))
		return;
	if (anyfs_node_error(n, &reason))
		tool_note(df->t, "%s; skipped", *reason ? reason : anyfs_node_path(n));
	for (unsigned int i = 0; (child = anyfs_node_child(n, i)); i++)
		print_node(df, child);
}

static void print_node(struct df *df, struct anyfs_node *n)
{
	const char *path = anyfs_node_path(n), *type = anyfs_node_fstype(n);
	int fd;

	if (anyfs_node_kind(n) != ANYFS_NODE_FILESYSTEM) {
		print_below(df, n);
		return;
	}
	fd = anyfs_image_openat(df->t->image, path, LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	if (fd < 0)
		tool_open_failed(df->t, path, fd);
	else
		print_fs(df, fd, path, type);
}

/* The type of the file system whose root is the first @len bytes of @path, or NULL. */
static const char *find_type(struct anyfs_node *n, const char *path, size_t len)
{
	const char *own = anyfs_node_path(n), *type = NULL;
	struct anyfs_node *child;

	if (anyfs_node_kind(n) == ANYFS_NODE_FILESYSTEM && strlen(own + (own[1] == '\0')) == len &&
	    !strncmp(own, path, len))
		return anyfs_node_fstype(n);
	for (unsigned int i = 0; !type && (child = anyfs_node_child(n, i)); i++)
		type = find_type(child, path, len);
	return type;
}

static void print_path(struct df *df, const char *path)
{
	int fd = tool_refuses_root(df->t, path) ? -1 : tool_openat(df->t, path, LKL_O_PATH);
	const char *rest = path, *type;

	if (fd < 0)
		return;
	anyfs_image_split_path(df->t->image, path, &rest);
	while (rest > path && rest[-1] == '/')
		rest--;
	type = find_type(anyfs_image_node(df->t->image), path, rest - path);
	print_fs(df, fd, path, type ? type : "-");
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "human-readable", no_argument, NULL, 'h' },
		{ "inodes", no_argument, NULL, 'i' },
		TOOL_LONG_OPTIONS
	};
	struct df df = { .t = t };
	char **paths;
	int c, nr;

	while ((c = tool_getopt(t, argc, argv, "hikT", options)) != -1) {
		df.human |= c == 'h';
		df.inodes |= c == 'i';
	}
	tool_need_args(t, argc, 1, 0);
	tool_open(t, argv[optind]);
	if (argc - optind == 1)
		print_node(&df, anyfs_image_node(t->image));
	paths = tool_expand(t, argv + optind + 1, &nr);
	for (int i = 0; i < nr; i++)
		print_path(&df, paths[i]);
	paths_free(paths);
	return 0;
}

const struct verb verb_df = {
	.name = "df",
	.args = "[-hi] IMAGE [PATH]...",
	.summary = "show how full the file systems are",
	.operands = "p+",
	.help = "Without PATH, all file systems of the image.\n\n"
		"  -h, --human-readable  print sizes as 4.0K, 1.2G\n"
		"  -i, --inodes      count inodes instead of space\n",
	.has_json = true,
	.run = run,
};
