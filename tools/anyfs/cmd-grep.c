// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-grep.c - anyfs grep: print the lines of files that match patterns, like grep(1)
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "color.h"
#include "glob.h"
#include "grep.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "session.h"
#include "signals.h"
#include "verbs.h"
#include "walk.h"

/* Search the open file @fd and close it; @fd may be -errno instead. */
static void search_fd(struct grep *g, long fd, const char *path)
{
	const struct side_file f = { .fd = fd };
	struct lkl_statx stx;
	long rc;

	if (fd < 0) {
		tool_errno(g->t, path, fd);
		return;
	}
	rc = side_image.stat_file(&f, &stx);
	if (rc < 0)
		tool_errno(g->t, path, rc);
	else if ((stx.stx_mode & LKL_S_IFMT) != LKL_S_IFREG)
		tool_path_error(g->t, path, "a %s has no lines to search; -r searches directories",
				format_type(stx.stx_mode));
	else
		grep_file(g, fd, path, &stx);
	lkl_sys_close(fd);
}

static int enter_dir(void *data, const struct walk_node *node)
{
	const struct grep *g = data;

	return node->depth && grep_filtered(g, node->name, true, false) ? -1 : 0;
}

static void visit_file(void *data, const struct walk_node *node)
{
	struct grep *g = data;

	if (node->type == DT_REG && !grep_filtered(g, node->name, false, false))
		search_fd(g, side_image.open_file(node->dirfd, node->name), node->path);
}

static void search_tree(struct grep *g, const char *path, int fd)
{
	static const struct walk_ops ops = { .enter_dir = enter_dir, .visit_file = visit_file };

	if (g->with_names < 0)
		g->with_names = 1;
	walk_tree(g->t, &side_image, path, fd, &ops, g);
}

