/* SPDX-License-Identifier: GPL-2.0 */
/*
 * host-path.h - paths of the host on the command line
 */
#ifndef ANYFS_HOST_PATH_H
#define ANYFS_HOST_PATH_H

#include "tool.h"

/* The parent directory of @path, to be freed; "." if @path has none. */
char *host_parent(struct tool *t, const char *path);
/*
 * Open @path if it is a stream, to be written to and not replaced: "-" (standard output), a
 * device, a FIFO, or a link to a descriptor such as /dev/stdout.  Returns a descriptor, or
 * -1 if @path is none of these; ends the program if it cannot be opened.
 */
int host_open_stream(struct tool *t, const char *path);
/* Raise RLIMIT_NOFILE: copying a deep tree keeps descriptors open for each level. */
void host_raise_limit(const struct tool *t);

#endif /* ANYFS_HOST_PATH_H */
