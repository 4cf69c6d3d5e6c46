// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-ls.c - anyfs ls: list directories
 *
 * All names are listed, including those that begin with a dot; -a adds "." and "..".  Names
 * of owners are those of the image, never the host's.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "color.h"
#include "dirlist.h"
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "owner.h"
#include "run.h"
#include "session.h"
#include "strbuf.h"
#include "verbs.h"
#include "walk.h"

enum ls_sort { SORT_NAME, SORT_TIME, SORT_SIZE };

struct ls {
	struct tool *t;
	bool details, recursive, dots, human, inode, numeric, full_time, directory;
	bool zero;			/* a NUL byte ends each entry */
	bool color;
	enum ls_sort sort;
	bool reverse;
	struct owner_names names;
	bool titles;			/* print each directory's path */
	bool printed;			/* some output precedes: print an empty line first */
	struct strbuf path;
};

static void print_details(struct ls *ls, const struct lkl_statx *stx)
{
	unsigned int fmt = stx->stx_mode & LKL_S_IFMT;
	char mode[11], size[32], date[64], user[11], group[11];

	format_mode(stx->stx_mode, mode);
	format_time(&stx->stx_mtime, ls->full_time, date, sizeof(date));
	if (fmt == LKL_S_IFBLK || fmt == LKL_S_IFCHR)
		snprintf(size, sizeof(size), "%u, %u", stx->stx_rdev_major, stx->stx_rdev_minor);
	else if (ls->human)
		format_size(stx->stx_size, size, sizeof(size));
	else
		snprintf(size, sizeof(size), "%llu", (unsigned long long)stx->stx_size);
	printf("%s %3u %5s %5s %10s %s ", mode, stx->stx_nlink,
	       owner_text(&ls->names, false, stx->stx_uid, user),
	       owner_text(&ls->names, true, stx->stx_gid, group), size, date);
}

/* Text that ends in a NUL byte is for programs: nothing in it is escaped. */
static void show_name(const struct ls *ls, const char *name)
{
	if (ls->zero)
		fputs(name, stdout);
	else
		print_name(name);
}

static void show_file(const struct ls *ls, const char *name, unsigned int mode)
{
	bool begun = ls->color && color_file(mode, name);

	show_name(ls, name);
	if (begun)
		color_end();
}

static void end_line(const struct ls *ls)
{
	putchar(ls->zero ? '\0' : '\n');
}

/* Print the entry dirfd/name as @shown, in JSON and in messages as @path. */
static void print_entry(struct ls *ls, int dirfd, const char *name, const char *shown,
			const char *path)
{
	struct lkl_statx stx;
	char *target = NULL;
	long rc;

	if (!ls->details && !ls->inode && !ls->t->json && !ls->color) {
		show_name(ls, shown);
		end_line(ls);
		return;
	}
	rc = lkl_sys_statx(dirfd, name, LKL_AT_SYMLINK_NOFOLLOW, ENTRY_MASK, &stx);
	if (rc < 0) {
		tool_errno(ls->t, path, rc);
		return;
	}
	if ((stx.stx_mode & LKL_S_IFMT) == LKL_S_IFLNK && (ls->details || ls->t->json)) {
		target = entry_target(&side_image, dirfd, name, stx.stx_size, &rc);
		if (!target)
			tool_errno(ls->t, path, rc);
	}
	if (ls->t->json) {
		json_separator(ls->t);
		entry_json(path, &stx, target);
		putchar('}');
	} else {
		if (ls->inode)
			printf("%10llu ", (unsigned long long)stx.stx_ino);
		if (ls->details)
			print_details(ls, &stx);
		show_file(ls, shown, stx.stx_mode);
		if (target) {
			printf(" -> ");
			show_name(ls, target);
		}
		end_line(ls);
	}
	free(target);
}

