// SPDX-License-Identifier: GPL-2.0
/*
 * lspart.c - anyfs-lspart: the verb "anyfs parts" as a separate program
 */
#include <signal.h>
#include <string.h>
#include "parts-table.h"
#include "run.h"
#include "standard-fds.h"

static const struct verb verb_lspart = {
	.name = "anyfs-lspart",
	.args = "[-b] [--tree | --json] IMAGE",
	.summary = PARTS_SUMMARY,
	.help = PARTS_HELP,
	.has_json_object = true,
	.never_asks = true,
	.failed_status = EXIT_FAILED,	/* scripts expect 0, 1 or 2 */
	.run = parts_run,
};

int main(int argc, char **argv)
{
	struct tool t = { .program = "anyfs-lspart", .verb = &verb_lspart };

	standard_fds_open(t.program);
	signal(SIGPIPE, SIG_IGN);	/* get EPIPE, and close the image */
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		printf("anyfs-lspart %s\n", anyfs_version());
		tool_finish(&t);
	}
	parts_run(&t, argc, argv);
	tool_finish(&t);
}
