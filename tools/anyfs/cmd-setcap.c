// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-setcap.c - anyfs setcap: set and remove file capabilities
 */
#include <errno.h>
#include "cap-text.h"
#include "change.h"
#include "options.h"
#include "run.h"
#include "side.h"
#include "verbs.h"

struct setcap {
	bool remove;
	struct file_caps caps;
};

static long change_file(void *data, const struct side_file *f, const char *path)
{
	const struct setcap *s = data;
	unsigned char value[CAP_VALUE_MAX];
	struct lkl_statx stx;
	long rc = side_image.stat_file(f, &stx);

	if (rc < 0)
		return rc;
	if ((stx.stx_mode & LKL_S_IFMT) != LKL_S_IFREG)
		return -EINVAL;		/* only regular files are executed */
	if (s->remove)
		return side_image.removexattr(f, CAP_KEY);
	return side_image.setxattr(f, CAP_KEY, value, caps_encode(&s->caps, value));
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = { TOOL_LONG_OPTIONS };
	struct setcap s = { 0 };
	uint32_t root = 0;
	const char *why;
	int c, first;

	while ((c = tool_getopt(t, argc, argv, "n:r", options)) != -1) {
		if (c == 'n')
			root = tool_number(t, "-n", optarg, 1, 0xfffffffe);
		s.remove |= c == 'r';
	}
	tool_need_args(t, argc, s.remove ? 2 : 3, 0);
	first = optind + (s.remove ? 1 : 2);
	if (!s.remove) {
		why = caps_parse(argv[optind + 1], &s.caps);
		if (why)
			tool_usage(t, "%s: %s", argv[optind + 1], why);
		s.caps.root = root;
	}
	tool_open(t, argv[optind]);
	change_each(t, argv + first, CHANGE_FOLLOW, "capabilities not changed", change_file, &s);
	return 0;
}

const struct verb verb_setcap = {
	.name = "setcap",
	.args = "[-n ROOT] [-r] [--json] IMAGE [CAPABILITIES] PATH...",
	.summary = "set and remove file capabilities",
	.operands = "tp+",
	.help = "CAPABILITIES is a text as for setcap(8), such as cap_net_raw=ep.\n\n"
		"  -n ROOT           valid only in user namespaces in which user id ROOT is root\n"
		"  -r                remove the capabilities\n\n"
		"Example: anyfs setcap disk.img cap_net_raw=ep /p2/usr/bin/ping\n\n",
	.has_result = true,
	.writes = true,
	.run = run,
};
