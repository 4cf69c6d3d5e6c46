// SPDX-License-Identifier: GPL-2.0
/*
 * anyfs.c - the command line tool: the table of verbs
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "options.h"
#include "run.h"
#include "standard-fds.h"
#include "tar-verbs.h"
#include "verbs.h"

static const struct verb *const verbs[] = {
	&verb_ls, &verb_cat, &verb_get, &verb_stat, &verb_hash, &verb_parts, &verb_info,
	&verb_put, &verb_mkdir, &verb_rm, &verb_mv, &verb_ln, &verb_chmod, &verb_chown, &verb_touch,
	&verb_truncate, &verb_getfattr, &verb_setfattr, &verb_sync, &verb_fsync,
	&verb_tar_in, &verb_tar_out, &verb_mkfs,
};

#define NR_VERBS	(sizeof(verbs) / sizeof(verbs[0]))

static void print_help(FILE *out)
{
	fputs("usage: anyfs VERB [OPTIONS] IMAGE [PATH]...\n"
	      "The files in disk images, with the Linux kernel's own file systems.\n\n",
	      out);
	for (size_t i = 0; i < NR_VERBS; i++)
		fprintf(out, "  %-9s %s\n", verbs[i]->name, verbs[i]->summary);
	fputs("\nPaths: a disk with partitions has /p1, /p2, ...; a file system by itself has its\n"
	      "own root.  \"anyfs VERB --help\" tells more.  \"anyfs --version\" names the kernel.\n",
	      out);
}

static void print_version(struct tool *t)
{
	printf("anyfs %s\n", anyfs_version());
	if (anyfs_kernel_init(NULL))
		tool_error(t, "%s", anyfs_strerror_last());
	else
		printf("Linux %s\n", anyfs_kernel_release(NULL));
	tool_finish(t);
}

int main(int argc, char **argv)
{
	struct tool t = { .program = "anyfs" };

	standard_fds_open(t.program);
	signal(SIGPIPE, SIG_IGN);	/* a closed pipe is an error like others */
	signal(SIGXFSZ, SIG_IGN);	/* a limit on the size of files too */
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		print_help(stdout);
		tool_finish(&t);
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		print_version(&t);
	for (size_t i = 0; i < NR_VERBS; i++) {
		if (strcmp(verbs[i]->name, argv[1]))
			continue;
		t.verb = verbs[i];
		t.verb->run(&t, argc - 1, argv + 1);
		tool_finish(&t);
	}
	tool_usage(&t, "no verb \"%s\"", argv[1]);
}
