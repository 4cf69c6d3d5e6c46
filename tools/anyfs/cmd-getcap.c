// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-getcap.c - anyfs getcap: print file capabilities
 */
#include <dirent.h>
#include <errno.h>
#include "cap-text.h"
#include "glob.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "signals.h"
#include "verbs.h"
#include "walk.h"

struct getcap {
	struct tool *t;
	bool recursive, all;
};

static void print_caps(struct getcap *g, const char *path, const struct file_caps *caps)
{
	if (g->t->json) {
		json_separator(g->t);
		json_text("path", path);
		if (caps) {
			fputs(", \"capabilities\": \"", stdout);
			caps_print(stdout, caps);
			putchar('"');
		}
		putchar('}');
	} else {
		print_name(path);
		if (caps) {
			putchar(' ');
			caps_print(stdout, caps);
		}
		putchar('\n');
	}
	tool_check_output(g->t);
}

static void visit_file(void *data, const struct walk_node *node)
{
	const struct side_file f = { .dir = node->dirfd, .name = node->name, .fd = -1 };
	struct getcap *g = data;
	struct file_caps caps;
	char value[CAP_VALUE_MAX];
	long n;

	if (node->type == DT_LNK)
		return;
	n = side_image.getxattr(&f, CAP_KEY, value, sizeof(value));
	if (n == -ENODATA || n == -EOPNOTSUPP) {
		if (g->all)
			print_caps(g, node->path, NULL);
	} else if (n < 0) {
		tool_not_done(g->t, node->path, "no capabilities", n);
	} else if (!caps_decode(value, n, &caps)) {
		tool_path_error(g->t, node->path, "the attribute " CAP_KEY " is not valid");
	} else {
		print_caps(g, node->path, &caps);
	}
}

static int enter_dir(void *data, const struct walk_node *node)
{
	struct getcap *g = data;

	return g->recursive ? 0 : -1;
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct walk_ops ops = { .enter_dir = enter_dir, .visit_file = visit_file };
	static const struct option options[] = { TOOL_LONG_OPTIONS };
	struct getcap g = { .t = t };
	char **paths;
	int c, nr;

	while ((c = tool_getopt(t, argc, argv, "rv", options)) != -1) {
		g.recursive |= c == 'r';
		g.all |= c == 'v';
	}
	tool_need_args(t, argc, 2, 0);
	tool_open(t, argv[optind]);
	paths = tool_expand(t, argv + optind + 1, &nr);
	for (int i = 0; i < nr && !tool_stopping(t); i++)
		walk_path(t, paths[i], &ops, &g);
	paths_free(paths);
	return 0;
}

const struct verb verb_getcap = {
	.name = "getcap",
	.args = "[-r] [-v] [--json] IMAGE PATH...",
	.summary = "print file capabilities",
	.operands = "p+",
	.help = "Files without capabilities are left out, and so are directories.\n\n"
		"  -r                everything below directories, too\n"
		"  -v                print files without capabilities, too\n\n"
		"Example: anyfs getcap -r disk.img /p2/usr\n\n",
	.has_json = true,
	.run = run,
};
