/* SPDX-License-Identifier: GPL-2.0 */
/*
 * walk.h - walk a tree, depth first
 */
#ifndef ANYFS_WALK_H
#define ANYFS_WALK_H

#include "side.h"
#include "tool.h"

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
	int (*enter_dir)(void *data, const struct walk_node *node);
	/* Called after a directory's children; may be NULL. */
	void (*leave_dir)(void *data, const struct walk_node *node);
	/* Called for everything that is not a directory. */
	void (*visit_file)(void *data, const struct walk_node *node);
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

#endif /* ANYFS_WALK_H */
