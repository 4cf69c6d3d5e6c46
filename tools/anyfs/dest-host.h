/* SPDX-License-Identifier: GPL-2.0 */
/*
 * dest-host.h - the destination on the host of get and copy
 */
#ifndef ANYFS_DEST_HOST_H
#define ANYFS_DEST_HOST_H

#include "tool.h"

/*
 * Open the destination @dest of @nr sources before the image, and let the sandbox write
 * there.  If it is a directory, open that and set *@name to NULL; else open its parent and
 * set *@name to the name of the only copy, to be freed.  Ends the program on failure.
 */
int host_dest_open(struct tool *t, int nr, const char *dest, char **name);

#endif /* ANYFS_DEST_HOST_H */
