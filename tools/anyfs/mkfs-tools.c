// SPDX-License-Identifier: GPL-2.0
/*
 * mkfs-tools.c - the programs that make file systems
 *
 * anyfs has checked before that existing content may be overwritten, so the programs get the
 * options that suppress their questions.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include "host-program.h"
#include "messages.h"
#include "mkfs.h"
#include "no-holes.h"

#define ARGS_MAX	6

struct mkfs_tool {
	const char *type;
	const char *program;
	const char *package;		/* package of Debian */
	const char *args[ARGS_MAX];
	const char *label;		/* option that sets the label, or NULL */
	const char *uuid;		/* option that sets the UUID, or NULL */
	const char *uuid_prefix;	/* of the UUID in the argument of that option, or NULL */
	/* Arguments for sectors of 4096 bytes: an option and its value; only "": none is needed. */
	const char *sectors[2];
	bool needs_no_zeros;		/* does not rely on zeros where it has not written */
};

#define LARGE	4096			/* bytes of a sector */

static const struct mkfs_tool tools[] = {
	{ "ext2", "mkfs.ext2", "e2fsprogs", { "-q", "-F" }, .label = "-L", .uuid = "-U",
	  .sectors = { "-b", "4096" }, .needs_no_zeros = true },
	{ "ext3", "mkfs.ext3", "e2fsprogs", { "-q", "-F" }, .label = "-L", .uuid = "-U",
	  .sectors = { "-b", "4096" }, .needs_no_zeros = true },
	{ "ext4", "mkfs.ext4", "e2fsprogs", { "-q", "-F" }, .label = "-L", .uuid = "-U",
	  .sectors = { "-b", "4096" }, .needs_no_zeros = true },
	{ "xfs", "mkfs.xfs", "xfsprogs", { "-q", "-f" },
	  .label = "-L", .uuid = "-m", .uuid_prefix = "uuid=",
	  .sectors = { "-s", "size=4096" }, .needs_no_zeros = true },
	{ "btrfs", "mkfs.btrfs", "btrfs-progs", { "-q", "-f" }, .label = "-L", .uuid = "-U",
	  .sectors = { "" }, .needs_no_zeros = true },
	{ "f2fs", "mkfs.f2fs", "f2fs-tools", { "-q", "-f" }, .label = "-l", .uuid = "-U",
	  .sectors = { "" }, .needs_no_zeros = true },
	{ "fat32", "mkfs.vfat", "dosfstools", { "-F", "32" }, .label = "-n", .uuid = "-i",
	  .sectors = { "-S", "4096" }, .needs_no_zeros = true },
	{ "vfat", "mkfs.vfat", "dosfstools", { NULL }, .label = "-n", .uuid = "-i",
	  .sectors = { "-S", "4096" }, .needs_no_zeros = true },
	{ "msdos", "mkfs.msdos", "dosfstools", { NULL }, .label = "-n", .uuid = "-i",
	  .needs_no_zeros = true },
	{ "exfat", "mkfs.exfat", "exfatprogs", { NULL }, .label = "-L" },
	{ "ntfs", "mkfs.ntfs", "ntfs-3g", { "-q", "-Q", "-F" }, .label = "-L" },
	{ "jfs", "mkfs.jfs", "jfsutils", { "-q" }, .label = "-L" },
	{ "nilfs2", "mkfs.nilfs2", "nilfs-tools", { "-q", "-f" }, .label = "-L" },
	{ "reiserfs", "mkfs.reiserfs", "reiserfsprogs", { "-q", "-ff" },
	  .label = "-l", .uuid = "-u" },
	{ "bcachefs", "mkfs.bcachefs", "bcachefs-tools", { "-q", "-f" },
	  .label = "-L", .uuid = "-U" },
	{ "udf", "mkfs.udf", "udftools", { NULL }, .label = "-l" },
	{ "gfs2", "mkfs.gfs2", "gfs2-utils", { "-q", "-O", "-p", "lock_nolock" }, .label = NULL },
	{ "ocfs2", "mkfs.ocfs2", "ocfs2-tools", { "-q", "-F", "-x", "-M", "local" },
	  .label = "-L", .uuid = "-U" },
	{ "hfs", "mkfs.hfs", "hfsprogs", { NULL }, .label = NULL },
	{ "hfsplus", "mkfs.hfsplus", "hfsprogs", { NULL }, .label = "-v" },
	{ "minix", "mkfs.minix", "util-linux", { NULL }, .label = NULL },
	{ "swap", "mkswap", "util-linux", { "-q" }, .label = "-L", .uuid = "-U",
	  .sectors = { "" }, .needs_no_zeros = true },
	{ "bfs", "mkfs.bfs", "util-linux-extra", { NULL }, .label = NULL },
};

