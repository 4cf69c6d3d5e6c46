// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-tar.c - anyfs tar-in, tar-out, oci-in and oci-out: run the program anyfs-tar
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "messages.h"
#include "own-program.h"
#include "run.h"
#include "tar-verbs.h"
#include "verbs.h"

static int run(struct tool *t, int argc, char **argv)
{
	char *path = own_program(t, TAR_PROGRAM);
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
	.operands = "p",
	.no_shell = true,
	.run = run,
};

const struct verb verb_tar_out = {
	.name = "tar-out",
	.summary = TAR_OUT_SUMMARY,
	.operands = "p+",
	.no_shell = true,
	.run = run,
};

const struct verb verb_oci_in = {
	.name = "oci-in",
	.summary = OCI_IN_SUMMARY,
	.operands = "hp",
	.no_shell = true,
	.run = run,
};

const struct verb verb_oci_out = {
	.name = "oci-out",
	.summary = OCI_OUT_SUMMARY,
	.operands = "oh+",
	.no_shell = true,
	.run = run,
};
