/* SPDX-License-Identifier: GPL-2.0 */
/*
 * owner.h - users and groups by the names that the image gives them
 */
#ifndef ANYFS_OWNER_H
#define ANYFS_OWNER_H

#include "side.h"
#include "tool.h"

#define OWNER_KEEP	0xffffffffu	/* as chown(2): leave it */

struct owner {
	uint32_t uid, gid;
};

/*
 * "USER", "USER:GROUP", ":GROUP", "USER:" (with the group of USER), each a number or
 * a name of /etc/passwd and /etc/group in the file system that @path is in.  False
 * if there is no such name, which is told.
 */
bool owner_parse(struct tool *t, const char *path, const char *text, struct owner *o);

/*
 * The number of @name in /etc/passwd, or /etc/group if @group, below the directory
 * @root.  False if it has none.
 */
bool owner_number(struct tool *t, int root, bool group, const char *name, uint32_t *id);

#endif /* ANYFS_OWNER_H */
