/* SPDX-License-Identifier: GPL-2.0 */
/*
 * host-path.h - paths of the host that the user gave
 */
#ifndef ANYFS_HOST_PATH_H
#define ANYFS_HOST_PATH_H

#include "tool.h"

/* The directory that @path stands in, to be freed; "." at least. */
char *host_parent(struct tool *t, const char *path);
/* Deep trees keep a descriptor open for each level. */
void host_raise_limit(void);

#endif /* ANYFS_HOST_PATH_H */
