/* SPDX-License-Identifier: GPL-2.0 */
/*
 * glob.h - patterns in paths of the image
 */
#ifndef ANYFS_GLOB_H
#define ANYFS_GLOB_H

#include "tool.h"

/* True if @path has characters that make it a pattern. */
bool glob_has_magic(const char *path);
/*
 * If the NULL-terminated @args contain a pattern, set a UTF-8 locale, so that "?" matches a
 * character and not a byte.  Opens files of the locale, so call it before tool_open().
 */
void glob_prepare(char *const *args);
/*
 * Expand the patterns in the NULL-terminated @args: a path with * ? or [ that does not exist
 * is replaced by the existing paths that it matches, sorted.  A pattern that matches nothing
 * is reported.  Returns a NULL-terminated array, for paths_free(), and the number of paths in
 * *@nr; NULL if there is none.
 */
char **tool_expand(struct tool *t, char *const *args, int *nr);
/* Like tool_expand(), but with session_directory(), or "/", if @args is empty. */
char **tool_expand_or_root(struct tool *t, char *const *args, int *nr);
/* The one path that @path stands for, to be freed; NULL, after a message, if there is none. */
char *tool_expand_one(struct tool *t, const char *path);
void paths_free(char **paths);

#endif /* ANYFS_GLOB_H */
