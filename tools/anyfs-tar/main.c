// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - anyfs-tar: the program that anyfs runs for archives and container images
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
	static const struct verb *const verbs[] = {
		&verb_tar_in, &verb_tar_out, &verb_oci_in, &verb_oci_out,
	};
	struct tool t = { .program = "anyfs" };

	standard_fds_open(t.program);
	signal(SIGPIPE, SIG_IGN);	/* get EPIPE, and close the image */
	signal(SIGXFSZ, SIG_IGN);	/* the same for EFBIG (RLIMIT_FSIZE) */
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (argc > 1 && !strcmp(argv[1], verbs[i]->name))
			t.verb = verbs[i];
	if (!t.verb)
		tool_usage(&t, "run it through anyfs tar-in, tar-out, oci-in or oci-out");
	t.verb->run(&t, argc - 1, argv + 1);
	tool_finish(&t);
}
