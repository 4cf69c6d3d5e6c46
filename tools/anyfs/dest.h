/* SPDX-License-Identifier: GPL-2.0 */
/*
 * dest.h - open the destination of put, mv and ln
 */
#ifndef ANYFS_DEST_H
#define ANYFS_DEST_H

#include <stdbool.h>
#include "tool.h"

/*
 * Open the destination @path of the image.  If it is a directory, open it and set *@name
 * to NULL.  Otherwise, if there is only one source (@one), open the parent directory and
 * set *@name to the new file's name; the caller frees it.  Returns a descriptor, or -errno
 * after printing a message.
 */
int dest_open(struct tool *t, const char *path, bool one, char **name);

#endif /* ANYFS_DEST_H */
