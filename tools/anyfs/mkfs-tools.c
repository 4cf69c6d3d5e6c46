// SPDX-License-Identifier: GPL-2.0
/*
 * mkfs-tools.c - the programs that make file systems
 *
 * anyfs has checked before that existing content may be overwritten, so the programs get the
 * options that make them not ask.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "messages.h"
#include "mkfs.h"
#include "signals.h"

#define ARGS_MAX	6

extern char **environ;

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

/* Search /usr/sbin and /sbin too: the PATH of ordinary users often lacks them. */
static bool find_program(const char *name, char *path, size_t len)
{
	const char *dirs = getenv("PATH");
	char all[PATH_MAX * 4];

	snprintf(all, sizeof(all), "%s:/usr/sbin:/sbin", dirs ? dirs : "/usr/bin:/bin");
	for (char *save, *dir = strtok_r(all, ":", &save); dir; dir = strtok_r(NULL, ":", &save)) {
		snprintf(path, len, "%s/%s", dir, name);
		if (!access(path, X_OK))
			return true;
	}
	return false;
}

/* Start @program with default signals; with --json its stdout becomes stderr. */
static int spawn(struct tool *t, const char *program, char **args, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, defaults;
	int err;

	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	sigaddset(&defaults, SIGXFSZ);
	posix_spawn_file_actions_init(&actions);
	if (t->json)
		posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	err = posix_spawn(pid, program, &actions, &attr, args, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return err;
}

static char **arguments(struct tool *t, const struct mkfs_tool *tool, const char *path,
			char **options)
{
	size_t nr = 0, i = 0;
	char **args;

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

bool mkfs_run(struct tool *t, const struct mkfs_tool *tool, const char *path, char **options)
{
	char program[PATH_MAX], **args;
	int status = 0, err;
	pid_t pid;

	if (!find_program(tool->program, program, sizeof(program))) {
		tool_error(t, "%s: not found: install the Debian package %s", tool->program,
			   tool->package);
		return false;
	}
	args = arguments(t, tool, path, options);
	fflush(stdout);
	err = spawn(t, program, args, &pid);
	free(args);
	if (err) {
		tool_error(t, "%s: cannot be run: %s", program, strerror(err));
		return false;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (tool_stopping(t))
		return false;
	if (WIFSIGNALED(status))
		tool_error(t, "%s: ended by SIG%s", tool->program, sigabbrev_np(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		tool_error(t, "%s: failed with exit code %d", tool->program, WEXITSTATUS(status));
	return !status;
}
