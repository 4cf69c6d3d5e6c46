// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-cat.c - anyfs cat: write files to standard output
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output-write.h"
#include "parse.h"
#include "run.h"
#include "side.h"
#include "signals.h"
#include "verbs.h"

#define BUFFER_SIZE	(1u << 20)

/* The bytes of a file to write: @length from @offset or, with @from_end, the last @offset. */
struct range {
	bool given, from_end;
	uint64_t offset, length;
};

/* Move to the beginning of the range.  0 or -errno. */
static long seek_range(int fd, const struct range *r)
{
	int64_t at = r->offset;

	if (r->from_end) {
		int64_t size = side_image.seek(fd, 0, LKL_SEEK_END);

		if (size < 0)
			return size;
		at = size > at ? size - at : 0;
	}
	at = side_image.seek(fd, at, LKL_SEEK_SET);
	return at < 0 ? at : 0;
}

static void cat_file(struct tool *t, const char *path, const struct range *r, char *buf)
{
	int fd = tool_openat(t, path, LKL_O_RDONLY | LKL_O_NONBLOCK);
	uint64_t left = r->length;
	long n, rc;

	if (fd < 0)
		return;
	n = r->given ? seek_range(fd, r) : 0;
	while (n >= 0 && left && !tool_stopping(t)) {
		n = lkl_sys_read(fd, buf, left < BUFFER_SIZE ? left : BUFFER_SIZE);
		if (n <= 0)
			break;
		rc = tool_write(t, STDOUT_FILENO, buf, n);
		if (rc < 0) {
			tool_output_failed(t, -rc);
			break;
		}
		left -= n;
	}
	if (n < 0)
		tool_errno(t, path, n);
	lkl_sys_close(fd);
}

/* Parse "OFFSET:LENGTH", "OFFSET:" or "-LENGTH"; false if @text is none of them. */
static bool parse_range(const char *text, struct range *r)
{
	const char *colon = strchr(text, ':');
	char offset[32];
	bool ok;

	*r = (struct range){ .given = true, .length = UINT64_MAX };
	if (*text == '-') {
		r->from_end = true;
		return parse_size(text + 1, &r->offset);
	}
	if (!colon || colon - text >= (long)sizeof(offset))
		return false;
	memcpy(offset, text, colon - text);
	offset[colon - text] = '\0';
	ok = parse_size(offset, &r->offset);
	return ok && (!colon[1] || parse_size(colon + 1, &r->length));
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "range", required_argument, NULL, OPT_VERB },
		TOOL_LONG_OPTIONS
	};
	struct range r = { .length = UINT64_MAX };
	char *buf, **paths;
	int c, nr;

	while ((c = tool_getopt(t, argc, argv, "", options)) != -1)
		if (c == OPT_VERB && !parse_range(optarg, &r))
			tool_usage(t, "--range %s: give OFFSET:LENGTH, OFFSET: or -LENGTH", optarg);
	tool_need_args(t, argc, 2, 0);
	buf = tool_alloc(t, BUFFER_SIZE);
	tool_open(t, argv[optind]);
	paths = tool_expand(t, argv + optind + 1, &nr);
	for (int i = 0; i < nr && !tool_stopping(t); i++)
		cat_file(t, paths[i], &r, buf);
	paths_free(paths);
	free(buf);
	return 0;
}

const struct verb verb_cat = {
	.name = "cat",
	.args = "[--range OFFSET:LENGTH] IMAGE PATH...",
	.summary = "write files to standard output",
	.operands = "p+",
	.help = "  --range OFFSET:LENGTH  only these bytes of each file; \"OFFSET:\" goes to the end,\n"
		"                    \"-LENGTH\" is the end; suffixes K, M and G work\n",
	.run = run,
};
