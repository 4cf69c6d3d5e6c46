/* SPDX-License-Identifier: GPL-2.0 */
/*
 * read-only.h - show that an image cannot be changed
 */
#ifndef ANYFS_READ_ONLY_H
#define ANYFS_READ_ONLY_H

#include "tool.h"

/*
 * Print a line for each image of @t that is a file or block device of the host: that all
 * descriptors of it are open for reading only.  The images must be open.
 */
void tool_note_read_only(struct tool *t);

#endif /* ANYFS_READ_ONLY_H */
