/* SPDX-License-Identifier: GPL-2.0 */
/*
 * node.h - the tree of what is in an image
 *
 * A node is a disk, a partition, a container (table, crypt, group of volumes,
 * array), a volume, or a file system.  A node that has bytes of its own has a
 * device of our kernel once it is open.  What those bytes hold is probed, and
 * becomes a node below it.
 *
 * Names: a node of a kind that lists shows its children by name; any other has
 * at most one child, which has no name and takes no component of a path.  So an
 * ext4 in a LUKS in partition 3 is /p3, and volume "root" of an LVM2 in there
 * would be /p3/root.
 *
 * Nodes are made when their parent is listed, opened when they are entered, and
 * freed with their image.  All calls are made with the kernel's tree lock
 * held (kstate.tree_lock).
 */
#ifndef ANYFS_IMAGE_NODE_H
#define ANYFS_IMAGE_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "anyfs.h"
#include "crypt.h"
#include "device.h"
#include "image.h"

struct node_kind {
	enum anyfs_node_kind id;
	/*
	 * Make the node usable; the parent is open.  One that has bytes fills in
	 * node->dev.  0 or -errno with a text.  NULL: there is nothing to do.
	 */
	int (*open)(struct anyfs_node *n);
	/*
	 * Add the children with node_add(); the node is open.  NULL: there is one,
	 * which is what the node's device holds.
	 */
	int (*list)(struct anyfs_node *n);
	/*
	 * A device with the same bytes that may be written to, and changes in memory
	 * only: journals are replayed there.  NULL: there can be none.
	 */
	int (*shadow)(struct anyfs_node *n, uint64_t *dev);
	/* Undo open; the children are closed.  -errno with a text: it is closed all the same. */
	int (*close)(struct anyfs_node *n);
	/* Free node->data, if that is not NULL. */
	void (*free)(struct anyfs_node *n);
};

struct anyfs_image {
	struct anyfs_image *next;	/* of the kernel's */
	struct kstate *ks;
	int disk;
	char *name;			/* for messages */
	char root[32];			/* "/lklmnt/disk0" */
	struct part_set parts;
	unsigned int nr_parts;		/* 0: the disk has no table */
	struct anyfs_node *tree;
	char disk_note[512];		/* what nobody was told of the disk yet, or "" */
	/* AnyfsImageOpts */
	char *fstype, *opts;
	void (*note)(void *data, const char *text);
	void *note_data;
	bool degraded;
	unsigned long mount_flags;	/* LKL_MS_*, from AnyfsImageOpts */
	int (*key)(void *data, const struct anyfs_node *node, unsigned int attempt, AnyfsKey *key);
	void *key_data;
	struct crypt_request crypt;	/* limits, keyslot */
};

/* image.c */
const char *image_name(const struct anyfs_image *im);
/* Give @note, if there is any, to the image's user. */
void image_note(struct anyfs_image *im, const char *object, const char *note);

struct anyfs_node {
	const struct node_kind *kind;
	struct anyfs_image *image;
	struct anyfs_node *parent, *children, *next;
	char *name;			/* "p3", "root"; "" for an only child without one */
	char *path;			/* in the namespace, "/" or "/p3/root" */
	char *object;			/* for messages: "disk.img: /p3/root" */
	enum anyfs_node_state state;
	int err;			/* why it failed */
	char *reason;			/* its text, or NULL */
	bool lists;			/* its children have names; set by open */
	bool listed, has_dev;
	struct device dev;
	struct anyfs_node *same;		/* its group is shown there; NULL: it is not */
	struct AnyfsPart part;		/* what the table and the prober say of it */
	void *data;			/* of the kind */
};

extern const struct node_kind node_disk, node_partition, node_table, node_crypt, node_array,
	node_group, node_volume, node_filesystem, node_other;

/* node.c */

/* A new child of @parent (NULL: the root), or NULL and the text of -ENOMEM. */
struct anyfs_node *node_add(struct anyfs_image *image, struct anyfs_node *parent,
			    const struct node_kind *kind, const char *name);
/* Open @n and all above it.  0 or -errno with a text. */
int node_open(struct anyfs_node *n);
/* Open @n and make its children known.  0 or -errno with a text. */
int node_list(struct anyfs_node *n);
/* Close @n and all below it.  0 or the first error; freed in any case with node_free(). */
int node_close(struct anyfs_node *n);
void node_free(struct anyfs_node *n);
/*
 * Where the way that begins at @n without a name ends: at a node that lists, or a
 * file system.  All of it is opened but the file system.
 */
int node_descend(struct anyfs_node *n, struct anyfs_node **end);
/*
 * Follow @path from @n.  *@end: a file system, not opened by this, and *@rest the
 * path in it, or a node that lists, and *@rest is "".  0 or -errno with a text.
 */
int node_walk(struct anyfs_node *n, const char *path, struct anyfs_node **end, const char **rest);
/* The device with the bytes of @n that may be written to, in memory.  0 or -errno with a text. */
int node_shadow(struct anyfs_node *n, uint64_t *dev);

/*
 * @n leads no longer into the tree of @im, and is closed if it is shown there or lies
 * there.  0 or -errno with a text.
 */
int node_part(struct anyfs_node *n, const struct anyfs_image *im);

/* node-members.c */

struct member_search {
	const struct node_kind *kind;	/* of nodes that may be members */
	/* Look at @n, perhaps once more; true: do not search below it. */
	bool (*take)(struct anyfs_node *n, void *data);
	/* Whether no member is missing. */
	bool (*are_complete)(void *data);
	void *data;
};

/*
 * Show @s the nodes of its kind near @first: those of the same image, and those of all
 * other images of the kernel while members are missing.
 */
void members_find(struct anyfs_node *first, const struct member_search *s);

/* node-point.c: directories of the kernel's root file system */

#define NODE_POINT_MAX	1024

/* The path of @n there.  0 or -ENAMETOOLONG with a text. */
int node_point(const struct anyfs_node *n, char *point, size_t len);
/* The same, made. */
int node_make_point(const struct anyfs_node *n, char *point, size_t len);
/* Where a file system is to be mounted, made; @point has NODE_POINT_MAX bytes. */
int node_make_mount_point(const struct anyfs_node *n, char *point);
void node_remove_points(struct anyfs_node *n);

/* node-filesystem.c */

/* The descriptor of the root of an open file system, and where it is mounted. */
int64_t filesystem_root(const struct anyfs_node *n);
const char *filesystem_point(const struct anyfs_node *n);

/* node-probe.c: the child that is in the bytes of @n; adds it.  0 or -errno with a text. */
int node_add_content(struct anyfs_node *n);

#endif /* ANYFS_IMAGE_NODE_H */
