// SPDX-License-Identifier: GPL-2.0
/*
 * node-find.c - find a file system or other content in the tree of an image
 */
#include <string.h>
#include "node-find.h"

struct anyfs_node *node_find_content(struct anyfs_node *n, const char *path)
{
	enum anyfs_node_kind kind = anyfs_node_kind(n);
	struct anyfs_node *child, *found = NULL;

	if ((kind == ANYFS_NODE_FILESYSTEM || kind == ANYFS_NODE_OTHER) && *anyfs_node_fstype(n) &&
	    !strcmp(anyfs_node_path(n), path))
		return n;
	/* A file system has children if it contains images that were entered. */
	for (unsigned int i = 0; !found && (child = anyfs_node_child(n, i)); i++)
		found = node_find_content(child, path);
	return found;
}

struct anyfs_node *node_find_filesystem(struct anyfs_node *n, const char *path)
{
	struct anyfs_node *found = node_find_content(n, path);

	return found && anyfs_node_kind(found) == ANYFS_NODE_FILESYSTEM ? found : NULL;
}
