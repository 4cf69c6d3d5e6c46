// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-hash.c - anyfs hash: checksums of every regular file
 *
 * The list has one line per file, "path<TAB>size<TAB>checksum", sorted by the bytes of the
 * paths; other forms are those of sha256sum(1) and similar programs, of mtree(5), and of body
 * files.  The last two include directories and special files.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "body-file.h"
#include "digest.h"
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "mtree.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "signals.h"
#include "verbs.h"
#include "walk.h"

/* The forms from FORM_MTREE on describe all files, with their metadata. */
enum form { FORM_LIST, FORM_SUM, FORM_MTREE, FORM_BODY };

struct hash {
	struct tool *t;
	const struct nettle_hash *kind;
	enum form form;
	bool from_root;			/* names are relative to the root, not to the given path */
	bool zero;			/* lines end with a NUL byte, and nothing is escaped */
};

static void print_path(const char *path)
{
	for (; *path; path++) {
		switch (*path) {
		case '\\':
			fputs("\\\\", stdout);
			break;
		case '\t':
			fputs("\\t", stdout);
			break;
		case '\n':
			fputs("\\n", stdout);
			break;
		default:
			putchar(*path);
		}
	}
}

/* Print a line like sha256sum: a backslash at its start says that the name has escapes. */
static void print_sum(const char *path, const char *sum)
{
	if (strpbrk(path, "\\\n\r"))
		putchar('\\');
	printf("%s  ", sum);
	for (; *path; path++) {
		if (*path == '\\' || *path == '\n' || *path == '\r')
			printf("\\%c", *path == '\n' ? 'n' : *path == '\r' ? 'r' : '\\');
		else
			putchar(*path);
	}
	putchar('\n');
}

static void print_zero(const struct hash *h, const char *path, uint64_t size, const char *sum)
{
	if (h->form == FORM_SUM)
		printf("%s  %s%c", sum, path, '\0');
	else
		printf("%s\t%llu\t%s%c", path, (unsigned long long)size, sum, '\0');
}

static void print_hash(struct hash *h, const char *path, uint64_t size, const char *sum)
{
	if (h->t->json) {
		json_separator(h->t);
		json_text("path", path);
		printf(", \"size\": %llu, \"%s\": \"%s\"}", (unsigned long long)size,
		       h->kind->name, sum);
	} else if (h->zero) {
		print_zero(h, path, size, sum);
	} else if (h->form == FORM_SUM) {
		print_sum(path, sum);
	} else {
		print_path(path);
		printf("\t%llu\t%s\n", (unsigned long long)size, sum);
	}
	tool_check_output(h->t);
}

/* Print a line with the metadata of a file. */
static void print_meta(struct hash *h, const char *shown, const char *path,
		       const struct lkl_statx *stx, const char *target, const char *sum)
{
	if (h->form == FORM_BODY)
		body_file_print(path, stx, target, sum);
	else
		mtree_print(shown, stx, target, sum ? h->kind : NULL, sum);
}

/* Hash @fd and print the result; @shown is the path to print, @path the one for messages. */
static void hash_fd(struct hash *h, int fd, const char *shown, const char *path)
{
	const struct side_file f = { .fd = fd };
	char sum[DIGEST_HEX_MAX];
	struct lkl_statx stx;
	uint64_t size;
	long rc = digest_file(h->t, h->kind, fd, sum, &size);

	if (rc >= 0 && h->form >= FORM_MTREE)
		rc = side_image.stat_file(&f, &stx);
	if (rc < 0)
		tool_errno(h->t, path, rc);
	else if (h->form >= FORM_MTREE)
		print_meta(h, shown, path, &stx, NULL, sum);
	else
		print_hash(h, shown, size, sum);
}

/* The name to print for @path, which is @below relative to the given path. */
static const char *shown_name(const struct hash *h, const char *path, const char *below)
{
	return h->from_root ? path + strspn(path, "/") : below;
}

/* Print the line of a directory, symbolic link or special file. */
static void print_other(struct hash *h, const struct walk_node *node)
{
	const struct side_file f = { .dir = node->dirfd, .name = node->name, .fd = node->fd };
	char *target = NULL;
	struct lkl_statx stx;
	long rc = side_image.stat_file(&f, &stx);

	if (rc >= 0 && (stx.stx_mode & LKL_S_IFMT) == LKL_S_IFLNK)
		target = entry_target(&side_image, node->dirfd, node->name, stx.stx_size, &rc);
	if (rc < 0)
		tool_errno(h->t, node->path, rc);
	else
		print_meta(h, shown_name(h, node->path, node->below), node->path, &stx, target,
			   NULL);
	free(target);
	tool_check_output(h->t);
}

static int enter_dir(void *data, const struct walk_node *node)
{
	struct hash *h = data;

	if (h->form >= FORM_MTREE)
		print_other(h, node);
	return 0;
}

static void hash_node(void *data, const struct walk_node *node)
{
	struct hash *h = data;
	long fd;

	if (node->type != DT_REG) {
		if (h->form >= FORM_MTREE)
			print_other(h, node);
		return;
	}
	fd = side_image.open_file(node->dirfd, node->name);
	if (fd < 0) {
		tool_errno(h->t, node->path, fd);
		return;
	}
	hash_fd(h, fd, shown_name(h, node->path, node->below), node->path);
	lkl_sys_close(fd);
}

