// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-fsck.c - anyfs fsck: check or repair file systems with their own programs
 *
 * The programs work on a copy (volume.h), so a check can replay the journal there first, and the
 * image does not change.  A check after the repair decides whether it has worked, because the
 * exit codes of repairs differ between programs.
 */
#include <stdlib.h>
#include <string.h>
#include <lkl/linux/mount.h>
#include "fsck.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "signals.h"
#include "verbs.h"

#define ERRORS_MAX	7		/* exit codes above are failures of the program */

struct fsck {
	struct volume v;
	bool repair;
	bool errors;			/* a file system has errors */
};

static const char *result_text(const char *result)
{
	return !strcmp(result, "clean") ? "no errors" :
	       !strcmp(result, "repaired") ? "errors were repaired" : "errors found";
}

/* Print each line of @output, as text or as members of a JSON array. */
static void print_output(struct tool *t, char *output)
{
	bool first = true;

	for (char *save, *line = strtok_r(output, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (t->json) {
			fputs(first ? "" : ", ", stdout);
			json_string(line);
		} else {
			fputs("  ", stdout);
			print_name(line);
			putchar('\n');
		}
		first = false;
	}
}

static void print_result(struct tool *t, struct anyfs_node *node, const char *program,
			 const char *result, char *output)
{
	const char *path = anyfs_node_path(node), *type = anyfs_node_fstype(node);

	if (t->json) {
		json_separator(t);
		json_text("path", path);
		fputs(", ", stdout);
		json_text("fstype", type);
		printf(", \"program\": \"%s\", \"result\": \"%s\", \"output\": [", program, result);
		print_output(t, output);
		fputs("]}", stdout);
	} else {
		print_name(path);
		printf(": %s: %s (%s)\n", type, result_text(result), program);
		if (strcmp(result, "clean") || t->verbose)
			print_output(t, output);
	}
	tool_check_output(t);
}

/* Let the kernel replay the log of XFS, which xfs_repair cannot.  On failure the log stays. */
static void replay_xfs(struct anyfs_node *node)
{
	char device[64];

	if (strcmp(anyfs_node_fstype(node), "xfs") ||
	    anyfs_node_device(node, device, sizeof(device)))
		return;
	lkl_sys_mkdir("/replay", 0700);
	if (lkl_sys_mount(device, "/replay", "xfs", 0, NULL) >= 0)
		lkl_sys_umount("/replay", 0);
}

/* Run a step.  Its exit code, or -1 after a message. */
static int run_step(struct fsck *f, struct anyfs_node *node, enum fsck_step step)
{
	return volume_run_step(&f->v, node, step, ERRORS_MAX, "not checked");
}

static const char *program_name(struct anyfs_node *node)
{
	return fsck_program(NULL, anyfs_node_fstype(node), FSCK_CHECK)->name;
}

/* Check the copy, and report.  False after a message, or if there are errors. */
static bool check_copy(struct fsck *f, struct anyfs_node *node)
{
	struct tool *t = f->v.t;
	char *output;
	int code;

	if (run_step(f, node, FSCK_REPLAY) < 0)
		return false;
	code = run_step(f, node, FSCK_CHECK);
	if (code < 0)
		return false;
	output = volume_output(&f->v, node);
	f->errors |= code && !f->repair;
	if (code && strstr(output, "valuable metadata changes in a log"))
		tool_note(t, "%s: %s: the log was not replayed, so errors may be caused by that; --repair replays it",
			  t->image_path, anyfs_node_path(node));
	if (!code || !f->repair)
		print_result(t, node, program_name(node), code ? "errors" : "clean", output);
	free(output);
	return !code;
}

/* Repair the copy, check it again and copy it back. */
static void repair(struct fsck *f, struct anyfs_node *node)
{
	char *output;
	int code;

	if (run_step(f, node, FSCK_REPAIR) < 0)
		return;
	output = volume_output(&f->v, node);
	code = run_step(f, node, FSCK_CHECK);
	if (code >= 0 && volume_store(&f->v, node)) {
		f->errors |= code;
		f->v.t->files++;
		print_result(f->v.t, node, program_name(node), code ? "errors" : "repaired",
			     output);
	}
	free(output);
}

static void check(struct fsck *f, struct anyfs_node *node)
{
	const char *type = anyfs_node_fstype(node);
	uint64_t failures = f->v.t->failures;

	if (f->repair && !fsck_program(NULL, type, FSCK_REPAIR)) {
		tool_path_error(f->v.t, anyfs_node_path(node), "%s cannot be repaired: there is no program for it",
				type);
		return;
	}
	if (f->repair)
		replay_xfs(node);
	if (!volume_load(&f->v, node))
		return;
	if (check_copy(f, node)) {
		if (f->repair)		/* e2fsck has replayed the journal */
			volume_store(&f->v, node);
	} else if (f->repair && f->v.t->failures == failures) {
		repair(f, node);
	}
}

static void check_path(struct fsck *f, const char *path)
{
	struct anyfs_node *node = volume_find(f->v.t, path);

	if (!node)
		return;
	if (fsck_program(NULL, anyfs_node_fstype(node), FSCK_CHECK))
		check(f, node);
	else
		tool_path_error(f->v.t, path, "%s has no program that checks it",
				anyfs_node_fstype(node));
}

/* Check all file systems of the image; report those that cannot be checked. */
static void check_all(struct fsck *f)
{
	struct tool *t = f->v.t;
	AnyfsPart *parts;
	int nr = anyfs_image_parts(t->image, &parts), checked = 0;

	if (nr < 0) {
		tool_error(t, "%s", anyfs_strerror_last());
		return;
	}
	for (int i = 0; i < nr && !tool_stopping(t); i++) {
		if (fsck_program(NULL, parts[i].fstype, FSCK_CHECK)) {
			check_path(f, parts[i].path);
			checked++;
		} else if (*parts[i].fstype) {
			tool_note(t, "%s: %s: not checked: %s has no program that checks it",
				  t->image_path, parts[i].path, parts[i].fstype);
		}
	}
	if (!checked)
		tool_error(t, "%s: contains no file system that can be checked", t->image_path);
	anyfs_free(parts);
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "repair", no_argument, NULL, OPT_VERB },
		TOOL_LONG_OPTIONS
	};
	struct fsck f = { .v = { .t = t, .program = fsck_program } };
	struct verb writer = *t->verb;
	int c;

	while ((c = tool_getopt(t, argc, argv, "", options)) != -1)
		f.repair |= c == OPT_VERB;
	tool_need_args(t, argc, 1, 0);
	writer.writes = f.repair;
	t->verb = &writer;
	volume_begin(&f.v, argv[optind]);
	tool_open(t, argv[optind]);
	for (int i = optind + 1; i < argc && !tool_stopping(t); i++)
		check_path(&f, argv[i]);
	if (optind + 1 == argc)
		check_all(&f);
	volume_end(&f.v);
	if (!t->failures)
		t->status = f.errors;
	tool_finish(t);
}

const struct verb verb_fsck = {
	.name = "fsck",
	.args = "[--repair] [--json] IMAGE [PATH]...",
	.summary = "check or repair file systems",
	.operands = "p+",
	.no_shell = true,
	.help = "The file system's own program, such as e2fsck or xfs_repair, checks a copy of the\n"
		"volume at PATH, or of all volumes.  Without --repair nothing is written to the image.\n"
		"Exit status: 0 if there are no errors or all were repaired, 1 if there are errors,\n"
		"2 if something failed.\n\n"
		"  --repair          repair errors without asking, and replay the journal\n\n"
		"Example: anyfs fsck disk.qcow2 /p2\n\n",
	.has_json = true,
	.failed_status = 2,
	.may_write = true,
	.run = run,
};
