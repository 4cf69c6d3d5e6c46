// SPDX-License-Identifier: GPL-2.0
/*
 * image-path.c - open paths of the image, and split them into parent directory and name
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "image-path.h"
#include "messages.h"
#include "output.h"

#define LINKS_MAX	40		/* the same limit as the kernel's */

int tool_openat(struct tool *t, const char *path, int flags)
{
	int fd = anyfs_image_openat(t->image, path, flags, 0);

	if (fd < 0)
		tool_open_failed(t, path, fd);
	return fd;
}

bool tool_is_root(struct tool *t, const char *path)
{
	return anyfs_image_split_path(t->image, path, NULL) == 1;
}

/* True for the root of a file system and for directories of partitions or volumes. */
static bool is_top(struct tool *t, const char *path)
{
	const char *rest;
	int rc = anyfs_image_split_path(t->image, path, &rest);

	/* On an error return true as well: opening the path then reports it. */
	return rc || !rest[strspn(rest, "/.")];
}

int tool_locate(struct tool *t, const char *path, char **name)
{
	const char *base = strrchr(path, '/');
	char *parent;
	int fd;

	base = base ? base + 1 : path;
	if (is_top(t, path) || !*base || !strcmp(base, ".") || !strcmp(base, "..")) {
		*name = strdup(".");
		parent = strdup(path);
	} else {
		*name = strdup(base);
		parent = strndup(path, base - path);
	}
	if (!*name || !parent)
		tool_no_memory(t);
	fd = tool_openat(t, parent, LKL_O_PATH | LKL_O_DIRECTORY);
	free(parent);
	if (fd < 0)
		free(*name);
	return fd;
}

bool tool_refuses_root(struct tool *t, const char *path)
{
	if (!tool_is_root(t, path))
		return false;
	tool_path_error(t, *path ? path : "/",
			"contains only the partitions: give a path inside one of them, such as /p1/file");
	return true;
}

int tool_locate_change(struct tool *t, const char *path, char **name)
{
	return tool_refuses_root(t, path) ? -EPERM : tool_locate(t, path, name);
}

/* The path that the link at @path, with the text @target, points to; to be freed. */
static char *link_target_path(struct tool *t, const char *path, const char *target)
{
	const char *base = strrchr(path, '/');
	size_t keep = base ? base + 1 - path : 0;
	const char *rest;
	char *to;

	/* An absolute target begins at the root of the link's file system. */
	if (*target == '/')
		keep = anyfs_image_split_path(t->image, path, &rest) ? 0 : rest - path;
	if (*target == '/' && keep && path[keep - 1] == '/')
		keep--;
	if (asprintf(&to, "%.*s%s", (int)keep, path, target) < 0)
		tool_no_memory(t);
	return to;
}

int tool_locate_target(struct tool *t, const char *path, char **name)
{
	char *at = strdup(path);
	int dirfd = -ENOMEM;

	for (int links = 0; at && links <= LINKS_MAX; links++) {
		char *target, *to;
		long err;

		dirfd = tool_locate_change(t, at, name);
		if (dirfd < 0)
			break;
		target = entry_target(&side_image, dirfd, *name, 0, &err);
		if (!target)
			break;		/* not a link, or missing: a later call reports that */
		lkl_sys_close(dirfd);
		free(*name);
		to = link_target_path(t, at, target);
		free(target);
		free(at);
		at = to;
		dirfd = -ELOOP;
	}
	if (dirfd == -ELOOP)
		tool_errno(t, path, -ELOOP);
	else if (!at)
		tool_no_memory(t);
	free(at);
	return dirfd;
}
