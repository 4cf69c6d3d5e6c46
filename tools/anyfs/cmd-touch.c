// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-touch.c - anyfs touch: create empty files, set times
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/stat.h>
#include "change.h"
#include "options.h"
#include "parse.h"
#include "run.h"
#include "side.h"
#include "times.h"
#include "verbs.h"

struct touch {
	bool only_existing;
	struct timespec times[2];	/* access, modification */
};

static long touch(void *data, const struct side_file *f, const char *path)
{
	const struct touch *to = data;
	struct lkl_statx stx;
	long rc = side_image.stat(f->dir, f->name, &stx);

	if (rc == -ENOENT && to->only_existing)
		return 0;
	if (rc == -ENOENT)
		rc = side_image.mknod(f->dir, f->name, LKL_S_IFREG | 0644, 0, 0);
	return rc < 0 ? rc : times_set(&side_image, f, to->times);
}

static void choose_times(struct touch *to, const struct timespec *ts, bool access, bool change)
{
	static const struct timespec omit = { .tv_nsec = UTIME_OMIT };

	to->times[0] = change && !access ? omit : *ts;
	to->times[1] = access && !change ? omit : *ts;
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "no-create", no_argument, NULL, 'c' },
		{ "date", required_argument, NULL, 'd' },
		{ "no-dereference", no_argument, NULL, 'h' },
		TOOL_LONG_OPTIONS
	};
	struct timespec ts = { .tv_nsec = UTIME_NOW };
	unsigned int flags = CHANGE_FOLLOW;
	bool access = false, change = false;
	struct touch to = { 0 };
	int c;

	while ((c = tool_getopt(t, argc, argv, "acd:hm", options)) != -1) {
		access |= c == 'a';
		change |= c == 'm';
		to.only_existing |= c == 'c';
		if (c == 'h')
			flags = 0;
		if (c == 'd' && !parse_time(optarg, &ts))
			tool_usage(t, "--date %s: give a date such as \"2024-02-29 12:34:56\" or @1709210096", optarg);
	}
	tool_need_args(t, argc, 2, 0);
	choose_times(&to, &ts, access, change);
	tool_open(t, argv[optind]);
	change_each(t, argv + optind + 1, flags, NULL, touch, &to);
	return 0;
}

const struct verb verb_touch = {
	.name = "touch",
	.args = "[-acmh] [-d DATE] [--json] IMAGE PATH...",
	.summary = "create empty files, set times",
	.operands = "p+",
	.help = "  -d, --date DATE   2024-02-29 12:34:56.789 (local time; Z or +01:00 may follow),\n"
		"                    or @ and seconds since 1970 (default: now)\n"
		"  -a, -m            set only the access time, or only the modification time\n"
		"  -c, --no-create   do not create files\n"
		"  -h, --no-dereference  change a symbolic link, not its target\n",
	.has_result = true,
	.writes = true,
	.run = run,
};
