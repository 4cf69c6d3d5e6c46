/* SPDX-License-Identifier: GPL-2.0 */
/*
 * host-path.h - paths of the host that the user gave
 */
#ifndef ANYFS_HOST_PATH_H
#define ANYFS_HOST_PATH_H

#include "tool.h"

/* The directory that @path stands in, to be freed; "." at least. */
char *host_parent(struct tool *t, const char *path);
/*
 * What is written to @path goes through it: "-" is standard output, else a device, a FIFO,
 * or a link to a descriptor, as /dev/stdout.  An open descriptor, or -1 if @path is
 * none of these; ends the program if it cannot be opened.
 */
int host_open_stream(struct tool *t, const char *path);
/* Deep trees keep a descriptor open for each level. */
void host_raise_limit(void);

#endif /* ANYFS_HOST_PATH_H */
