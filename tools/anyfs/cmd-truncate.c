// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-truncate.c - anyfs truncate: set the size of files
 */
#include <errno.h>
#include "change.h"
#include "options.h"
#include "parse.h"
#include "run.h"
#include "side.h"
#include "verbs.h"

struct truncate {
	bool only_existing;
	char relative;			/* '+', '-' or 0 */
	uint64_t size;
};

static long compute_size(const struct truncate *tr, uint64_t old, uint64_t *size)
{
	*size = tr->size;
	if (tr->relative == '+') {
		if (old > INT64_MAX - tr->size)
			return -EFBIG;
		*size = old + tr->size;
	} else if (tr->relative == '-') {
		*size = old > tr->size ? old - tr->size : 0;
	}
	return 0;
}

static long set_size(void *data, const struct side_file *f, const char *path)
{
	const struct truncate *tr = data;
	struct lkl_statx stx;
	uint64_t size;
	long rc = side_image.stat(f->dir, f->name, &stx), fd;

	if (rc == -ENOENT && tr->only_existing)
		return 0;
	if (rc == -ENOENT) {
		stx.stx_mode = LKL_S_IFREG;
		stx.stx_size = 0;
		rc = side_image.mknod(f->dir, f->name, LKL_S_IFREG | 0644, 0, 0);
	}
	if (rc >= 0 && (stx.stx_mode & LKL_S_IFMT) != LKL_S_IFREG)
		rc = (stx.stx_mode & LKL_S_IFMT) == LKL_S_IFDIR ? -EISDIR : -EINVAL;
	if (rc >= 0)
		rc = compute_size(tr, stx.stx_size, &size);
	if (rc < 0)
		return rc;
	fd = lkl_sys_openat(f->dir, f->name, LKL_O_WRONLY | LKL_O_NOFOLLOW | LKL_O_NONBLOCK, 0);
	if (fd < 0)
		return fd;
	rc = side_image.truncate(fd, size);
	lkl_sys_close(fd);
	return rc;
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "size", required_argument, NULL, 's' },
		{ "no-create", no_argument, NULL, 'c' },
		TOOL_LONG_OPTIONS
	};
	struct truncate tr = { 0 };
	bool given = false;
	int c;

	while ((c = tool_getopt(t, argc, argv, "s:c", options)) != -1) {
		tr.only_existing |= c == 'c';
		if (c != 's')
			continue;
		tr.relative = *optarg == '+' || *optarg == '-' ? *optarg : 0;
		given = parse_size(optarg + !!tr.relative, &tr.size);
		if (!given)
			tool_usage(t, "--size %s: give bytes, or a size such as 10M", optarg);
	}
	if (!given)
		tool_usage(t, "no size given");
	tool_need_args(t, argc, 2, 0);
	tool_open(t, argv[optind]);
	change_each(t, argv + optind + 1, CHANGE_FOLLOW, "size not set", set_size, &tr);
	return 0;
}

const struct verb verb_truncate = {
	.name = "truncate",
	.args = "-s [+-]SIZE [-c] [--json] IMAGE PATH...",
	.summary = "set the size of files",
	.operands = "p+",
	.help = "  -s, --size SIZE   size in bytes, or 10K, 10M, 10G; + or - make it relative\n"
		"  -c, --no-create   do not create files\n",
	.has_result = true,
	.writes = true,
	.run = run,
};
