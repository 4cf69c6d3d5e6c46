// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-tune.c - anyfs tune: change parameters of a file system with its own program
 */
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "verbs.h"
#include "volume.h"

struct tune {
	struct volume v;
	struct volume_program program;	/* with the user's options */
	char **options;
	int nr;
};

static const struct {
	const char *type, *program, *package;
} programs[] = {
	{ "ext2", "tune2fs", "e2fsprogs" }, { "ext3", "tune2fs", "e2fsprogs" },
	{ "ext4", "tune2fs", "e2fsprogs" }, { "xfs", "xfs_admin", "xfsprogs" },
	{ "btrfs", "btrfstune", "btrfs-progs" }, { "exfat", "tune.exfat", "exfatprogs" },
	{ "jfs", "jfs_tune", "jfsutils" }, { "reiserfs", "reiserfstune", "reiserfsprogs" },
	{ "gfs2", "tunegfs2", "gfs2-utils" }, { "ocfs2", "tunefs.ocfs2", "ocfs2-tools" },
	{ "udf", "udflabel", "udftools" }, { "swap", "swaplabel", "util-linux" },
};

/* A volume_program_fn; @data is a struct tune. */
static const struct volume_program *tune_program(void *data, const char *fstype, unsigned int step)
{
	struct tune *tune = data;

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (strcmp(programs[i].type, fstype))
			continue;
		tune->program.name = programs[i].program;
		tune->program.package = programs[i].package;
		for (int nr = 0; nr < tune->nr; nr++)
			tune->program.args[nr] = tune->options[nr];
		tune->program.args[tune->nr] = VOLUME_FILE;
		return &tune->program;
	}
	return NULL;
}

/* Print a line of the program: control characters are escaped, but tabs align columns. */
static void print_line(FILE *out, char *line)
{
	char *next, *text;

	for (char *cell = line; cell; cell = next) {
		next = strchr(cell, '\t');
		if (next)
			*next++ = '\0';
		text = escape_text(cell, false);
		fprintf(out, "%s%s", text ? text : "", next ? "\t" : "\n");
		free(text);
	}
}

/* With --json, standard output is for the result. */
static void print_output(struct tool *t, char *output)
{
	FILE *out = t->json ? stderr : stdout;

	for (char *save, *line = strtok_r(output, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		print_line(out, line);
	tool_check_output(t);
}

static void tune_volume(struct tune *tune, struct anyfs_node *node)
{
	const char *path = anyfs_node_path(node), *type = anyfs_node_fstype(node);
	struct tool *t = tune->v.t;
	char *output;
	int code;

	if (!tune_program(tune, type, 0)) {
		tool_path_error(t, path, "%s has no program that changes its parameters", type);
		return;
	}
	code = volume_load(&tune->v, node) ? volume_run(&tune->v, node, 0) : -1;
	if (code < 0)
		return;
	output = volume_output(&tune->v, node);
	print_output(t, output);
	free(output);
	if (code)
		tool_path_error(t, path, "not changed: %s failed with exit code %d",
				tune->program.name, code);
	else
		t->files += volume_store(&tune->v, node);
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = { TOOL_LONG_OPTIONS };
	struct tune tune = { .v = { .t = t, .program = tune_program } };
	struct anyfs_node *node;

	while (tool_getopt(t, argc, argv, "", options) != -1)
		;
	tool_need_args(t, argc, 3, 0);
	tune.v.data = &tune;
	tune.options = argv + optind + 2;
	tune.nr = argc - optind - 2;
	if (tune.nr >= VOLUME_ARGS)
		tool_usage(t, "give at most %d options after --", VOLUME_ARGS - 1);
	volume_begin(&tune.v, argv[optind]);
	tool_open(t, argv[optind]);
	node = volume_find(t, argv[optind + 1]);
	if (node)
		tune_volume(&tune, node);
	volume_end(&tune.v);
	tool_finish(t);
}

const struct verb verb_tune = {
	.name = "tune",
	.args = "[--json] IMAGE PATH -- OPTION...",
	.summary = "change parameters of a file system",
	.unknown_option = "; options of the program that changes the file system go after --",
	.operands = "pt+",
	.no_shell = true,
	.help = "The file system's own program, such as tune2fs or xfs_admin, gets the OPTIONs and a\n"
		"copy of the volume at PATH.  If it succeeds, its changes are stored in the image.\n\n"
		"Example: anyfs tune disk.img /p2 -- -c 20 -e remount-ro\n\n",
	.has_result = true,
	.writes = true,
	.run = run,
};
