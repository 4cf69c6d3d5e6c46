// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-cat.c - anyfs cat: write files to standard output
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "run.h"
#include "verbs.h"

#define BUFFER_SIZE	(1u << 20)

static void write_out(struct tool *t, const char *buf, size_t len)
{
	while (len) {
		ssize_t n = write(STDOUT_FILENO, buf, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			t->paths_are_host = true;
			tool_errno(t, "standard output", -errno);
			_exit(t->status);
		}
		buf += n;
		len -= n;
	}
}

static void cat_file(struct tool *t, const char *path, char *buf)
{
	int fd = tool_openat(t, path, LKL_O_RDONLY | LKL_O_NONBLOCK);
	long n;

	if (fd < 0)
		return;
	while ((n = lkl_sys_read(fd, buf, BUFFER_SIZE)) > 0)
		write_out(t, buf, n);
	if (n < 0)
		tool_errno(t, path, n);
	lkl_sys_close(fd);
}

static int run(struct tool *t, int argc, char **argv)
{
	char *buf, **paths;
	int nr;

	tool_plain_args(t, argc, argv, 2, 0);
	buf = tool_alloc(t, BUFFER_SIZE);
	tool_open(t, argv[optind]);
	paths = tool_expand(t, argv + optind + 1, &nr);
	for (int i = 0; i < nr; i++)
		cat_file(t, paths[i], buf);
	paths_free(paths);
	free(buf);
	return 0;
}

const struct verb verb_cat = {
	.name = "cat",
	.args = "IMAGE PATH...",
	.summary = "write files to standard output",
	.help = "",
	.run = run,
};
