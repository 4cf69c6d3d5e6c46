/* SPDX-License-Identifier: GPL-2.0 */
/*
 * image-path.h - open paths of the image, and split them into parent directory and name
 */
#ifndef ANYFS_IMAGE_PATH_H
#define ANYFS_IMAGE_PATH_H

#include "tool.h"

/* Open a path of the image's namespace.  On failure prints a message and returns -errno. */
int tool_openat(struct tool *t, const char *path, int flags);
/* True if @path is the root of a partitioned disk, which contains only the partitions. */
bool tool_is_root(struct tool *t, const char *path);
/*
 * Open the parent directory of @path with O_PATH, and set *@name to the last component,
 * which the caller frees; for the root of a file system these are that root and ".".  The
 * name may be a symbolic link or not exist.  On failure prints a message, returns -errno.
 */
int tool_locate(struct tool *t, const char *path, char **name);

/* If @path is the root above the partitions, report that it cannot hold files, and return true. */
bool tool_refuses_root(struct tool *t, const char *path);
/* Like tool_locate(), for a path to be changed or created; refuses the root above partitions. */
int tool_locate_change(struct tool *t, const char *path, char **name);
/* Like tool_locate_change(), but follows a symbolic link in the last component. */
int tool_locate_target(struct tool *t, const char *path, char **name);

#endif /* ANYFS_IMAGE_PATH_H */
