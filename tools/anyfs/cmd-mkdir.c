// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-mkdir.c - anyfs mkdir: make directories
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "change.h"
#include "image-path.h"
#include "messages.h"
#include "mode.h"
#include "options.h"
#include "run.h"
#include "side.h"
#include "signals.h"
#include "verbs.h"

struct mkdir {
	struct tool *t;
	bool parents;
	const char *mode;		/* NULL: 755 */
};

/* @last: @path is the requested directory, not one of its parents. */
static bool make_one(struct mkdir *m, const char *path, bool last)
{
	unsigned int mode = 0755;
	char *name;
	int dir = tool_locate_change(m->t, path, &name);
	long rc;

	if (dir < 0)
		return false;
	rc = side_image.mkdir(dir, name, 0755);
	if (rc >= 0 && last && m->mode) {
		mode_apply(m->mode, 0777, true, &mode);
		rc = side_image.chmod(&(struct side_file){ dir, name, -1 }, mode);
	}
	if (rc < 0)
		change_failed(m->t, path, "not made", rc);
	else
		m->t->files++;
	lkl_sys_close(dir);
	free(name);
	return rc >= 0;
}

static bool is_dir(struct tool *t, const char *path)
{
	int fd = anyfs_image_openat(t->image, path, LKL_O_PATH | LKL_O_DIRECTORY, 0);

	if (fd >= 0)
		lkl_sys_close(fd);
	return fd >= 0;
}

/* Create the missing parents of @path. */
static void make_parents(struct mkdir *m, char *path)
{
	for (char *p = path + strspn(path, "/"); *p; p += strspn(p, "/")) {
		bool there;
		char after;

		p += strcspn(p, "/");
		after = *p;
		*p = '\0';
		there = is_dir(m->t, path) || make_one(m, path, !after);
		*p = after;
		if (!there)
			return;
	}
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "parents", no_argument, NULL, 'p' },
		{ "mode", required_argument, NULL, 'm' },
		TOOL_LONG_OPTIONS
	};
	struct mkdir m = { .t = t };
	unsigned int mode;
	int c;

	while ((c = tool_getopt(t, argc, argv, "pm:", options)) != -1) {
		if (c == 'p')
			m.parents = true;
		else if (c == 'm')
			m.mode = optarg;
	}
	if (m.mode && !mode_apply(m.mode, 0777, true, &mode))
		tool_usage(t, "--mode %s: not a mode", m.mode);
	tool_need_args(t, argc, 2, 0);
	tool_open(t, argv[optind]);
	for (int i = optind + 1; i < argc; i++) {
		change_strip_slashes(argv[i]);
		if (tool_stopping(t))
			tool_not_done(t, argv[i], "not made", -ECANCELED);
		else if (m.parents)
			make_parents(&m, argv[i]);
		else
			make_one(&m, argv[i], true);
	}
	return 0;
}

const struct verb verb_mkdir = {
	.name = "mkdir",
	.args = "[-p] [-m MODE] [--json] IMAGE PATH...",
	.summary = "make directories",
	.operands = "p+",
	.help = "  -p, --parents     make missing parents; existing directories are not an error\n"
		"  -m, --mode MODE   mode of the directories (default: 755)\n",
	.has_result = true,
	.writes = true,
	.run = run,
};