static void print_title(struct ls *ls)
{
	if (!ls->titles || ls->t->json || ls->zero)
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

struct sort_key {
	struct dirlist_entry entry;
	int64_t major;
	uint32_t minor;
};

static int by_key(const void *a, const void *b)
{
	const struct sort_key *x = a, *y = b;

	if (x->major != y->major)
		return x->major > y->major ? -1 : 1;
	if (x->minor != y->minor)
		return x->minor > y->minor ? -1 : 1;
	return strcmp(x->entry.name, y->entry.name);
}

/* Sort by time or size.  An entry whose metadata cannot be read goes last: printing reports it. */
static void sort_by_metadata(struct ls *ls, int fd, struct dirlist *list)
{
	struct sort_key *keys = tool_alloc(ls->t, (list->nr + 1) * sizeof(*keys));

	for (size_t i = 0; i < list->nr; i++) {
		struct lkl_statx stx;
		struct sort_key *k = &keys[i];

		*k = (struct sort_key){ .entry = list->entries[i], .major = INT64_MIN };
		if (side_image.stat(fd, k->entry.name, &stx) < 0)
			continue;
		k->major = ls->sort == SORT_SIZE ? (int64_t)stx.stx_size : stx.stx_mtime.tv_sec;
		k->minor = ls->sort == SORT_SIZE ? 0 : stx.stx_mtime.tv_nsec;
	}
	qsort(keys, list->nr, sizeof(*keys), by_key);
	for (size_t i = 0; i < list->nr; i++)
		list->entries[i] = keys[i].entry;
	free(keys);
}

static void sort_entries(struct ls *ls, int fd, struct dirlist *list)
{
	if (ls->sort != SORT_NAME)
		sort_by_metadata(ls, fd, list);
	for (size_t i = 0; ls->reverse && i < list->nr / 2; i++) {
		struct dirlist_entry e = list->entries[i];

		list->entries[i] = list->entries[list->nr - 1 - i];
		list->entries[list->nr - 1 - i] = e;
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
	if (ls->details && !ls->numeric)
		owner_names_load(ls->t, &ls->names, ls->path.text);
	sort_entries(ls, fd, &list);
	print_title(ls);
	ls->printed = true;
	if (ls->dots) {
		print_entry(ls, fd, ".", ".", ls->path.text);
		print_entry(ls, fd, "..", "..", ls->path.text);
	}
	for (size_t i = 0; i < list.nr; i++) {
		size_t len = strbuf_push(ls->t, &ls->path, list.entries[i].name);

		print_entry(ls, fd, list.entries[i].name,
			    ls->zero && ls->titles ? ls->path.text : list.entries[i].name,
			    ls->path.text);
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
	else {
		if (ls->details && !ls->numeric)
			owner_names_load(ls->t, &ls->names, path);
		print_entry(ls, dirfd, name, path, path);
	}
	ls->printed = true;
	lkl_sys_close(dirfd);
	free(name);
}

static void list_path(struct ls *ls, const char *path)
{
	int fd;

	if (ls->directory) {
		list_file(ls, path);
		return;
	}
	fd = anyfs_image_openat(ls->t->image, path, LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
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

enum { OPT_FULL_TIME = OPT_VERB, OPT_UTC, OPT_PRINT0, OPT_COLOR };

static void parse_options(struct ls *ls, int argc, char **argv)
{
	static const struct option options[] = {
		{ "long", no_argument, NULL, 'l' },
		{ "recursive", no_argument, NULL, 'R' },
		{ "all", no_argument, NULL, 'a' },
		{ "human-readable", no_argument, NULL, 'h' },
		{ "directory", no_argument, NULL, 'd' },
		{ "inode", no_argument, NULL, 'i' },
		{ "numeric-uid-gid", no_argument, NULL, 'n' },
		{ "reverse", no_argument, NULL, 'r' },
		{ "full-time", no_argument, NULL, OPT_FULL_TIME },
		{ "utc", no_argument, NULL, OPT_UTC },
		{ "print0", no_argument, NULL, OPT_PRINT0 },
		COLOR_OPTION(OPT_COLOR),
		{ "zero", no_argument, NULL, OPT_PRINT0 },
		TOOL_LONG_OPTIONS
	};
	int c;

	while ((c = tool_getopt(ls->t, argc, argv, "lRaAh1dinrtS", options)) != -1) {
		ls->details |= c == 'l' || c == 'n' || c == OPT_FULL_TIME;
		ls->recursive |= c == 'R';
		ls->dots |= c == 'a';
		ls->human |= c == 'h';
		ls->directory |= c == 'd';
		ls->inode |= c == 'i';
		ls->numeric |= c == 'n';
		ls->reverse |= c == 'r';
		ls->full_time |= c == OPT_FULL_TIME;
		ls->zero |= c == OPT_PRINT0;
		if (c == 't' || c == 'S')
			ls->sort = c == 't' ? SORT_TIME : SORT_SIZE;
		if (c == OPT_UTC)
			format_utc();
		if (c == OPT_COLOR)
			color_option(ls->t, optarg);
	}
	ls->color = color_wanted() && !ls->t->json && !ls->zero;
}

static int run(struct tool *t, int argc, char **argv)
{
	struct ls ls = { .t = t };
	char **paths;
	int nr;

	parse_options(&ls, argc, argv);
	tool_need_args(t, argc, 1, 0);
	tool_open(t, argv[optind]);
	paths = tool_expand(t, argv + optind + 1, &nr);
	ls.titles = ls.recursive || nr > 1;
	if (argc - optind == 1)
		list_path(&ls, session_directory(t));
	for (int i = 0; i < nr; i++)
		list_path(&ls, paths[i]);
	paths_free(paths);
	owner_names_free(&ls.names);
	free(ls.path.text);
	return 0;
}

const struct verb verb_ls = {
	.name = "ls",
	.args = "[-lRadhinrtS] IMAGE [PATH]...",
	.summary = "list directories",
	.operands = "p+",
	.help = "  -l, --long        show type, mode, links, owner, group, size, time, link target\n"
		"  -n, --numeric-uid-gid  like -l, with numbers instead of the names that the\n"
		"                    image's /etc/passwd and /etc/group give\n"
		"  --full-time       like -l, with nanoseconds and time zone\n"
		"  --utc             show times in UTC\n"
		"  -i, --inode       print the inode number before each name\n"
		"  -R, --recursive   list subdirectories too\n"
		"  -d, --directory   list directories themselves, not their entries\n"
		"  -h, --human-readable  print sizes as 4.0K, 1.2G\n"
		"  -t, -S            sort by time, newest first; by size, largest first\n"
		"  -r, --reverse     reverse the order\n"
		"  -a, --all         list \".\" and \"..\" too (other names are never hidden)\n"
		COLOR_HELP
		"  --print0, --zero  end each entry with a NUL byte; paths instead of titles and names\n"
		"                    if several directories are listed\n"
		"  -1, -A            accepted: there is always one name a line\n",
	.has_json = true,
	.run = run,
};
