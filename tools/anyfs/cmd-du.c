// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-du.c - anyfs du: how much space trees take
 *
 * Like du(1): count blocks in use, and each file with several links once.
 */
#include <stdlib.h>
#include <string.h>
#include "glob.h"
#include "image-path.h"
#include "links.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "verbs.h"
#include "walk.h"

struct sum {
	uint64_t bytes, files;
};

struct du {
	struct tool *t;
	bool all, apparent, human, bytes, total, zero;
	unsigned int max_depth;
	struct sum sums[WALK_DEPTH_MAX + 2];	/* of the directories being walked, by depth */
	struct sum total_sum;
	void *links;
};

static void print_sum(struct du *du, const struct sum *sum, const char *path)
{
	char size[32];

	if (du->t->json) {
		json_separator(du->t);
		json_text("path", path);
		printf(", \"bytes\": %llu, \"files\": %llu}", (unsigned long long)sum->bytes,
		       (unsigned long long)sum->files);
	} else {
		if (du->human)
			format_size(sum->bytes, size, sizeof(size));
		else
			snprintf(size, sizeof(size), "%llu",
				 (unsigned long long)(du->bytes ? sum->bytes :
						      (sum->bytes + 1023) / 1024));
		printf("%s\t", size);
		if (du->zero)
			fputs(path, stdout);
		else
			print_name(path);
		putchar(du->zero ? '\0' : '\n');
	}
	tool_check_output(du->t);
}

/*
 * The space of the file of @node; 0 if another link of the file was counted before, or after
 * a message.
 */
static struct sum size_of(struct du *du, const struct walk_node *node)
{
	const struct side_file f = { .dir = node->dirfd, .name = node->name, .fd = node->fd };
	struct lkl_statx stx;
	long rc = side_image.stat_file(&f, &stx);
	bool dir = rc >= 0 && (stx.stx_mode & LKL_S_IFMT) == LKL_S_IFDIR;

	if (rc < 0)
		tool_errno(du->t, node->path, rc);
	if (rc < 0 || (!dir && stx.stx_nlink > 1 && links_find(du->t, &du->links, &stx, "")))
		return (struct sum){ 0 };
	return (struct sum){
		.bytes = du->apparent ? (dir ? 0 : stx.stx_size) : stx.stx_blocks * 512,
		.files = 1,
	};
}

static void add(struct sum *to, const struct sum *more)
{
	to->bytes += more->bytes;
	to->files += more->files;
}

static int enter_dir(void *data, const struct walk_node *node)
{
	struct du *du = data;

	du->sums[node->depth] = size_of(du, node);
	return 0;
}

static void leave_dir(void *data, const struct walk_node *node)
{
	struct du *du = data;
	const struct sum *sum = &du->sums[node->depth];

	add(node->depth ? &du->sums[node->depth - 1] : &du->total_sum, sum);
	if (node->depth <= du->max_depth)
		print_sum(du, sum, node->path);
}

static void visit_file(void *data, const struct walk_node *node)
{
	struct du *du = data;
	struct sum sum = size_of(du, node);

	add(node->depth ? &du->sums[node->depth - 1] : &du->total_sum, &sum);
	if (sum.files && (!node->depth || (du->all && node->depth <= du->max_depth)))
		print_sum(du, &sum, node->path);
}

enum { OPT_APPARENT = OPT_VERB };

static void parse_options(struct du *du, int argc, char **argv)
{
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "apparent-size", no_argument, NULL, OPT_APPARENT },
		{ "bytes", no_argument, NULL, 'b' },
		{ "total", no_argument, NULL, 'c' },
		{ "max-depth", required_argument, NULL, 'd' },
		{ "human-readable", no_argument, NULL, 'h' },
		{ "null", no_argument, NULL, '0' },
		{ "print0", no_argument, NULL, '0' },
		{ "summarize", no_argument, NULL, 's' },
		TOOL_LONG_OPTIONS
	};
	char *end;
	int c;

	du->max_depth = WALK_DEPTH_MAX;
	while ((c = tool_getopt(du->t, argc, argv, "0abcd:hks", options)) != -1) {
		du->all |= c == 'a';
		du->bytes |= c == 'b';
		du->apparent |= c == 'b' || c == OPT_APPARENT;
		du->total |= c == 'c';
		du->human |= c == 'h';
		du->zero |= c == '0';
		if (c == 's')
			du->max_depth = 0;
		if (c != 'd')
			continue;
		du->max_depth = strtoul(optarg, &end, 10);
		if (*optarg < '0' || *optarg > '9' || *end)
			tool_usage(du->t, "--max-depth %s: give a number", optarg);
	}
	tool_need_args(du->t, argc, 1, 0);
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct walk_ops ops = {
		.enter_dir = enter_dir, .leave_dir = leave_dir, .visit_file = visit_file,
	};
	struct du *du = tool_alloc(t, sizeof(*du));
	char **paths;
	int nr;

	memset(du, 0, sizeof(*du));
	du->t = t;
	parse_options(du, argc, argv);
	tool_open(t, argv[optind]);
	paths = tool_expand_or_root(t, argv + optind + 1, &nr);
	for (int i = 0; i < nr; i++)
		walk_path(t, paths[i], &ops, du);
	if (du->total && !t->json)
		print_sum(du, &du->total_sum, "total");
	paths_free(paths);
	links_free(&du->links);
	free(du);
	return 0;
}

const struct verb verb_du = {
	.name = "du",
	.args = "[-0abchs] [-d DEPTH] IMAGE [PATH]...",
	.summary = "show how much space trees take",
	.operands = "p+",
	.help = "Each line is the space in use, in units of 1024 bytes, and a path.\n\n"
		"  -a, --all         files too, not only directories\n"
		"  -s, --summarize   only a line for each PATH; the same as -d 0\n"
		"  -d, --max-depth DEPTH  only paths at most this deep below PATH\n"
		"  -b, --bytes       sizes of files in bytes, not the space they take\n"
		"  --apparent-size   sizes of files, not the space they take\n"
		"  -c, --total       the sum of all PATHs at the end\n"
		"  -h, --human-readable  print sizes as 4.0K, 1.2G\n"
		"  -0, --null, --print0  end each line with a NUL byte\n",
	.has_json = true,
	.run = run,
};
