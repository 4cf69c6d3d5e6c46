/* SPDX-License-Identifier: GPL-2.0 */
/*
 * node-find.h - find a file system or other content in the tree of an image
 */
#ifndef ANYFS_NODE_FIND_H
#define ANYFS_NODE_FIND_H

#include "tool.h"

/*
 * Find the file system below @n whose root has the path @path, or other content of a known type,
 * such as swap, with that path; else NULL.  Finds only content whose containers were entered;
 * mounts nothing.
 */
struct anyfs_node *node_find_content(struct anyfs_node *n, const char *path);
/* Like node_find_content(), but only file systems. */
struct anyfs_node *node_find_filesystem(struct anyfs_node *n, const char *path);

#endif /* ANYFS_NODE_FIND_H */
