// SPDX-License-Identifier: GPL-2.0
/*
 * host-path.c - paths of the host on the command line
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "host-path.h"
#include "messages.h"
#include "run.h"
#include "session.h"

#define LINKS_MAX	40		/* symbolic links; the kernel's limit for one path */

char *host_parent(struct tool *t, const char *path)
{
	size_t len = strlen(path);
	char *parent;

	while (len && path[len - 1] == '/')
		len--;
	while (len && path[len - 1] != '/')
		len--;
	parent = len ? strndup(path, len) : strdup(".");
	if (!parent)
		tool_no_memory(t);
	return parent;
}

/* The number at the end of a path such as /proc/self/fd/1, or -1. */
static int fd_number(const char *path)
{
	const char *name = strrchr(path, '/');
	char *end;
	long fd = name && name[1] ? strtol(name + 1, &end, 10) : -1;

	return fd >= 0 && fd <= INT_MAX && !*end ? fd : -1;
}

/* The descriptor of this process that the symbolic link @path points to, or -1. */
static int linked_fd(struct tool *t, const char *path)
{
	char target[PATH_MAX], *at = strdup(path);
	int fd = -1;

	for (int links = 0; at && links < LINKS_MAX; links++) {
		ssize_t len = readlink(at, target, sizeof(target) - 1);
		char *parent = host_parent(t, at), *next = NULL;
		struct statfs fs;

		if (!statfs(parent, &fs) && fs.f_type == PROC_SUPER_MAGIC)
			fd = fd_number(at);
		target[len > 0 ? len : 0] = '\0';
		if (fd < 0 && len > 0 &&
		    asprintf(&next, "%s%s%s", *target == '/' ? "" : parent,
			     *target == '/' ? "" : "/", target) < 0)
			tool_no_memory(t);
		free(parent);
		free(at);
		at = next;
	}
	free(at);
	return fd;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

int host_open_stream(struct tool *t, const char *path)
{
	struct stat st, other;
	int number, fd;

	if (!strcmp(path, "-"))
		return STDOUT_FILENO;
	session_require_host(t);
	/* Use the descriptor itself: another open() of the file would start at offset 0. */
	number = linked_fd(t, path);
	if (number >= 0 && !fstat(number, &other) && (stat(path, &st) || same_file(&st, &other)))
		return number;
	if (stat(path, &st) || S_ISDIR(st.st_mode) || (S_ISREG(st.st_mode) && number < 0))
		return -1;
	fd = session_keep_fd(t, open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC));
	if (fd < 0) {
		tool_not_done(t, path, "cannot be written to", -errno);
		tool_finish(t);
	}
	return fd;
}

void host_raise_limit(const struct tool *t)
{
	struct rlimit limit;

	if (t->session)
		return;			/* done when the session began */
	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}
