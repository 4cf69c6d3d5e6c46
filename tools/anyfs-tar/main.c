// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - anyfs-tar: the program that "anyfs tar-in" and "anyfs tar-out" run
 *
 * It is a separate program because loading libarchive and its dependencies takes longer than
 * booting the kernel, which would slow down all other verbs.
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
	signal(SIGPIPE, SIG_IGN);	/* report EPIPE as a write error */
	signal(SIGXFSZ, SIG_IGN);	/* report EFBIG, from RLIMIT_FSIZE, likewise */
	if (argc > 1 && !strcmp(argv[1], "tar-in"))
		t.verb = &verb_tar_in;
	else if (argc > 1 && !strcmp(argv[1], "tar-out"))
		t.verb = &verb_tar_out;
	else
		tool_usage(&t, "run it through anyfs tar-in or anyfs tar-out");
	t.verb->run(&t, argc - 1, argv + 1);
	tool_finish(&t);
}
