// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-diff.c - anyfs diff: compare images, or an image and a directory of the host
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "color.h"
#include "diff.h"
#include "host-path.h"
#include "messages.h"
#include "options.h"
#include "run.h"
#include "session.h"
#include "source-host.h"
#include "verbs.h"

enum { OPT_COLOR = OPT_VERB, OPT_CONTENT, OPT_EXCLUDE, OPT_INCLUDE, OPT_NO_MODE, OPT_NO_OWNER,
       OPT_NO_TIMES, OPT_NO_XATTRS, OPT_PRINT0 };

static void parse_options(struct diff *d, int argc, char **argv)
{
	static const struct option options[] = {
		{ "brief", no_argument, NULL, 'q' },
		COLOR_OPTION(OPT_COLOR),
		{ "content", no_argument, NULL, OPT_CONTENT },
		{ "exclude", required_argument, NULL, OPT_EXCLUDE },
		{ "include", required_argument, NULL, OPT_INCLUDE },
		{ "no-mode", no_argument, NULL, OPT_NO_MODE },
		{ "no-owner", no_argument, NULL, OPT_NO_OWNER },
		{ "no-times", no_argument, NULL, OPT_NO_TIMES },
		{ "no-xattrs", no_argument, NULL, OPT_NO_XATTRS },
		{ "print0", no_argument, NULL, OPT_PRINT0 },
		{ "unified", required_argument, NULL, 'U' },
		TOOL_LONG_OPTIONS
	};
	int c;

	while ((c = tool_getopt(d->t, argc, argv, "qruU:", options)) != -1) {
		if (c == 'U')
			d->context = tool_number(d->t, "--unified", optarg, 0, 1000000);
		else if (c == OPT_COLOR)
			color_option(d->t, optarg);
		else if (c == OPT_EXCLUDE || c == OPT_INCLUDE)
			copy_filter_add(d->t, &d->filter, optarg, c == OPT_INCLUDE);
		d->brief |= c == 'q' || c == OPT_PRINT0;
		d->print0 |= c == OPT_PRINT0;
		d->content_only |= c == OPT_CONTENT;
		d->no_mode |= c == OPT_NO_MODE;
		d->no_owner |= c == OPT_NO_OWNER;
		d->no_times |= c == OPT_NO_TIMES;
		d->no_xattrs |= c == OPT_NO_XATTRS;
	}
	d->color = color_wanted();
	tool_need_args(d->t, argc, 2, 2);
	if (d->print0 && d->t->json)
		tool_usage(d->t, "--print0 and --json exclude each other");
}

/* Without ":/PATH", @text is a directory of the host or, if it is no directory, an image. */
static void parse_end(struct diff *d, int end, const char *text)
{
	struct diff_end *e = &d->ends[end];
	struct stat st;

	e->at = operand_parse(d->t, text);
	if (!e->at.image)
		session_require_host(d->t);
	if (!e->at.image && (stat(text, &st) || !S_ISDIR(st.st_mode))) {
		e->at.image = tool_strdup(d->t, text);
		e->at.path = "/";
	}
	e->side = e->at.image ? &side_image : &side_host;
}

static void open_ends(struct diff *d)
{
	struct diff_end *a = &d->ends[0], *b = &d->ends[1];

	if (!a->at.image && !b->at.image)
		tool_usage(d->t, "neither %s nor %s is an image", a->at.text, b->at.text);
	for (int i = 0; i < 2; i++) {
		struct diff_end *e = &d->ends[i];
		struct host_source s;

		if (e->at.image)
			continue;
		host_source_open(d->t, &s, e->at.text, "not compared");
		if (s.dir == SOURCE_BAD)
			tool_finish(d->t);
		e->top = s.dir;
		e->top_name = s.name;
	}
	if (a->at.image && b->at.image && !operand_same_image(&a->at, &b->at)) {
		tool_add_image(d->t, b->at.image);
		b->image = d->t->nr_members;
	}
	tool_open(d->t, a->at.image ? a->at.image : b->at.image);
}

static int run(struct tool *t, int argc, char **argv)
{
	struct diff d = { .t = t, .context = 3 };

	parse_options(&d, argc, argv);
	host_raise_limit(t);
	for (int i = 0; i < 2; i++) {
		parse_end(&d, i, argv[optind + i]);
		d.buf[i] = session_alloc(t, DIFF_BUFFER);
	}
	open_ends(&d);
	diff_run(&d);
	tool_use_image(t, 0);
	free(d.printed);
	if (!t->failures)
		t->status = d.found ? 1 : 0;
	return 0;
}

const struct verb verb_diff = {
	.name = "diff",
	.args = "[-q] [--print0] [-U LINES] [--content] [--exclude GLOB]... A[:/PATH] B[:/PATH]",
	.summary = "compare images, or an image and a directory",
	.operands = "oo",
	.help = "A and B are images, IMAGE:/PATH, or directories of the host; at least one is in an\n"
		"image.  Types, contents, targets of links, modes, owners, times of modification and\n"
		"extended attributes are compared.\n"
		"Exit status: 0 if there is no difference, 1 if there is one, 2 if something failed.\n\n"
		"  -q, --brief       for texts, print only that they differ, not their lines\n"
		"  --print0          print only the path of each file that differs, and a NUL byte\n"
		"  -U, --unified LINES  number of lines around each change (default: 3); -r and -u are\n"
		"                    accepted and have no effect\n"
		COLOR_HELP
		"  --content         compare only types and contents\n"
		"  --no-mode, --no-owner, --no-times, --no-xattrs  do not compare these\n"
		"  --exclude GLOB, --include GLOB  leave files out, or not; the first match decides\n\n"
		"Example: anyfs diff --no-times backup.img:/p2/etc disk.qcow2:/p2/etc\n\n",
	.has_json = true,
	.failed_status = 2,
	.run = run,
};
