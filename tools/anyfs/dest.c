// SPDX-License-Identifier: GPL-2.0
/*
 * dest.c - open the destination in the image of put, copy, cp, mv and ln
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "change.h"
#include "dest.h"
#include "image-path.h"
#include "messages.h"

/* Report that the parent of @path is missing in its file system; false if it is not. */
static bool parent_is_missing(struct tool *t, const char *path)
{
	char *parent = tool_strdup(t, path), *slash;
	int fd = -EINVAL;

	change_strip_slashes(parent);
	slash = strrchr(parent, '/');
	if (slash && slash != parent && !anyfs_image_split_path(t->image, path, NULL)) {
		*slash = '\0';
		fd = anyfs_image_openat(t->image, parent, LKL_O_PATH, 0);
	}
	if (fd == -ENOENT)
		tool_failed(t, parent, "No such file or directory; create it first with mkdir -p", fd);
	else if (fd >= 0)
		lkl_sys_close(fd);
	free(parent);
	return fd == -ENOENT;
}

int dest_open(struct tool *t, const char *path, bool one, char **name)
{
	int fd;

	*name = NULL;
	if (tool_refuses_root(t, path))
		return -EPERM;
	fd = anyfs_image_openat(t->image, path, LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	if (fd >= 0)
		return fd;
	if (fd != -ENOENT && fd != -ENOTDIR) {
		tool_error(t, "%s", anyfs_strerror_last());
		return fd;
	}
	if (!one) {
		tool_path_error(t, path, "no such directory; create it first");
		return fd;
	}
	if (fd == -ENOENT && parent_is_missing(t, path))
		return fd;
	fd = tool_locate_change(t, path, name);
	if (fd < 0 || strcmp(*name, "."))
		return fd;
	/* The path ends in a slash and does not exist. */
	tool_errno(t, path, -ENOTDIR);
	lkl_sys_close(fd);
	free(*name);
	*name = NULL;
	return -ENOTDIR;
}
