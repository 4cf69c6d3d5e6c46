/* SPDX-License-Identifier: GPL-2.0 */
/*
 * parts-table.h - the table of partitions that anyfs parts and anyfs-lspart print
 */
#ifndef ANYFS_PARTS_TABLE_H
#define ANYFS_PARTS_TABLE_H

#include "tool.h"

#define PARTS_SUMMARY	"list the partitions of an image and their file systems"
#define PARTS_HELP	"  -b, --bytes       print sizes in bytes\n" \
			"  --tree            draw the tree of all that is inside\n"

/* Like run of struct verb (tool.h). */
int parts_run(struct tool *t, int argc, char **argv);

/* The table as text, to be freed.  On failure prints a message and returns NULL. */
char *parts_text(struct tool *t, struct anyfs_image *image);

#endif /* ANYFS_PARTS_TABLE_H */
