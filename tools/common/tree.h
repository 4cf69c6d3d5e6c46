/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tree.h - directories and trees, and the extended attributes of a file
 */
#ifndef ANYFS_TREE_H
#define ANYFS_TREE_H

#include "side.h"
#include "tool.h"

/* xattr.c: extended attributes, symbolic links not followed */

typedef long xattr_fn(void *data, const char *key, const void *value, size_t len);
/* Call @fn for each of @f's; 0, the first thing it returned, or -errno. */
long xattr_each(const struct side *side, const struct side_file *f, xattr_fn *fn, void *data);

/* dirlist.c: a directory read as a whole */

struct dirlist_entry {
	const char *name;
	unsigned char type;		/* DT_* */
};

struct dirlist {
	struct dirlist_entry *entries;
	size_t nr;
	char *names;			/* owns the text */
};

/* What entries are sorted by: the bytes of names, or of the paths below a tree. */
enum dirlist_order { ORDER_NAME, ORDER_PATH };

/* Everything in @fd but "." and "..", sorted.  0 or -errno. */
int dirlist_read(const struct side *side, int fd, enum dirlist_order order, struct dirlist *list);
void dirlist_free(struct dirlist *list);

/* walk.c: a tree, depth first */

#define WALK_DEPTH_MAX	2048

struct walk_node {
	int dirfd;			/* directory it stands in; -1 for the top */
	const char *name;
	const char *path;		/* for messages */
	const char *below;		/* relative to the top; "" for the top */
	unsigned char type;		/* DT_* */
	int fd;				/* a directory's own, else -1 */
	unsigned int depth;
};

struct walk_ops {
	/* Before a directory's children.  < 0: skip it (the message is printed). */
	int (*enter)(void *data, const struct walk_node *node);
	void (*leave)(void *data, const struct walk_node *node);
	/* Everything that is no directory. */
	void (*other)(void *data, const struct walk_node *node);
};

/*
 * Walk below the directory @fd at @path (of the namespace for the image); @fd is
 * closed.  Ends early when tool_stopping(): every directory that was entered is
 * left, nothing else begun.
 */
void walk_tree(struct tool *t, const struct side *side, const char *path, int fd,
	       const struct walk_ops *ops, void *data);
/*
 * Open the child @name of a directory, itself a directory.  Below the root of a
 * partitioned disk this mounts.  Failure is told; a partition that holds no
 * file system is only noted.
 */
int walk_open_dir(struct tool *t, int dirfd, const char *name, const char *path, bool at_root);

/* strbuf.c: a path that grows and shrinks */

struct strbuf {
	char *text;
	size_t len, size;
};

/* Append "/name" ("name" if empty or ending in a slash); the length before, to go back to. */
size_t strbuf_push(struct tool *t, struct strbuf *b, const char *name);
void strbuf_pop(struct strbuf *b, size_t len);

#endif /* ANYFS_TREE_H */
