// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-put.c - anyfs put: copy files and trees into an image
 *
 * Like cp -r: copies go into PATH if that is a directory, else PATH is the copy's name.  Inside
 * the image the user is root, so root owns the copies unless options say otherwise.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "copy.h"
#include "dest.h"
#include "host-path.h"
#include "image-path.h"
#include "input.h"
#include "messages.h"
#include "mode.h"
#include "mtree.h"
#include "options.h"
#include "output.h"
#include "owner.h"
#include "run.h"
#include "selinux-labels.h"
#include "session.h"
#include "signals.h"
#include "source-host.h"
#include "verbs.h"

struct put {
	struct copy c;
	struct host_source *sources;
	int nr;
	bool archive;
	bool keep_for_input;		/* copy.keep for standard input */
	const char *owner;
	const char *manifest;		/* value of --manifest, or NULL */
};

static void open_sources(struct put *p, char **paths, int nr)
{
	p->nr = nr;
	p->sources = calloc(nr, sizeof(*p->sources));
	if (!p->sources)
		tool_no_memory(p->c.t);
	for (int i = 0; i < nr; i++) {
		if (strcmp(paths[i], "-"))
			host_source_open(p->c.t, &p->sources[i], paths[i], "not copied");
		else
			p->sources[i] = (struct host_source){ paths[i], NULL, SOURCE_STDIN };
	}
	for (int i = 0; i < nr; i++)
		if (p->sources[i].dir == SOURCE_STDIN)
			tool_collect_input(p->c.t, INPUT_BEFORE_LOCK);
}

static void put_input(struct put *p, const struct copy_item *it)
{
	bool keep = p->c.keep;

	p->c.keep = p->keep_for_input;
	copy_input(&p->c, it);
	p->c.keep = keep;
}

static void put_source(struct put *p, const struct host_source *s, const char *to_name)
{
	struct lkl_statx stx = { .stx_mode = LKL_S_IFREG | 0644 };
	const struct copy_item it = {
		.to_dir = p->c.base, .to_name = to_name, .to_path = to_name, .stx = &stx,
		.path = "standard input",
	};

	p->c.t->paths_are_host = true;
	if (s->dir == SOURCE_BAD)
		;
	else if (tool_stopping(p->c.t))
		tool_not_done(p->c.t, s->path, "not copied", -ECANCELED);
	else if (s->dir != SOURCE_STDIN)
		copy_path(&p->c, s->dir, s->name, s->path, to_name);
	else if (*to_name)
		put_input(p, &it);
	else
		tool_error(p->c.t, "-: not copied: standard input has no name; give the name of the new file");
	p->c.t->paths_are_host = false;
}

/* Copy each SRC into the open directory, under its own name. */
static void put_into(struct put *p)
{
	for (int i = 0; i < p->nr; i++) {
		const struct host_source *s = &p->sources[i];
		char *name = copy_last_name(p->c.t, s->dir == SOURCE_STDIN ? "" : s->path);

		put_source(p, s, name);
		free(name);
	}
}

static void put_all(struct put *p, const char *path)
{
	struct tool *t = p->c.t;
	struct owner o;
	char *name;

	if (p->owner) {
		if (!owner_parse(t, path, p->owner, &o))
			return;
		p->c.uid = o.uid == OWNER_KEEP ? 0 : o.uid;
		p->c.gid = o.gid == OWNER_KEEP ? 0 : o.gid;
	}
	p->c.base = dest_open(t, path, p->nr == 1, &name);
	if (p->c.base < 0)
		return;
	if (p->c.labels)
		selinux_set_top(p->c.labels, path, name);
	if (name)
		put_source(p, p->sources, name);
	else
		put_into(p);
	lkl_sys_close(p->c.base);
	free(name);
}

static int parse_mode(struct tool *t, const char *text)
{
	unsigned int mode;

	if (*text < '0' || *text > '9' || !mode_apply(text, 0, false, &mode))
		tool_usage(t, "--mode %s: give octal digits, such as 644", text);
	return mode;
}

enum { OPT_OWNER = OPT_VERB, OPT_MODE, OPT_KEEP, OPT_NO_KEEP, OPT_NO_OWNER, OPT_NO_XATTRS,
       OPT_NO_FLAGS, OPT_NUMERIC_OWNER, OPT_MANIFEST, OPT_SELINUX };

