// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-lsattr.c - anyfs lsattr: print the flags of chattr(1)
 */
#include <dirent.h>
#include <errno.h>
#include "flag-letters.h"
#include "glob.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "signals.h"
#include "verbs.h"
#include "walk.h"
#include <lkl/linux/fs.h>

struct lsattr {
	struct tool *t;
	bool recursive, all, itself;
};

static void print_flags(struct lsattr *ls, int dir, const char *name, const char *path)
{
	long fd = side_image.open_file(dir, name), rc = fd;
	char letters[FLAG_LETTERS + 1];
	unsigned int flags = 0;

	if (fd >= 0) {
		rc = lkl_sys_ioctl(fd, LKL_FS_IOC_GETFLAGS, (unsigned long)&flags);
		side_image.close(fd);
	}
	if (rc < 0) {
		tool_not_done(ls->t, path, "no flags", rc == -ENOTTY ? -EOPNOTSUPP : rc);
		return;
	}
	flag_letters_format(flags, letters);
	if (ls->t->json) {
		json_separator(ls->t);
		json_text("path", path);
		printf(", \"flags\": \"%s\"}", letters);
	} else {
		printf("%s ", letters);
		print_name(path);
		putchar('\n');
	}
	tool_check_output(ls->t);
}

static bool is_hidden(const struct lsattr *ls, const struct walk_node *node)
{
	return node->depth && !ls->all && *node->name == '.';
}

static int enter_dir(void *data, const struct walk_node *node)
{
	struct lsattr *ls = data;

	if (is_hidden(ls, node))
		return -1;
	if (node->depth || ls->itself)
		print_flags(ls, node->fd, ".", node->path);
	return ls->itself || (node->depth && !ls->recursive) ? -1 : 0;
}

/* Like lsattr(1), skip other types in directories: opening devices and FIFOs has effects. */
static void visit_file(void *data, const struct walk_node *node)
{
	struct lsattr *ls = data;

	if (is_hidden(ls, node))
		return;
	if (node->type == DT_REG)
		print_flags(ls, node->dirfd, node->name, node->path);
	else if (!node->depth)
		tool_path_error(ls->t, node->path, "no flags: only regular files and directories have them (type: %s)",
				format_type(DTTOIF(node->type)));
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct walk_ops ops = { .enter_dir = enter_dir, .visit_file = visit_file };
	static const struct option options[] = { TOOL_LONG_OPTIONS };
	struct lsattr ls = { .t = t };
	char **paths;
	int c, nr;

	while ((c = tool_getopt(t, argc, argv, "Rad", options)) != -1) {
		ls.recursive |= c == 'R';
		ls.all |= c == 'a';
		ls.itself |= c == 'd';
	}
	tool_need_args(t, argc, 1, 0);
	tool_open(t, argv[optind]);
	paths = tool_expand_or_root(t, argv + optind + 1, &nr);
	for (int i = 0; i < nr && !tool_stopping(t); i++)
		walk_path(t, paths[i], &ops, &ls);
	paths_free(paths);
	return 0;
}

const struct verb verb_lsattr = {
	.name = "lsattr",
	.args = "[-R] [-a] [-d] [--json] IMAGE [PATH]...",
	.summary = "print the flags of chattr",
	.operands = "p+",
	.help = "For a directory, the flags of the files in it are printed.\n\n"
		"  -R                descend into directories\n"
		"  -a                files whose names begin with a dot, too\n"
		"  -d                print the flags of a directory itself\n\n"
		"Example: anyfs lsattr disk.img /p2/etc\n\n",
	.has_json = true,
	.run = run,
};
