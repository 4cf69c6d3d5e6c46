/* SPDX-License-Identifier: GPL-2.0 */
/*
 * image-path.h - paths of the image: open them, and find the directory that holds a name
 */
#ifndef ANYFS_IMAGE_PATH_H
#define ANYFS_IMAGE_PATH_H

#include "tool.h"

/* Open a path of the image's namespace; -errno with the message printed. */
int tool_openat(struct tool *t, const char *path, int flags);
/* What was opened is the root that holds the partitions. */
bool tool_is_root(struct tool *t, const char *path);
/*
 * Where @path stands: a directory, opened O_PATH, and a name in it ("." if it is
 * the top of a file system), to be freed.  The name may be a symbolic link, or
 * not exist.  -errno with the message printed.
 */
int tool_locate(struct tool *t, const char *path, char **name);

/* True, and told, if @path is the root above the partitions, where nothing can be made. */
bool tool_refuses_root(struct tool *t, const char *path);
/* As tool_locate(), for a path that is to be changed or made; the root is refused. */
int tool_locate_change(struct tool *t, const char *path, char **name);
/* As tool_locate_change() with a symbolic link as last component followed. */
int tool_locate_target(struct tool *t, const char *path, char **name);

#endif /* ANYFS_IMAGE_PATH_H */
