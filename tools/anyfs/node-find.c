// SPDX-License-Identifier: GPL-2.0
/*
 * node-find.c - find a file system in the tree of an image
 */
#include <string.h>
#include "node-find.h"

struct anyfs_node *node_find_filesystem(struct anyfs_node *n, const char *path)
{
	struct anyfs_node *child, *found = NULL;

	if (anyfs_node_kind(n) == ANYFS_NODE_FILESYSTEM)
		return strcmp(anyfs_node_path(n), path) ? NULL : n;
	for (unsigned int i = 0; !found && (child = anyfs_node_child(n, i)); i++)
		found = node_find_filesystem(child, path);
	return found;
}
