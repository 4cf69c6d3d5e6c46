// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-stat.c - anyfs stat: show all metadata of files
 */
#include <stdlib.h>
#include <string.h>
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "stat-format.h"
#include "verbs.h"
#include "xattr.h"

static void print_times(const struct lkl_statx *stx)
{
	const struct { const char *name; const struct lkl_statx_timestamp *ts; } times[] = {
		{ "Access", &stx->stx_atime }, { "Modify", &stx->stx_mtime },
		{ "Change", &stx->stx_ctime }, { "Birth", &stx->stx_btime },
	};
	char text[80];

	for (int i = 0; i < 4; i++) {
		if (i == 3 && !(stx->stx_mask & LKL_STATX_BTIME))
			continue;
		format_time(times[i].ts, true, text, sizeof(text));
		printf("%6s: %s\n", times[i].name, text);
	}
}

static void print_text(const char *path, const struct lkl_statx *stx, const char *target)
{
	unsigned int fmt = stx->stx_mode & LKL_S_IFMT;
	char mode[11];

	printf("  File: ");
	print_name(path);
	if (target) {
		printf(" -> ");
		print_name(target);
	}
	printf("\n  Type: %s", format_type(stx->stx_mode));
	if (fmt == LKL_S_IFBLK || fmt == LKL_S_IFCHR)
		printf(" %u:%u", stx->stx_rdev_major, stx->stx_rdev_minor);
	format_mode(stx->stx_mode, mode);
	printf("\n  Size: %llu\nBlocks: %llu (512 bytes)\n Inode: %llu\n Links: %u\n"
	       "  Mode: %04o (%s)\n Owner: %u:%u\n",
	       (unsigned long long)stx->stx_size, (unsigned long long)stx->stx_blocks,
	       (unsigned long long)stx->stx_ino, stx->stx_nlink,
	       stx->stx_mode & 07777, mode, stx->stx_uid, stx->stx_gid);
	print_times(stx);
}

struct xattr_printer {
	bool json;
	bool first;
};

static long print_xattr(void *data, const char *key, const void *value, size_t len)
{
	struct xattr_printer *p = data;

	if (p->json) {
		printf("%s", p->first ? "" : ", ");
		json_string(key);
		printf(": \"");
	} else {
		printf(" Xattr: ");
		print_name(key);
		printf(" = 0x");
	}
	for (size_t i = 0; i < len; i++)
		printf("%02x", ((const unsigned char *)value)[i]);
	printf(p->json ? "\"" : "\n");
	p->first = false;
	return 0;
}

/* Print the extended attributes; in JSON as an object of names and hexadecimal values. */
static void print_xattrs(struct tool *t, int dirfd, const char *name, const char *path)
{
	struct xattr_printer p = { .json = t->json, .first = true };
	const struct side_file f = { .dir = dirfd, .name = name, .fd = -1 };
	long rc;

	if (t->json)
		printf(", \"xattrs\": {");
	rc = xattr_each(&side_image, &f, print_xattr, &p);
	if (t->json)
		putchar('}');
	if (rc < 0)
		tool_errno(t, path, rc);
}

struct stat {
	struct tool *t;
	const char *format;		/* --format, or NULL */
	struct owner_names names;
};

static void print_stat(struct stat *s, int dirfd, const char *name, const char *path)
{
	struct tool *t = s->t;
	struct lkl_statx stx;
	char *target = NULL;
	long rc = lkl_sys_statx(dirfd, name, LKL_AT_SYMLINK_NOFOLLOW, ENTRY_MASK, &stx);

	if (rc < 0) {
		tool_errno(t, path, rc);
		return;
	}
	if ((stx.stx_mode & LKL_S_IFMT) == LKL_S_IFLNK) {
		target = entry_target(&side_image, dirfd, name, stx.stx_size, &rc);
		if (!target)
			tool_errno(t, path, rc);
	}
	if (s->format) {
		stat_format_print(t, s->format, path, &stx, target, &s->names);
		free(target);
		return;
	}
	if (t->json) {
		json_separator(t);
		entry_json(path, &stx, target);
	} else {
		print_text(path, &stx, target);
	}
	print_xattrs(t, dirfd, name, path);
	if (t->json)
		putchar('}');
	free(target);
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "format", required_argument, NULL, OPT_VERB },
		TOOL_LONG_OPTIONS
	};
	struct stat s = { .t = t };
	char **paths, bad;
	int c, nr;

	while ((c = tool_getopt(t, argc, argv, "c:", options)) != -1)
		s.format = optarg;
	if (s.format && !stat_format_check(s.format, &bad))
		tool_usage(t, "--format %s: the directives are %%, a width, and one of %s", s.format,
			   STAT_DIRECTIVES);
	if (s.format && t->json)
		tool_usage(t, "--json and --format are two forms of output: give one");
	tool_need_args(t, argc, 2, 0);
	tool_open(t, argv[optind]);
	paths = tool_expand(t, argv + optind + 1, &nr);
	for (int i = 0; i < nr; i++) {
		char *name;
		int dirfd = tool_locate(t, paths[i], &name);

		if (dirfd < 0)
			continue;
		print_stat(&s, dirfd, name, paths[i]);
		lkl_sys_close(dirfd);
		free(name);
	}
	paths_free(paths);
	owner_names_free(&s.names);
	return 0;
}

const struct verb verb_stat = {
	.name = "stat",
	.args = "[-c FORMAT | --json] IMAGE PATH...",
	.summary = "show all metadata of files",
	.operands = "p+",
	.help = "  -c, --format FORMAT  print FORMAT for each file, with the directives of stat(1):\n"
		"                    %n name, %N with link target, %F type, %a %A mode, %u %U %g %G\n"
		"                    owner, %s size, %b blocks, %h links, %i inode, %w %x %y %z times,\n"
		"                    %W %X %Y %Z in seconds\n\n"
		"Example: anyfs stat -c '%s %y %n' disk.img '/p2/etc/*.conf'\n\n",
	.has_json = true,
	.run = run,
};