static void hash_path(struct hash *h, const char *path)
{
	static const struct walk_ops ops = { .enter_dir = enter_dir, .visit_file = hash_node };
	int fd = tool_openat(h->t, path, LKL_O_RDONLY | LKL_O_NONBLOCK);
	const char *base = strrchr(path, '/');
	struct lkl_statx stx;
	long rc;

	if (fd < 0)
		return;
	rc = lkl_sys_statx(fd, "", LKL_AT_EMPTY_PATH, LKL_STATX_TYPE, &stx);
	if (rc >= 0 && (stx.stx_mode & LKL_S_IFMT) == LKL_S_IFDIR) {
		walk_tree(h->t, &side_image, path, fd, &ops, h);
		return;
	}
	if (rc < 0)
		tool_errno(h->t, path, rc);
	else if ((stx.stx_mode & LKL_S_IFMT) != LKL_S_IFREG)
		tool_path_error(h->t, path, "a %s has no content to hash",
			   format_type(stx.stx_mode));
	else
		hash_fd(h, fd, shown_name(h, path, base ? base + 1 : path), path);
	lkl_sys_close(fd);
}

/* --format names a form of the output here, or the format of the image as in other verbs. */
static void format_option(struct hash *h, const char *name)
{
	static const struct {
		const char *name, *kind;
	} sums[] = {
		{ "md5sum", "md5" }, { "sha1sum", "sha1" }, { "sha256sum", "sha256" },
		{ "sha512sum", "sha512" }, { "b2sum", "blake2b" },
	};

	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
		if (!strcmp(name, sums[i].name)) {
			h->form = FORM_SUM;
			h->kind = digest_find(sums[i].kind);
			return;
		}
	if (!strcmp(name, "mtree")) {
		h->form = FORM_MTREE;
	} else if (!strcmp(name, "bodyfile")) {
		h->form = FORM_BODY;
		h->kind = digest_find("md5");
	} else if (!strcmp(name, "json")) {
		h->t->json = true;
	} else {
		h->t->format = name;
	}
}

enum { OPT_FORM = OPT_VERB, OPT_SUM, OPT_PRINT0 };

static void parse_options(struct hash *h, int argc, char **argv)
{
	static const struct option options[] = {
		{ "format", required_argument, NULL, OPT_FORM },
		{ "print0", no_argument, NULL, OPT_PRINT0 },
		{ "sum", required_argument, NULL, OPT_SUM },
		{ "zero", no_argument, NULL, OPT_PRINT0 },
		TOOL_LONG_OPTIONS
	};
	int c;

	while ((c = tool_getopt(h->t, argc, argv, "", options)) != -1) {
		if (c == OPT_FORM)
			format_option(h, optarg);
		else if (c == OPT_PRINT0)
			h->zero = true;
		else
			h->kind = digest_find(optarg);
		if (!h->kind)
			tool_usage(h->t, "--sum %s: give " DIGEST_NAMES, optarg);
	}
	tool_need_args(h->t, argc, 1, 0);
	if (h->zero && h->form >= FORM_MTREE)
		tool_usage(h->t, "--print0 does not go with --format mtree or bodyfile");
	if (h->t->json && h->form >= FORM_MTREE)
		tool_usage(h->t, "--json and --format %s are two forms of output: give one",
			   h->form == FORM_BODY ? "bodyfile" : "mtree");
	if (h->form == FORM_BODY && strcmp(h->kind->name, "md5"))
		tool_usage(h->t, "--sum %s: a body file has md5", h->kind->name);
}

static int run(struct tool *t, int argc, char **argv)
{
	struct hash h = { .t = t, .kind = digest_find("sha256") };
	char **args, **paths;
	int nr;

	parse_options(&h, argc, argv);
	args = argv + optind + 1;
	tool_open(t, argv[optind]);
	paths = tool_expand_or_root(t, args, &nr);
	/* Names relative to several paths would not tell the files apart. */
	h.from_root = *args && (args[1] || (nr && strcmp(paths[0], *args)));
	if (h.form == FORM_MTREE && nr)
		puts("#mtree");
	for (int i = 0; i < nr && !tool_stopping(t); i++)
		hash_path(&h, paths[i]);
	paths_free(paths);
	return 0;
}

const struct verb verb_hash = {
	.name = "hash",
	.args = "[--format FORM] [--sum NAME] [--print0] [--json] IMAGE [PATH...]",
	.summary = "print path, size and checksum of every regular file",
	.operands = "p+",
	.help = "Each line is path, size and hash, separated by tabs.  Paths are relative to PATH, or\n"
		"to the root if PATH is a pattern or there are several, and sorted by their bytes;\n"
		"backslash, tab and newline are written \\\\, \\t, \\n.\n\n"
		"  --format FORM     md5sum, sha1sum, sha256sum, sha512sum or b2sum: lines as these\n"
		"                    programs print; mtree, bodyfile: all files with their\n"
		"                    metadata; json\n"
		"  --sum NAME        " DIGEST_NAMES " (default: sha256)\n"
		"  --print0, --zero  end lines with a NUL byte, and escape nothing\n",
	.has_json = true,
	.has_progress = true,
	.run = run,
};
