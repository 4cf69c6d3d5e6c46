// SPDX-License-Identifier: GPL-2.0
/*
 * anyfs.c - the command line tool: the table of verbs
 */
#include <limits.h>
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
	&verb_ls, &verb_tree, &verb_find, &verb_grep, &verb_du, &verb_df, &verb_cat, &verb_get,
	&verb_stat, &verb_hash, &verb_verify, &verb_timeline, &verb_parts, &verb_info,
	&verb_put, &verb_copy, &verb_diff, &verb_edit, &verb_mkdir, &verb_rm, &verb_cp,
	&verb_mv, &verb_ln, &verb_chmod, &verb_chown, &verb_touch, &verb_truncate, &verb_lsattr,
	&verb_chattr, &verb_getfattr, &verb_setfattr, &verb_sync, &verb_fsync, &verb_tar_in,
	&verb_tar_out, &verb_mkfs, &verb_mkdisk,
};

#define NR_VERBS	(sizeof(verbs) / sizeof(verbs[0]))
#define NAME_MAX_LEN	16		/* of a verb */

static void print_help(FILE *out)
{
	fputs("usage: anyfs VERB [OPTIONS] IMAGE [PATH]...\n"
	      "Read and write files in disk images with the Linux kernel's file systems.\n\n",
	      out);
	for (size_t i = 0; i < NR_VERBS; i++)
		fprintf(out, "  %-9s %s\n", verbs[i]->name, verbs[i]->summary);
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

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < NR_VERBS; i++)
		if (!strcmp(verbs[i]->name, name))
			return verbs[i];
	return NULL;
}

/* The edit distance of @a and @b, a swap counting as one edit (optimal string alignment). */
static unsigned int distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	unsigned int d[NAME_MAX_LEN + 1][NAME_MAX_LEN + 1];

	if (la > NAME_MAX_LEN || lb > NAME_MAX_LEN)
		return UINT_MAX;
	for (size_t i = 0; i <= la; i++)
		for (size_t j = 0; j <= lb; j++) {
			unsigned int least;

			if (!i || !j) {
				d[i][j] = i + j;
				continue;
			}
			least = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			if (d[i - 1][j] + 1 < least)
				least = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < least)
				least = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    d[i - 2][j - 2] + 1 < least)
				least = d[i - 2][j - 2] + 1;
			d[i][j] = least;
		}
	return d[la][lb];
}

static void unknown_verb(struct tool *t, const char *name)
	__attribute__((noreturn));
static void unknown_verb(struct tool *t, const char *name)
{
	/* Suggest no name that differs in more than half of the letters. */
	unsigned int best = strlen(name) / 2 + 1;
	const char *near = NULL;

	for (size_t i = 0; i < NR_VERBS; i++) {
		unsigned int d = distance(name, verbs[i]->name);

		if (d < best && d <= 2) {
			best = d;
			near = verbs[i]->name;
		}
	}
	if (near)
		tool_usage(t, "no verb \"%s\"; did you mean \"%s\"?", name, near);
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
static void help(struct tool *t, int argc, char **argv)
{
	char *args[] = { argv[0], "--help", NULL };

	if (argc > 1)
		tool_usage(t, "help takes one verb");
	if (argc == 1 && argv[0][0] != '-')
		run_verb(t, argv[0], 2, args);
	print_help(stdout);
	tool_finish(t);
}

int main(int argc, char **argv)
{
	struct tool t = { .program = "anyfs" };

	standard_fds_open(t.program);
	signal(SIGPIPE, SIG_IGN);	/* report EPIPE as a write error */
	signal(SIGXFSZ, SIG_IGN);	/* report EFBIG, from RLIMIT_FSIZE, likewise */
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		help(&t, argc - 2, argv + 2);
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		print_version(&t);
	run_verb(&t, argv[1], argc - 1, argv + 1);
}
