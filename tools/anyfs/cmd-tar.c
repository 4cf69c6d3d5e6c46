// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-tar.c - anyfs tar-in and tar-out: run the program beside this one
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tar-verbs.h"

static int run(struct tool *t, int argc, char **argv)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - sizeof(TAR_PROGRAM));
	char *base = n > 0 ? memrchr(path, '/', n) : NULL;
	char **args = calloc(argc + 2, sizeof(*args));

	if (!args)
		tool_no_memory(t);
	strcpy(base ? base + 1 : path, TAR_PROGRAM);
	args[0] = path;
	memcpy(args + 1, argv, argc * sizeof(*args));
	execv(path, args);
	tool_error(t, "%s: cannot be run: %s", path, strerror(errno));
	free(args);
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
