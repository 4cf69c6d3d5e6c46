/* SPDX-License-Identifier: GPL-2.0 */
/*
 * glob.h - patterns in paths of the image
 */
#ifndef ANYFS_GLOB_H
#define ANYFS_GLOB_H

#include "tool.h"

/* True if @path has characters that make it a pattern. */
bool glob_has_magic(const char *path);
/* If one of @args, which NULL ends, is a pattern: make characters be UTF-8.  Opens files. */
void glob_prepare(char *const *args);
/*
 * The paths that @args, which NULL ends, stand for: a path with * ? or [ that does not exist
 * is replaced by the existing paths that it matches, sorted.  A pattern that matches nothing
 * is reported.  Returns an array that NULL ends, for paths_free(), and the number of paths in
 * *@nr; NULL if there is none.
 */
char **tool_expand(struct tool *t, char *const *args, int *nr);
/* As tool_expand(), but the root of the image if @args is empty. */
char **tool_expand_or_root(struct tool *t, char *const *args, int *nr);
void paths_free(char **paths);

#endif /* ANYFS_GLOB_H */
