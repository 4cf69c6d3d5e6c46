/* SPDX-License-Identifier: GPL-2.0 */
/*
 * remove.h - remove trees
 */
#ifndef ANYFS_REMOVE_H
#define ANYFS_REMOVE_H

#include "side.h"
#include "tool.h"

/*
 * Remove dir/name and everything below it; @path is for messages.  Each failure is
 * reported; returns false if there was any.
 */
bool remove_tree(struct tool *t, const struct side *side, int dir, const char *name,
		 const char *path);

#endif /* ANYFS_REMOVE_H */