#define NR_TOOLS	(sizeof(tools) / sizeof(tools[0]))

const struct mkfs_tool *mkfs_find(struct tool *t, const char *type)
{
	char known[512];
	size_t n = 0;

	for (size_t i = 0; i < NR_TOOLS; i++) {
		if (!strcmp(tools[i].type, type))
			return &tools[i];
		n += snprintf(known + n, sizeof(known) - n, "%s%s", i ? ", " : "", tools[i].type);
	}
	tool_error(t, "%s: unknown file system type; known types: %s", type, known);
	return NULL;
}

const char *mkfs_lacks(const struct mkfs_job *job)
{
	if (job->label && !job->tool->label)
		return "label";
	if (job->sector_size == LARGE && !job->tool->sectors[0])
		return "sectors of 4096 bytes";
	return job->uuid && !job->tool->uuid ? "fs-uuid" : NULL;
}

/* The argument of the option that sets the UUID, to be freed. */
static char *uuid_argument(struct tool *t, const struct mkfs_job *job)
{
	const char *prefix = job->tool->uuid_prefix;
	char *text;

	if (asprintf(&text, "%s%s", prefix ? prefix : "", job->uuid ? job->uuid : "") < 0)
		tool_no_memory(t);
	return text;
}

static char **make_args(struct tool *t, const struct mkfs_job *job, char *uuid, const char *path)
{
	const struct mkfs_tool *tool = job->tool;
	size_t nr = 0, i = 1;
	char **args;

	while (job->options && job->options[nr])
		nr++;
	args = calloc(1 + ARGS_MAX + 6 + nr + 2, sizeof(*args));
	if (!args)
		tool_no_memory(t);
	for (int own = 0; own < ARGS_MAX && tool->args[own]; own++)
		args[i++] = (char *)tool->args[own];
	if (job->sector_size == LARGE && tool->sectors[1]) {
		args[i++] = (char *)tool->sectors[0];
		args[i++] = (char *)tool->sectors[1];
	}
	if (job->label) {
		args[i++] = (char *)tool->label;
		args[i++] = (char *)job->label;
	}
	if (job->uuid) {
		args[i++] = (char *)tool->uuid;
		args[i++] = uuid;
	}
	for (size_t own = 0; own < nr; own++)
		args[i++] = job->options[own];
	args[i] = (char *)path;
	return args;
}

bool mkfs_run(struct tool *t, const struct mkfs_job *job, const char *path)
{
	const struct host_program program = {
		.name = job->tool->program, .package = job->tool->package,
		.about = job->about, .quiet = job->quiet,
		.seed = job->seed ? job->seed : job->tool->type,
	};
	char *uuid = uuid_argument(t, job);
	char **args = make_args(t, job, uuid, path);
	bool done = host_program_run(t, &program, args);

	free(args);
	free(uuid);
	return done;
}

/* A call of mkfs_run() by no_holes_run(). */
struct run {
	struct tool *t;
	const struct mkfs_job *job;
	const char *path;
	bool done;
};

static void run_job(void *data)
{
	struct run *run = data;

	run->done = mkfs_run(run->t, run->job, run->path);
}

bool mkfs_run_no_holes(struct tool *t, const struct mkfs_job *job, const char *path, bool *zeros)
{
	struct run run = { .t = t, .job = job, .path = path };

	*zeros = !no_holes_run(run_job, &run) || !job->tool->needs_no_zeros;
	return run.done;
}

bool mkfs_exists(struct tool *t, const struct mkfs_tool *tool)
{
	const struct host_program program = { .name = tool->program, .package = tool->package };

	return host_program_exists(t, &program);
}
