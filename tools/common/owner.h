/* SPDX-License-Identifier: GPL-2.0 */
/*
 * owner.h - look up users and groups in the image's own /etc/passwd and /etc/group
 */
#ifndef ANYFS_OWNER_H
#define ANYFS_OWNER_H

#include "side.h"
#include "tool.h"

#define OWNER_KEEP	0xffffffffu	/* as for chown(2): do not change */

struct owner {
	uint32_t uid, gid;
};

/*
 * Parse "USER", "USER:GROUP", ":GROUP" or "USER:" (with the group of USER).  Each is a
 * number, or a name in /etc/passwd or /etc/group of the file system that holds @path.
 * If a name is unknown, prints a message and returns false.
 */
bool owner_parse(struct tool *t, const char *path, const char *text, struct owner *o);

/*
 * Look up the number of @name in /etc/passwd, or in /etc/group if @group, below the
 * directory @root.  False if the file does not list it.
 */
bool owner_number(struct tool *t, int root, bool group, const char *name, uint32_t *id);

#endif /* ANYFS_OWNER_H */
