/* SPDX-License-Identifier: GPL-2.0 */
/*
 * dirlist.h - read and sort a whole directory
 */
#ifndef ANYFS_DIRLIST_H
#define ANYFS_DIRLIST_H

#include "side.h"

struct dirlist_entry {
	const char *name;
	unsigned char type;		/* DT_* */
};

struct dirlist {
	struct dirlist_entry *entries;
	size_t nr;
	char *names;			/* buffer that the entries point into */
};

/* Sort by the bytes of the names, or of the paths in a tree (directories end in "/"). */
enum dirlist_order { ORDER_NAME, ORDER_PATH };

/* Read the entries of the directory @fd except "." and "..", sorted.  0 or -errno. */
int dirlist_read(const struct side *side, int fd, enum dirlist_order order, struct dirlist *list);
void dirlist_free(struct dirlist *list);

#endif /* ANYFS_DIRLIST_H */
