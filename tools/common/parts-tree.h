/* SPDX-License-Identifier: GPL-2.0 */
/*
 * parts-tree.h - print the tree of an image for anyfs parts
 */
#ifndef ANYFS_PARTS_TREE_H
#define ANYFS_PARTS_TREE_H

#include "tool.h"

/* Draw the tree on standard output, one node a line; @bytes: sizes in bytes. */
void parts_tree_draw(struct tool *t, bool bytes);
/* Print the member "blockdevices", in the shape of lsblk -J. */
void parts_tree_json(struct tool *t);

#endif /* ANYFS_PARTS_TREE_H */
