// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-verify.c - anyfs verify: compare files with a manifest
 *
 * Each difference is one line on standard output.  A manifest of mtree describes the whole
 * tree, so a file that it does not name is a difference.  A list of checksums need not name
 * every file, so other files are ignored.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "mtree.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "session.h"
#include "signals.h"
#include "verbs.h"
#include "walk.h"

struct verify {
	struct tool *t;
	char *top;			/* directory of the image to which names are relative */
	struct manifest manifest;
	bool differs;			/* a difference was printed */
};

static void report_difference(struct verify *v, const char *path, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void report_difference(struct verify *v, const char *path, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		tool_no_memory(v->t);
	va_end(ap);
	v->differs = true;
	if (v->t->json) {
		json_separator(v->t);
		json_text("path", path);
		fputs(", ", stdout);
		json_text("difference", text);
		putchar('}');
	} else {
		print_name(*path ? path : ".");
		fputs(": ", stdout);
		print_name(text);
		putchar('\n');
	}
	tool_check_output(v->t);
	free(text);
}

static void compare_content(struct verify *v, const struct manifest_entry *e, int dir,
			    const char *name, const char *path)
{
	char sum[DIGEST_HEX_MAX];
	uint64_t size;
	long fd = side_image.open_file(dir, name), rc;

	if (fd < 0) {
		tool_errno(v->t, path, fd);
		return;
	}
	rc = digest_file(v->t, e->kind, fd, sum, &size);
	side_image.close(fd);
	if (rc < 0)
		tool_errno(v->t, path, rc);
	else if (strcasecmp(sum, e->sum))
		report_difference(v, e->path, "the content differs (%s)", e->kind->name);
}

static void compare_link(struct verify *v, const struct manifest_entry *e, int dir,
			 const char *name, const char *path)
{
	long rc;
	char *target = entry_target(&side_image, dir, name, 0, &rc);

	if (!target)
		tool_errno(v->t, path, rc);
	else if (strcmp(target, e->link))
		report_difference(v, e->path, "the link points to %s, not %s", target, e->link);
	free(target);
}

static void compare_meta(struct verify *v, const struct manifest_entry *e,
			 const struct lkl_statx *stx)
{
	const struct lkl_statx_timestamp *time = &stx->stx_mtime;

	if (e->has_mode && (stx->stx_mode & 07777) != e->mode)
		report_difference(v, e->path, "mode %04o, not %04o", stx->stx_mode & 07777, e->mode);
	if (e->has_uid && stx->stx_uid != e->uid)
		report_difference(v, e->path, "uid %u, not %u", stx->stx_uid, e->uid);
	if (e->has_gid && stx->stx_gid != e->gid)
		report_difference(v, e->path, "gid %u, not %u", stx->stx_gid, e->gid);
	if (e->has_time && (time->tv_sec != e->time ||
			    (e->has_nsec && time->tv_nsec != e->time_nsec)))
		report_difference(v, e->path, "time %lld.%09u, not %lld.%09u", (long long)time->tv_sec,
				  time->tv_nsec, (long long)e->time, e->time_nsec);
}

static void compare_file(struct verify *v, const struct manifest_entry *e, int dir,
			 const char *name, const char *path)
{
	const char *wanted = e->type ? e->type : e->sum ? "file" : NULL, *type;
	struct lkl_statx stx;
	long rc = side_image.stat(dir, name, &stx);

	if (rc == -ENOENT) {
		report_difference(v, e->path, "missing");
		return;
	}
	if (rc < 0) {
		tool_errno(v->t, path, rc);
		return;
	}
	type = mtree_type(stx.stx_mode);
	if (wanted && strcmp(type, wanted)) {
		report_difference(v, e->path, "type %s, not %s", type, wanted);
		return;
	}
	compare_meta(v, e, &stx);
	if (!strcmp(type, "file") && e->has_size && stx.stx_size != e->size)
		report_difference(v, e->path, "size %llu, not %llu", (unsigned long long)stx.stx_size,
				  (unsigned long long)e->size);
	else if (e->sum)
		compare_content(v, e, dir, name, path);
	if (e->link)
		compare_link(v, e, dir, name, path);
}

/* Compare the file in the image with its entry @e. */
static void compare_entry(struct verify *v, const struct manifest_entry *e)
{
	const char *base = strrchr(e->path, '/');
	char *path, *parent;
	int dir;

	if (asprintf(&path, "%s/%s", v->top, e->path) < 0 ||
	    asprintf(&parent, "%s/%.*s", v->top, base ? (int)(base - e->path) : 0, e->path) < 0)
		tool_no_memory(v->t);
	dir = anyfs_image_openat(v->t->image, parent, LKL_O_PATH | LKL_O_DIRECTORY, 0);
	if (dir == -ENOENT || dir == -ENOTDIR)
		report_difference(v, e->path, "missing");
	else if (dir < 0)
		tool_open_failed(v->t, parent, dir);
	else
		compare_file(v, e, dir, !*e->path ? "." : base ? base + 1 : e->path, path);
	if (dir >= 0)
		lkl_sys_close(dir);
	free(parent);
	free(path);
}

static int compare_name(const void *key, const void *entry)
{
	return strcmp(key, ((const struct manifest_entry *)entry)->path);
}

static int check_listed(void *data, const struct walk_node *node)
{
	struct verify *v = data;
	const struct manifest *m = &v->manifest;

	if (bsearch(node->below, m->entries, m->nr, sizeof(*m->entries), compare_name))
		return 0;
	if (!*node->below)
		return 0;
	report_difference(v, node->below, "not in the manifest");
	return -1;
}

static void check_other(void *data, const struct walk_node *node)
{
	check_listed(data, node);
}

static void verify_all(struct verify *v)
{
	static const struct walk_ops ops = { .enter_dir = check_listed, .visit_file = check_other };
	int fd = tool_openat(v->t, *v->top ? v->top : "/", LKL_O_RDONLY | LKL_O_DIRECTORY);

	if (fd < 0)
		return;
	for (size_t i = 0; i < v->manifest.nr && !tool_stopping(v->t); i++)
		compare_entry(v, &v->manifest.entries[i]);
	if (v->manifest.is_mtree)
		walk_tree(v->t, &side_image, v->top, fd, &ops, v);
	else
		lkl_sys_close(fd);
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "sum", required_argument, NULL, OPT_VERB },
		TOOL_LONG_OPTIONS
	};
	const struct nettle_hash *kind = NULL;
	struct verify v = { .t = t };
	int c;

	while ((c = tool_getopt(t, argc, argv, "", options)) != -1) {
		kind = digest_find(optarg);
		if (!kind)
			tool_usage(t, "--sum %s: give " DIGEST_NAMES, optarg);
	}
	tool_need_args(t, argc, 2, 3);
	manifest_read(t, argv[optind + 1], kind, &v.manifest);
	tool_open(t, argv[optind]);
	v.top = tool_expand_one(t, argc - optind > 2 ? argv[optind + 2] : session_directory(t));
	if (v.top && !strcmp(v.top, "/"))
		*v.top = '\0';
	if (v.top)
		verify_all(&v);
	free(v.top);
	if (!t->failures)
		t->status = v.differs;
	manifest_free(&v.manifest);
	return 0;
}

const struct verb verb_verify = {
	.name = "verify",
	.args = "[--sum NAME] [--json] IMAGE MANIFEST [PATH]",
	.summary = "compare files with a manifest",
	.operands = "hp",
	.help = "MANIFEST is a file of the host, or \"-\": lines of anyfs hash, sha256sum, sha512sum,\n"
		"sha1sum or md5sum, or an mtree file.  Names in it are relative to PATH, the root by default.\n"
		"Each difference is one line.  Exit status: 0 if there is none, 1 if there are any,\n"
		"2 if something failed.\n\n"
		"  --sum NAME        " DIGEST_NAMES "\n"
		"                    (default: by the length of the checksums)\n",
	.has_json = true,
	.failed_status = 2,
	.has_progress = true,
	.run = run,
};
