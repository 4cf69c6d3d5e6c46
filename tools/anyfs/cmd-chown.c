// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-chown.c - anyfs chown: change owners
 */
#include "change.h"
#include "options.h"
#include "owner.h"
#include "run.h"
#include "side.h"
#include "verbs.h"

static long change_owner(void *data, const struct side_file *f, const char *path)
{
	const struct owner *o = data;

	return side_image.chown(f, o->uid, o->gid);
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "recursive", no_argument, NULL, 'R' },
		{ "no-dereference", no_argument, NULL, 'h' },
		TOOL_LONG_OPTIONS
	};
	unsigned int flags = CHANGE_FOLLOW;
	struct owner o;
	int c;

	while ((c = tool_getopt(t, argc, argv, "Rh", options)) != -1) {
		if (c == 'R')
			flags = CHANGE_TREE;
		else if (c == 'h')
			flags &= ~CHANGE_FOLLOW;
	}
	tool_need_args(t, argc, 3, 0);
	tool_open(t, argv[optind]);
	/* Names are looked up in the file system that holds the first path. */
	if (owner_parse(t, argv[optind + 2], argv[optind + 1], &o))
		change_each(t, argv + optind + 2, flags, "owner not changed", change_owner, &o);
	return 0;
}

const struct verb verb_chown = {
	.name = "chown",
	.args = "[-R] [-h] [--json] IMAGE USER[:GROUP] PATH...",
	.summary = "change owners",
	.operands = "tp+",
	.help = "USER and GROUP are numbers, or names in the image; :GROUP changes only the group.\n\n"
		"  -R, --recursive   change directories and everything below; follow no links\n"
		"  -h, --no-dereference  change a symbolic link, not its target\n",
	.has_result = true,
	.writes = true,
	.run = run,
};
