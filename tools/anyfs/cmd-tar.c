// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-tar.c - anyfs tar-in and tar-out: run the program anyfs-tar
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "messages.h"
#include "run.h"
#include "tar-verbs.h"
#include "verbs.h"

/*
 * The path of anyfs-tar, PREFIX/libexec/anyfs/anyfs-tar for PREFIX/bin/anyfs; to be freed.
 * Ends the program on failure.
 */
static char *find_tar(struct tool *t)
{
	char self[PATH_MAX], *path, *slash;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self));

	if (n <= 0 || n == sizeof(self)) {
		tool_error(t, "anyfs-tar: not found, because the path of this program is unknown: is /proc mounted?");
		tool_finish(t);
	}
	self[n] = '\0';
	for (int i = 0; i < 2; i++) {
		slash = strrchr(self, '/');
		if (slash)
			*slash = '\0';
	}
	if (asprintf(&path, "%s/" TAR_PROGRAM, self) < 0)
		tool_no_memory(t);
	return path;
}

static int run(struct tool *t, int argc, char **argv)
{
	char *path = find_tar(t);
	char **args = calloc(argc + 2, sizeof(*args));

	if (!args)
		tool_no_memory(t);
	args[0] = path;
	memcpy(args + 1, argv, argc * sizeof(*args));
	execv(path, args);
	tool_error(t, "%s: cannot be run: %s", path, strerror(errno));
	free(args);
	free(path);
	return 0;
}

const struct verb verb_tar_in = {
	.name = "tar-in",
	.summary = TAR_IN_SUMMARY,
	.run = run,
};

const struct verb verb_tar_out = {
	.name = "tar-out",
	.summary = TAR_OUT_SUMMARY,
	.run = run,
};