static void parse_options(struct put *p, int argc, char **argv)
{
	static const struct option options[] = {
		{ "archive", no_argument, NULL, 'a' },
		{ "owner", required_argument, NULL, OPT_OWNER },
		{ "manifest", required_argument, NULL, OPT_MANIFEST },
		{ "mode", required_argument, NULL, OPT_MODE },
		{ "keep", no_argument, NULL, OPT_KEEP },
		{ "no-keep", no_argument, NULL, OPT_NO_KEEP },
		{ "no-flags", no_argument, NULL, OPT_NO_FLAGS },
		{ "no-owner", no_argument, NULL, OPT_NO_OWNER },
		{ "no-xattrs", no_argument, NULL, OPT_NO_XATTRS },
		{ "numeric-owner", no_argument, NULL, OPT_NUMERIC_OWNER },
		{ "recursive", no_argument, NULL, 'r' },
		{ "selinux", required_argument, NULL, OPT_SELINUX },
		TOOL_LONG_OPTIONS
	};
	bool no_owner = false;
	int c, keep = 0;

	while ((c = tool_getopt(p->c.t, argc, argv, "arR", options)) != -1) {
		if (c == 'a')
			p->archive = true;
		else if (c == OPT_OWNER)
			p->owner = optarg;
		else if (c == OPT_MANIFEST)
			p->manifest = optarg;
		else if (c == OPT_SELINUX)
			p->c.labels = selinux_open(p->c.t, optarg);
		else if (c == OPT_MODE)
			p->c.mode = parse_mode(p->c.t, optarg);
		else if (c == OPT_KEEP || c == OPT_NO_KEEP)
			keep = c;
		no_owner |= c == OPT_NO_OWNER;
		p->c.no_project |= c == OPT_NO_OWNER;
		p->c.no_xattrs |= c == OPT_NO_XATTRS;
		p->c.no_flags |= c == OPT_NO_FLAGS;
	}
	if (p->archive && p->owner)
		tool_usage(p->c.t, "--archive keeps owners and --owner sets them: give only one");
	p->c.owner = p->archive && !no_owner ? COPY_OWNER_KEEP : COPY_OWNER_SET;
	p->c.owner_given = p->owner;
	p->c.keep = keep ? keep == OPT_KEEP : !p->archive;
	/* Standard input has no metadata: even with -a, a file that it replaces keeps its own. */
	p->keep_for_input = keep != OPT_NO_KEEP;
}

/* Standard input can be only one of the files. */
static void check_input(struct put *p, char **paths, int nr)
{
	for (int i = 0; i < nr; i++)
		if (!strcmp(p->manifest, "-") && !strcmp(paths[i], "-"))
			tool_usage(p->c.t, "standard input is given for the manifest and for a file");
}

static void apply_manifest(struct put *p, const struct manifest *m, const char *path)
{
	int fd = tool_stopping(p->c.t) ? -1 :
		 tool_openat(p->c.t, path, LKL_O_RDONLY | LKL_O_DIRECTORY);

	if (fd < 0)
		return;
	manifest_apply(p->c.t, m, fd, path);
	lkl_sys_close(fd);
}

static int run(struct tool *t, int argc, char **argv)
{
	struct manifest manifest = { 0 };
	struct put p = {
		.c = {
			.t = t, .from = &side_host, .to = &side_image, .mode = -1,
			.can_mknod = true,
		},
	};

	parse_options(&p, argc, argv);
	tool_need_args(t, argc, 3, 0);
	p.c.buf = session_alloc(t, COPY_BUFFER);
	host_raise_limit(t);
	if (p.manifest) {
		check_input(&p, argv + optind + 1, argc - optind - 2);
		manifest_read_mtree(t, p.manifest, &manifest);
	}
	open_sources(&p, argv + optind + 1, argc - optind - 2);
	tool_open(t, argv[optind]);
	progress_begin();
	put_all(&p, argv[argc - 1]);
	if (p.manifest)
		apply_manifest(&p, &manifest, argv[argc - 1]);
	manifest_free(&manifest);
	copy_summarise(&p.c);
	return 0;
}

const struct verb verb_put = {
	.name = "put",
	.args = "[-a] [--keep] [--owner USER[:GROUP]] [--manifest FILE] IMAGE SRC... PATH",
	.summary = "copy files and trees into an image",
	.operands = "h+p",
	.help = "Copies go into PATH if that is a directory, else PATH is the name of the copy; SRC\n"
		"\"-\" is standard input.  A replaced file keeps its mode, owner and extended\n"
		"attributes, like cp; a new file belongs to root and has the mode and attributes\n"
		"of SRC.  Times, links, holes and devices are kept.\n\n"
		"  -a, --archive     take owner, mode and attributes from SRC, for all files\n"
		"  --keep            with -a: replaced files keep these\n"
		"  --no-owner        with -a: root owns the copies\n"
		"  --no-xattrs       do not copy extended attributes and ACLs\n"
		"  --no-flags        do not copy the flags of chattr\n"
		"  --numeric-owner   owners are always copied by number; accepted for scripts\n"
		"  --no-keep         treat replaced files as new ones\n"
		"  --owner USER[:GROUP]  owner of the copies: numbers, or names in the image\n"
		"  --mode MODE       octal mode of all files; directories get x where they have r\n"
		"  --manifest FILE   then set owners, modes, times and attributes from an mtree file,\n"
		"                    whose paths begin at PATH, and create the devices that it lists\n"
		"  --selinux FILE    SELinux contexts of the copies by their paths: a file_contexts file\n",
	.has_result = true,
	.writes = true,
	.has_progress = true,
	.run = run,
};
