// SPDX-License-Identifier: GPL-2.0
/*
 * mkfs-tools.c - the programs that make file systems
 *
 * anyfs has checked before that existing content may be overwritten, so the programs get the
 * options that make them not ask.
 */
#include <stdlib.h>
#include <string.h>
#include "host-program.h"
#include "messages.h"
#include "mkfs.h"

#define ARGS_MAX	6

struct mkfs_tool {
	const char *type;
	const char *program;
	const char *package;		/* package of Debian */
	const char *args[ARGS_MAX];
};

static const struct mkfs_tool tools[] = {
	{ "ext2", "mkfs.ext2", "e2fsprogs", { "-q", "-F" } },
	{ "ext3", "mkfs.ext3", "e2fsprogs", { "-q", "-F" } },
	{ "ext4", "mkfs.ext4", "e2fsprogs", { "-q", "-F" } },
	{ "xfs", "mkfs.xfs", "xfsprogs", { "-q", "-f" } },
	{ "btrfs", "mkfs.btrfs", "btrfs-progs", { "-q", "-f" } },
	{ "f2fs", "mkfs.f2fs", "f2fs-tools", { "-q", "-f" } },
	{ "fat32", "mkfs.vfat", "dosfstools", { "-F", "32" } },
	{ "vfat", "mkfs.vfat", "dosfstools", { NULL } },
	{ "msdos", "mkfs.msdos", "dosfstools", { NULL } },
	{ "exfat", "mkfs.exfat", "exfatprogs", { NULL } },
	{ "ntfs", "mkfs.ntfs", "ntfs-3g", { "-q", "-Q", "-F" } },
	{ "jfs", "mkfs.jfs", "jfsutils", { "-q" } },
	{ "nilfs2", "mkfs.nilfs2", "nilfs-tools", { "-q", "-f" } },
	{ "reiserfs", "mkfs.reiserfs", "reiserfsprogs", { "-q", "-ff" } },
	{ "bcachefs", "mkfs.bcachefs", "bcachefs-tools", { "-q", "-f" } },
	{ "udf", "mkfs.udf", "udftools", { NULL } },
	{ "gfs2", "mkfs.gfs2", "gfs2-utils", { "-q", "-O", "-p", "lock_nolock" } },
	{ "ocfs2", "mkfs.ocfs2", "ocfs2-tools", { "-q", "-F", "-x", "-M", "local" } },
	{ "hfs", "mkfs.hfs", "hfsprogs", { NULL } },
	{ "hfsplus", "mkfs.hfsplus", "hfsprogs", { NULL } },
	{ "minix", "mkfs.minix", "util-linux", { NULL } },
	{ "swap", "mkswap", "util-linux", { "-q" } },
	{ "bfs", "mkfs.bfs", "util-linux-extra", { NULL } },
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

static char **arguments(struct tool *t, const struct mkfs_job *job, const char *path)
{
	const struct mkfs_tool *tool = job->tool;
	char **options = job->options, **args;
	size_t nr = 0, i = 0;

	while (options[nr])
		nr++;
	args = calloc(1 + ARGS_MAX + nr + 2, sizeof(*args));
	if (!args)
		tool_no_memory(t);
	args[i++] = (char *)tool->program;
	for (int own = 0; own < ARGS_MAX && tool->args[own]; own++)
		args[i++] = (char *)tool->args[own];
	while (*options)
		args[i++] = *options++;
	args[i] = (char *)path;
	return args;
}

bool mkfs_run(struct tool *t, const struct mkfs_job *job, const char *path)
{
	const struct host_program program = {
		.name = job->tool->program, .package = job->tool->package,
		.about = job->about, .quiet = job->quiet,
	};
	char **args = arguments(t, job, path);
	bool done = host_program_run(t, &program, args);

	free(args);
	return done;
}

bool mkfs_exists(struct tool *t, const struct mkfs_tool *tool)
{
	const struct host_program program = { .name = tool->program, .package = tool->package };

	return host_program_exists(t, &program);
}