static void search_path(struct grep *g, const char *path)
{
	int fd = -ENOTDIR;

	if (g->recursive)
		fd = anyfs_image_openat(g->t->image, path, LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	if (fd >= 0 && grep_filtered(g, path, true, true)) {
		lkl_sys_close(fd);
	} else if (fd >= 0) {
		search_tree(g, path, fd);
	} else if (!grep_filtered(g, path, false, true)) {
		fd = tool_openat(g->t, path, LKL_O_RDONLY | LKL_O_NONBLOCK);
		if (fd >= 0)
			search_fd(g, fd, path);
	}
}

/* Add the patterns in the host's file @path. */
static void add_file(struct grep *g, const char *path)
{
	FILE *f = stdin;
	char *text = NULL;
	size_t size = 0;
	ssize_t len;

	if (strcmp(path, "-")) {
		session_require_host(g->t);
		f = fopen(path, "re");
	}
	len = f ? getdelim(&text, &size, EOF, f) : -1;
	if (!f || ferror(f))
		tool_usage(g->t, "%s: %s", path, strerror(errno));
	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (len >= 0)
		grep_patterns_add(g->t, &g->patterns, text, len);
	g->patterns.from_file = true;	/* even if it is empty: no line matches then */
	free(text);
	if (f != stdin)
		fclose(f);
}

static uint64_t parse_lines(struct grep *g, char option, const char *text)
{
	char *end;
	unsigned long long n = strtoull(text, &end, 10);

	if (*text < '0' || *text > '9' || *end)
		tool_usage(g->t, "-%c %s: give a number of lines", option, text);
	return n;
}

static void context_option(struct grep *g, int c)
{
	uint64_t n = parse_lines(g, c, optarg);

	if (c == 'm') {
		g->max = n;
		return;
	}
	g->context = true;
	if (c != 'A')
		g->before = n;
	if (c != 'B')
		g->after = n;
}

enum { OPT_INCLUDE = OPT_VERB, OPT_EXCLUDE, OPT_EXCLUDE_DIR, OPT_ONLY_MATCHING, OPT_COLOR };

static const struct option options[] = {
	{ "after-context", required_argument, NULL, 'A' },
	{ "basic-regexp", no_argument, NULL, 'G' },
	{ "before-context", required_argument, NULL, 'B' },
	COLOR_OPTION(OPT_COLOR),
	{ "context", required_argument, NULL, 'C' },
	{ "count", no_argument, NULL, 'c' },
	{ "exclude", required_argument, NULL, OPT_EXCLUDE },
	{ "exclude-dir", required_argument, NULL, OPT_EXCLUDE_DIR },
	{ "extended-regexp", no_argument, NULL, 'E' },
	{ "file", required_argument, NULL, 'f' },
	{ "files-with-matches", no_argument, NULL, 'l' },
	{ "files-without-match", no_argument, NULL, 'L' },
	{ "fixed-strings", no_argument, NULL, 'F' },
	{ "ignore-case", no_argument, NULL, 'i' },
	{ "include", required_argument, NULL, OPT_INCLUDE },
	{ "invert-match", no_argument, NULL, 'v' },
	{ "line-number", no_argument, NULL, 'n' },
	{ "line-regexp", no_argument, NULL, 'x' },
	{ "max-count", required_argument, NULL, 'm' },
	{ "no-filename", no_argument, NULL, 'h' },
	{ "null", no_argument, NULL, 'Z' },
	{ "print0", no_argument, NULL, 'Z' },
	{ "only-matching", no_argument, NULL, OPT_ONLY_MATCHING },
	{ "quiet", no_argument, NULL, 'q' },
	{ "recursive", no_argument, NULL, 'r' },
	{ "regexp", required_argument, NULL, 'e' },
	{ "text", no_argument, NULL, 'a' },
	{ "with-filename", no_argument, NULL, 'H' },
	{ "word-regexp", no_argument, NULL, 'w' },
	TOOL_LONG_OPTIONS
};

static void flag_option(struct grep *g, int c)
{
	g->patterns.fold |= c == 'i';
	g->patterns.words |= c == 'w';
	g->patterns.lines |= c == 'x';
	g->recursive |= c == 'r';
	g->invert |= c == 'v';
	g->count |= c == 'c';
	g->quiet |= c == 'q';
	g->numbers |= c == 'n';
	g->null |= c == 'Z';
	g->only_matching |= c == OPT_ONLY_MATCHING;
}

static void parse_option(struct grep *g, int c)
{
	flag_option(g, c);
	switch (c) {
	case 'E':
	case 'F':
	case 'G':
		g->patterns.syntax = c == 'E' ? GREP_EXTENDED : c == 'F' ? GREP_FIXED : GREP_BASIC;
		break;
	case 'I':
	case 'a':
		g->skip_binary = c == 'I';
		g->binary_as_text = c == 'a';
		break;
	case 'e':
		grep_patterns_add(g->t, &g->patterns, optarg, strlen(optarg));
		break;
	case 'f':
		add_file(g, optarg);
		break;
	case 'H':
	case 'h':
		g->with_names = c == 'H';
		break;
	case 'l':
	case 'L':
		g->list = c == 'l' ? GREP_LIST_MATCHING : GREP_LIST_OTHERS;
		break;
	case 'A':
	case 'B':
	case 'C':
	case 'm':
		context_option(g, c);
		break;
	case OPT_COLOR:
		color_option(g->t, optarg);
		break;
	case OPT_INCLUDE:
	case OPT_EXCLUDE:
	case OPT_EXCLUDE_DIR:
		grep_filter_add(g, optarg, c == OPT_INCLUDE, c == OPT_EXCLUDE_DIR);
	}
}

/* Report swapped IMAGE and PATTERN, unless the first has :!#?: it may be no plain file. */
static void check_order(const struct grep *g, char **args)
{
	struct stat st;

	if (!session_has_verb(g->t) && !strpbrk(args[0], ":!#?") && stat(args[0], &st) &&
	    !stat(args[1], &st) && !S_ISDIR(st.st_mode))
		tool_usage(g->t, "%s: no such image; give the image, %s, before the pattern",
			   args[0], args[1]);
}

/* Parse the command line; returns the index in @argv of the first PATH. */
static int parse_options(struct grep *g, int argc, char **argv)
{
	bool given;
	int c;

	while ((c = tool_getopt(g->t, argc, argv, "A:B:C:EFGHILZace:f:hilm:nqrvwx", options)) != -1)
		parse_option(g, c);
	given = g->patterns.given || g->patterns.from_file;
	tool_need_args(g->t, argc, given ? 1 : 2, 0);
	if (!given) {
		check_order(g, argv + optind);
		grep_patterns_add(g->t, &g->patterns, argv[optind + 1], strlen(argv[optind + 1]));
	} else if (optind + 1 < argc) {
		argv[optind + 1] = (char *)session_path(g->t, argv[optind + 1]);
	}
	g->count &= !g->list && !g->quiet;
	g->color = color_wanted();
	grep_palette_init(&g->palette);
	if (g->only_matching) {
		g->before = g->after = 0;
		g->context = false;
	}
	c = optind + (given ? 1 : 2);
	if (c == argc && !g->recursive)
		tool_usage(g->t, "give a path, or -r to search the whole image");
	return c;
}

static int run(struct tool *t, int argc, char **argv)
{
	struct grep g = { .t = t, .with_names = -1, .max = UINT64_MAX };
	char **paths;
	int first, nr;

	setlocale(LC_CTYPE, "C.UTF-8");
	first = parse_options(&g, argc, argv);
	g.matcher = grep_compile(t, &g.patterns);
	tool_open(t, argv[optind]);
	paths = tool_expand_or_root(t, argv + first, &nr);
	if (g.with_names < 0 && nr > 1)
		g.with_names = 1;
	for (int i = 0; i < nr && (g.max || g.list == GREP_LIST_OTHERS) && !tool_stopping(t); i++)
		search_path(&g, paths[i]);
	if (g.selected ? g.quiet : !t->failures)
		t->status = g.selected ? 0 : 1;
	paths_free(paths);
	grep_free(g.matcher);
	free(g.patterns.text);
	free(g.filters);
	free(g.buf);
	return 0;
}

const struct verb verb_grep = {
	.name = "grep",
	.args = "[-EFGHILZachilnqrvwx] [-e PATTERN] [-f FILE] [-m N] [-ABC N] IMAGE [PATTERN] [PATH]...",
	.summary = "print the lines of files that match a pattern",
	.operands = "tp+",
	.help = "Exit status: 0 if a line was selected, 1 if none was, 2 if something failed.\n\n"
		"  -r, --recursive   search directories; without PATH, the whole image\n"
		"  -E, --extended-regexp, -G, --basic-regexp, -F, --fixed-strings\n"
		"                    the syntax of PATTERN (default: -G)\n"
		"  -e, --regexp PATTERN, -f, --file FILE  patterns, or a file of the host with them\n"
		"  -i, --ignore-case, -v, --invert-match, -w, --word-regexp, -x, --line-regexp\n"
		"  -c, --count       print how many lines are selected in each file\n"
		"  -l, --files-with-matches, -L, --files-without-match  print names of files only\n"
		"  -q, --quiet       print nothing, stop at the first line\n"
		"  -m, --max-count N stop after N lines of each file\n"
		"  -n, --line-number, -H, --with-filename, -h, --no-filename\n"
		"  -A, --after-context N, -B, --before-context N, -C, --context N\n"
		"  --only-matching   print only the parts of lines that match\n"
		"  -a, --text        print lines of binary files; -I passes over such files\n"
		"  -Z, --null, --print0  a NUL byte after the name of a file\n"
		COLOR_HELP
		"  --include GLOB, --exclude GLOB, --exclude-dir GLOB  files to search or leave out\n",
	.has_json = true,
	.failed_status = 2,
	.run = run,
};
