// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-setfattr.c - anyfs setfattr: set and remove extended attributes
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "change.h"
#include "fattr.h"
#include "options.h"
#include "run.h"
#include "side.h"
#include "verbs.h"

struct setfattr {
	const char *name;
	bool remove;
	char *value;
	size_t len;
};

static long set(void *data, const struct side_file *f, const char *path)
{
	const struct setfattr *s = data;

	if (s->remove)
		return side_image.removexattr(f, s->name);
	return side_image.setxattr(f, s->name, s->value, s->len);
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "name", required_argument, NULL, 'n' },
		{ "value", required_argument, NULL, 'v' },
		{ "remove", required_argument, NULL, 'x' },
		{ "no-dereference", no_argument, NULL, 'h' },
		TOOL_LONG_OPTIONS
	};
	unsigned int flags = CHANGE_FOLLOW;
	struct setfattr s = { 0 };
	const char *value = "";
	int c;

	while ((c = tool_getopt(t, argc, argv, "n:v:x:h", options)) != -1) {
		if (c == 'n' || c == 'x') {
			s.name = optarg;
			s.remove = c == 'x';
		} else if (c == 'v') {
			value = optarg;
		} else if (c == 'h') {
			flags = 0;
		}
	}
	if (!s.name)
		tool_usage(t, "no attribute given; use -n or -x");
	tool_need_args(t, argc, 2, 0);
	s.value = fattr_decode(value, &s.len);
	if (!s.value)
		tool_usage(t, "--value %s: give text, 0x and hexadecimal digits, or 0s and base64", value);
	tool_open(t, argv[optind]);
	change_each(t, argv + optind + 1, flags, s.name, set, &s);
	free(s.value);
	return 0;
}

const struct verb verb_setfattr = {
	.name = "setfattr",
	.args = "{-n NAME [-v VALUE] | -x NAME} [-h] [--json] IMAGE PATH...",
	.summary = "set and remove extended attributes",
	.operands = "p+",
	.help = "  -n, --name NAME   set this attribute, such as user.comment\n"
		"  -v, --value VALUE text, \"text\" with \\ooo, 0x and hexadecimal digits, 0s and base64\n"
		"  -x, --remove NAME remove this attribute\n"
		"  -h, --no-dereference  change a symbolic link, not its target\n",
	.has_result = true,
	.writes = true,
	.run = run,
};
