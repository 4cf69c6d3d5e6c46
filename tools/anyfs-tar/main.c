// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - anyfs-tar: what "anyfs tar-in" and "anyfs tar-out" run
 *
 * A program of its own, since libarchive and what that needs would cost every
 * other verb more time to load than it takes to boot the kernel.
 */
#include <signal.h>
#include <string.h>
#include "options.h"
#include "run.h"
#include "standard-fds.h"
#include "tar-verbs.h"

int main(int argc, char **argv)
{
	struct tool t = { .program = "anyfs" };

	standard_fds_open(t.program);
	signal(SIGPIPE, SIG_IGN);	/* a closed pipe is an error like others */
	signal(SIGXFSZ, SIG_IGN);	/* a limit on the size of files too */
	if (argc > 1 && !strcmp(argv[1], "tar-in"))
		t.verb = &verb_tar_in;
	else if (argc > 1 && !strcmp(argv[1], "tar-out"))
		t.verb = &verb_tar_out;
	else
		tool_usage(&t, "run it as anyfs tar-in or anyfs tar-out");
	t.verb->run(&t, argc - 1, argv + 1);
	tool_finish(&t);
}
