// SPDX-License-Identifier: GPL-2.0
/*
 * anyfs.c - the command line tool: find and run the verb
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "complete.h"
#include "messages.h"
#include "options.h"
#include "pager.h"
#include "run.h"
#include "standard-fds.h"
#include "verbs.h"

static void print_help(FILE *out)
{
	const struct verb *v;

	fputs("usage: anyfs VERB [OPTIONS] IMAGE [PATH]...\n"
	      "Read and write files in disk images with the Linux kernel's file systems.\n\n",
	      out);
	for (size_t i = 0; (v = nth_verb(i)); i++)
		fprintf(out, "  %-9s %s\n", v->name, v->summary);
	fputs("\nPaths begin with /p1, /p2, ... on a disk with partitions, else with the root of the\n"
	      "file system.  See \"anyfs help VERB\".  \"anyfs --version\" names the kernel.\n",
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

static void unknown_verb(struct tool *t, const char *name)
	__attribute__((noreturn));
static void unknown_verb(struct tool *t, const char *name)
{
	const struct verb *near = nearest_verb(name);

	if (near)
		tool_usage(t, "no verb \"%s\"; did you mean \"%s\"?", name, near->name);
	tool_usage(t, "no verb \"%s\"", name);
}

static void run_verb(struct tool *t, const char *name, int argc, char **argv)
{
	t->verb = find_verb(name);
	if (!t->verb)
		unknown_verb(t, name);
	t->verb->run(t, argc, argv);
	tool_finish(t);
}

/* "anyfs help VERB" is "anyfs VERB --help". */
static void print_verb_help(struct tool *t, int argc, char **argv)
{
	char *args[] = { argv[0], "--help", NULL }, *text = NULL;
	size_t len;
	FILE *f;

	if (argc > 1)
		tool_usage(t, "help takes one verb");
	if (argc == 1 && argv[0][0] != '-')
		run_verb(t, argv[0], 2, args);
	f = open_memstream(&text, &len);
	if (!f)
		tool_no_memory(t);
	print_help(f);
	if (fclose(f))
		tool_no_memory(t);
	pager_print(text);
	free(text);
	tool_finish(t);
}

int main(int argc, char **argv)
{
	struct tool t = { .program = "anyfs" };

	standard_fds_open(t.program);
	signal(SIGPIPE, SIG_IGN);	/* get EPIPE, and close the image */
	signal(SIGXFSZ, SIG_IGN);	/* the same for EFBIG (RLIMIT_FSIZE) */
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		print_verb_help(&t, argc - 2, argv + 2);
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		print_version(&t);
	if (!strcmp(argv[1], "__complete"))
		complete_command(&t, argc - 2, argv + 2);
	run_verb(&t, argv[1], argc - 1, argv + 1);
}
