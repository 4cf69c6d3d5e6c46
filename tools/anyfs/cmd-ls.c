// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-ls.c - anyfs ls: list directories
 *
 * All names are listed, including those that begin with a dot; -a adds "." and "..".  Owners
 * are numbers, since the host's user names do not apply to the image.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "tree.h"
#include "verbs.h"

struct ls {
	struct tool *t;
	bool details, recursive, dots, human;
	bool titles;			/* print each directory's path */
	bool printed;			/* some output precedes: print an empty line first */
	struct strbuf path;
};

static void print_details(const struct ls *ls, const struct lkl_statx *stx)
{
	unsigned int fmt = stx->stx_mode & LKL_S_IFMT;
	char mode[11], size[32], date[64];

	format_mode(stx->stx_mode, mode);
	format_time(&stx->stx_mtime, false, date, sizeof(date));
	if (fmt == LKL_S_IFBLK || fmt == LKL_S_IFCHR)
		snprintf(size, sizeof(size), "%u, %u", stx->stx_rdev_major, stx->stx_rdev_minor);
	else if (ls->human)
		format_size(stx->stx_size, size, sizeof(size));
	else
		snprintf(size, sizeof(size), "%llu", (unsigned long long)stx->stx_size);
	printf("%s %3u %5u %5u %10s %s ", mode, stx->stx_nlink, stx->stx_uid, stx->stx_gid,
	       size, date);
}

/* Print the entry dirfd/name as @shown, in JSON and in messages as @path. */
static void print_entry(struct ls *ls, int dirfd, const char *name, const char *shown,
			const char *path)
{
	struct lkl_statx stx;
	char *target = NULL;
	long rc;

	if (!ls->details && !ls->t->json) {
		print_name(shown);
		putchar('\n');
		return;
	}
	rc = lkl_sys_statx(dirfd, name, LKL_AT_SYMLINK_NOFOLLOW, ENTRY_MASK, &stx);
	if (rc < 0) {
		tool_errno(ls->t, path, rc);
		return;
	}
	if ((stx.stx_mode & LKL_S_IFMT) == LKL_S_IFLNK) {
		target = entry_target(&side_image, dirfd, name, stx.stx_size, &rc);
		if (!target)
			tool_errno(ls->t, path, rc);
	}
	if (ls->t->json) {
		json_separator(ls->t);
		entry_json(path, &stx, target);
		putchar('}');
	} else {
		print_details(ls, &stx);
		print_name(shown);
		if (target) {
			printf(" -> ");
			print_name(target);
		}
		putchar('\n');
	}
	free(target);
}

static void print_title(struct ls *ls)
{
	if (!ls->titles || ls->t->json)
		return;
	if (ls->printed)
		putchar('\n');
	print_name(ls->path.text);
	printf(":\n");
}

static void list_dir(struct ls *ls, int fd, unsigned int depth);

static void list_below(struct ls *ls, int fd, const struct dirlist *list, unsigned int depth)
{
	bool at_root = tool_is_root(ls->t, ls->path.text);

	for (size_t i = 0; i < list->nr; i++) {
		const struct dirlist_entry *e = &list->entries[i];
		size_t len;
		int child;

		if (e->type != DT_DIR)
			continue;
		len = strbuf_push(ls->t, &ls->path, e->name);
		if (depth >= WALK_DEPTH_MAX) {
			tool_path_error(ls->t, ls->path.text,
					"nested more than %d directories deep", WALK_DEPTH_MAX);
		} else {
			child = walk_open_dir(ls->t, fd, e->name, ls->path.text, at_root);
			if (child >= 0) {
				list_dir(ls, child, depth + 1);
				lkl_sys_close(child);
			}
		}
		strbuf_pop(&ls->path, len);
	}
}

static void list_dir(struct ls *ls, int fd, unsigned int depth)
{
	struct dirlist list;
	int rc = dirlist_read(&side_image, fd, ORDER_NAME, &list);

	if (rc) {
		tool_errno(ls->t, ls->path.text, rc);
		return;
	}
	print_title(ls);
	ls->printed = true;
	if (ls->dots) {
		print_entry(ls, fd, ".", ".", ls->path.text);
		print_entry(ls, fd, "..", "..", ls->path.text);
	}
	for (size_t i = 0; i < list.nr; i++) {
		size_t len = strbuf_push(ls->t, &ls->path, list.entries[i].name);

		print_entry(ls, fd, list.entries[i].name, list.entries[i].name, ls->path.text);
		strbuf_pop(&ls->path, len);
	}
	tool_check_output(ls->t);
	if (ls->recursive)
		list_below(ls, fd, &list, depth);
	dirlist_free(&list);
}

static void list_file(struct ls *ls, const char *path)
{
	char *name;
	int dirfd = tool_locate(ls->t, path, &name);
	struct lkl_statx stx;
	long rc;

	if (dirfd < 0)
		return;
	rc = lkl_sys_statx(dirfd, name, LKL_AT_SYMLINK_NOFOLLOW, LKL_STATX_TYPE, &stx);
	if (rc < 0)
		tool_errno(ls->t, path, rc);
	else
		print_entry(ls, dirfd, name, path, path);
	ls->printed = true;
	lkl_sys_close(dirfd);
	free(name);
}

static void list_path(struct ls *ls, const char *path)
{
	int fd = anyfs_image_openat(ls->t->image, path, LKL_O_RDONLY | LKL_O_DIRECTORY, 0);

	if (fd == -ENOTDIR || fd == -ENOENT || fd == -ELOOP) {
		list_file(ls, path);
		return;
	}
	if (fd < 0) {
		tool_open_failed(ls->t, path, fd);
		return;
	}
	strbuf_push(ls->t, &ls->path, *path ? path : "/");
	list_dir(ls, fd, 0);
	strbuf_pop(&ls->path, 0);
	lkl_sys_close(fd);
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "long", no_argument, NULL, 'l' },
		{ "recursive", no_argument, NULL, 'R' },
		{ "all", no_argument, NULL, 'a' },
		{ "human-readable", no_argument, NULL, 'h' },
		TOOL_LONG_OPTIONS
	};
	struct ls ls = { .t = t };
	char **paths;
	int c, nr;

	while ((c = tool_getopt(t, argc, argv, "lRaAh1", options)) != -1) {
		ls.details |= c == 'l';
		ls.recursive |= c == 'R';
		ls.dots |= c == 'a';
		ls.human |= c == 'h';
	}
	tool_need_args(t, argc, 1, 0);
	tool_open(t, argv[optind]);
	paths = tool_expand(t, argv + optind + 1, &nr);
	ls.titles = ls.recursive || nr > 1;
	if (argc - optind == 1)
		list_path(&ls, "/");
	for (int i = 0; i < nr; i++)
		list_path(&ls, paths[i]);
	paths_free(paths);
	free(ls.path.text);
	return 0;
}

const struct verb verb_ls = {
	.name = "ls",
	.args = "[-l] [-R] IMAGE [PATH]...",
	.summary = "list directories",
	.help = "  -l, --long        show type, mode, links, owner, group, size, time, link target\n"
		"  -R, --recursive   list subdirectories too\n"
		"  -h, --human-readable  print sizes as 4.0K, 1.2G\n"
		"  -a, --all         list \".\" and \"..\" too (other names are never hidden)\n",
	.has_json = true,
	.run = run,
};
