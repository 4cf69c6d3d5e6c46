/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tree.h - read directories, walk trees, read extended attributes
 */
#ifndef ANYFS_TREE_H
#define ANYFS_TREE_H

#include "side.h"
#include "tool.h"

/* xattr.c: extended attributes; symbolic links are not followed */

typedef long xattr_fn(void *data, const char *key, const void *value, size_t len);
/*
 * Call @fn for each extended attribute of @f until it returns a value other than 0; returns
 * that value, 0, or -errno.
 */
long xattr_each(const struct side *side, const struct side_file *f, xattr_fn *fn, void *data);

/* dirlist.c: read and sort a whole directory */

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

/* walk.c: walk a tree, depth first */

#define WALK_DEPTH_MAX	2048

struct walk_node {
	int dirfd;			/* parent directory; -1 for the top */
	const char *name;
	const char *path;		/* for messages */
	const char *below;		/* relative to the top; "" for the top */
	unsigned char type;		/* DT_* */
	int fd;				/* open directory; -1 if the node is not a directory */
	unsigned int depth;
};

struct walk_ops {
	/* Called before a directory's children; < 0 skips them (after printing a message). */
	int (*enter)(void *data, const struct walk_node *node);
	/* Called after a directory's children; may be NULL. */
	void (*leave)(void *data, const struct walk_node *node);
	/* Called for everything that is not a directory. */
	void (*other)(void *data, const struct walk_node *node);
};

/*
 * Walk the tree of the directory @fd, which is at @path of the host or of the image's
 * namespace, and close @fd.  When tool_stopping() becomes true, call @leave for every
 * directory already entered and visit nothing else.
 */
void walk_tree(struct tool *t, const struct side *side, const char *path, int fd,
	       const struct walk_ops *ops, void *data);
/*
 * Walk the tree at @path of the image.  Anything but a directory is passed to @other with
 * depth 0; a symbolic link is not followed.  Failures are reported.
 */
void walk_path(struct tool *t, const char *path, const struct walk_ops *ops, void *data);
/*
 * Open the subdirectory @name of @dirfd.  In the root of a partitioned disk (@at_root)
 * this mounts the partition.  A failure is reported; a partition without a file system
 * only causes a note.
 */
int walk_open_dir(struct tool *t, int dirfd, const char *name, const char *path, bool at_root);

/* strbuf.c: a path that components are appended to and removed from */

struct strbuf {
	char *text;
	size_t len, size;
};

/*
 * Append "/name" ("name" if @b is empty or ends in a slash).  Returns the previous length,
 * for strbuf_pop().
 */
size_t strbuf_push(struct tool *t, struct strbuf *b, const char *name);
void strbuf_pop(struct strbuf *b, size_t len);

#endif /* ANYFS_TREE_H */
