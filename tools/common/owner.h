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

/*
 * The content of /etc/passwd, or of /etc/group if @group, below the directory @root, links
 * resolved inside it; to be freed.  NULL if there is none.
 */
char *owner_list(struct tool *t, int root, bool group);

/* Parse the @len bytes at @text, all digits, as a number of an owner. */
bool owner_parse_number(const char *text, size_t len, uint32_t *id);

/* The root of the file system that @path is in, or -errno with the message printed. */
int owner_open_root(struct tool *t, const char *path);

/* owner-names.c: the names of numbers */

/* The names of one file system's users and groups.  Zero it before the first use. */
struct owner_names {
	char *top;			/* the file system, as a path of the image */
	struct owner_name *lists[2];	/* users, groups: sorted by number */
	size_t nr[2];
	char *texts[2];			/* buffer with the names */
	struct {
		const char *text;	/* the last name that owner_id() looked up */
		bool found;
		uint32_t id;
	} last[2];
};

/* Read the names for the file system that @path is in, unless @names has them already. */
void owner_names_load(struct tool *t, struct owner_names *names, const char *path);
/* The name of user @id, or of a group if @group; NULL if it has none. */
const char *owner_name(const struct owner_names *names, bool group, uint32_t id);
/* Like owner_name(), or the number as text in @buf. */
const char *owner_text(const struct owner_names *names, bool group, uint32_t id, char buf[11]);
/* The number of the user or group @text, a name or number; false if there is no such name. */
bool owner_id(struct owner_names *names, bool group, const char *text, uint32_t *id);
void owner_names_free(struct owner_names *names);

#endif /* ANYFS_OWNER_H */
