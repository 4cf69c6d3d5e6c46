/* SPDX-License-Identifier: GPL-2.0 */
/*
 * node.h - the tree of an image: partitions, containers, file systems
 *
 * A node is a disk, a partition, a container (partition table, encrypted volume, volume
 * group, array), a volume, or a file system.  An open node that has bytes has a device of
 * our kernel.  Its bytes are probed, and the content becomes a node below it.
 *
 * Names: the children of a node that lists have names; any other node has at most one
 * child, which has no name and takes no component of a path.  So an ext4 in a LUKS in
 * partition 3 is /p3, and the volume "root" of an LVM2 group in that LUKS is /p3/root.
 *
 * Nodes are created when their parent is listed, opened when a path enters them, and freed
 * with their image.  All calls are made with the kernel's tree lock held
 * (kstate.tree_lock).
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
	 * Make the node usable; the parent is open.  Sets node->dev if the node has
	 * bytes.  0 or -errno with error text.  NULL: nothing to do.
	 */
	int (*open)(struct anyfs_node *n);
	/*
	 * Add the children with node_add(); the node is open.  NULL: the only child is the
	 * content of the node's device.
	 */
	int (*list)(struct anyfs_node *n);
	/*
	 * Get a writable device with the same bytes, whose changes stay in memory:
	 * journals are replayed there.  NULL: not supported.
	 */
	int (*shadow)(struct anyfs_node *n, uint64_t *dev);
	/*
	 * Undo open; the children are closed already.  0 or -errno with error text; closes in
	 * any case.
	 */
	int (*close)(struct anyfs_node *n);
	/* Free node->data if it is not NULL. */
	void (*free)(struct anyfs_node *n);
};

struct anyfs_image {
	struct anyfs_image *next;	/* next image of the kernel */
	struct kstate *ks;		/* a reference */
	int disk;			/* the kernel's index of its disk */
	char *name;			/* for messages */
	char root[32];			/* "/lklmnt/disk0" */
	struct part_set parts;		/* numbers of the disk's partitions */
	unsigned int nr_parts;		/* 0: the disk has no table */
	struct anyfs_node *tree;	/* the root node, which is the disk; owned */
	char disk_note[512];		/* note about the disk that was not reported yet, or "" */
	/* From struct anyfs_image_opts; the strings are owned, NULL if not set: */
	char *fstype, *opts, *subvol;
	void (*note)(void *data, const char *text);
	void *note_data;
	bool degraded, disk_paths;
	unsigned long mount_flags;	/* LKL_MS_*, from struct anyfs_image_opts */
	int (*key)(void *data, const struct anyfs_node *node, unsigned int attempt,
		   struct anyfs_key *key);
	void *key_data;
	struct crypt_request crypt;	/* limits of key derivation, and the keyslot */
	struct volume_opts *volumes;	/* from anyfs_image_add_volume(); owned */
};

/* image.c */
const char *image_name(const struct anyfs_image *im);
/* Report @note to the user of the image, unless it is empty. */
void image_note(struct anyfs_image *im, const char *object, const char *note);

struct anyfs_node {
	const struct node_kind *kind;
	struct anyfs_image *image;
	struct anyfs_node *parent, *children, *next;	/* next: sibling */
	struct anyfs_node *last;	/* of the children, if there are any */
	/* The child that anyfs_node_child() found last, and its index; NULL: none. */
	struct anyfs_node *found;
	unsigned int found_index;
	char *name;			/* "p3", "root"; "": takes no component of a path */
	char *path;			/* in the namespace, "/" or "/p3/root" */
	char *object;			/* for messages: "disk.img: /p3/root" */
	enum anyfs_node_state state;
	int err;			/* error number of the failed open */
	char *reason;			/* text of that error, or NULL */
	bool lists;			/* its children have names; set by open */
	bool listed;			/* its children were added */
	bool is_member;			/* an array, group or btrfs uses its device: keep it open */
	bool has_dev;			/* dev is valid: the node is open and has bytes */
	struct device dev;
	struct anyfs_node *shown_by;	/* node that shows the volume of this member, or NULL */
	struct AnyfsPart part;		/* from the partition table and the prober */
	void *data;			/* private data of the kind */
};

extern const struct node_kind node_disk, node_partition, node_table, node_crypt, node_array,
	node_group, node_volume, node_filesystem, node_file, node_other, node_verity;

/* node.c */

/* Add a child to @parent (NULL: the root).  On failure NULL, with error text. */
struct anyfs_node *node_add(struct anyfs_image *image, struct anyfs_node *parent,
			    const struct node_kind *kind, const char *name);
/* Open @n and all nodes above it.  0 or -errno with error text. */
int node_open(struct anyfs_node *n);
/* Open @n and add its children.  0 or -errno with error text. */
int node_list(struct anyfs_node *n);
/* Whether @n can be closed and opened again without harm: it was only probed. */
bool node_is_idle(const struct anyfs_node *n);
/*
 * Whether the error @rc of opening @n means that the kernel lacks memory or threads.  Callers
 * report it: such a node may have content.
 */
bool node_lacks_memory(const struct anyfs_node *n, int rc);
/* Close @n and all nodes below it.  0 or the first error; node_free() is still needed. */
int node_close(struct anyfs_node *n);
void node_free(struct anyfs_node *n);
/*
 * Descend from @n through children without names to a node that lists or a file system.
 * Opens all nodes on the way except the file system.
 */
int node_descend(struct anyfs_node *n, struct anyfs_node **end);
/*
 * Follow @path from @n.  *@end is either a file system, which is not opened, and *@rest
 * the path in it; or a node that lists, and *@rest is "".  0 or -errno with error text.
 */
int node_walk(struct anyfs_node *n, const char *path, struct anyfs_node **end, const char **rest);
/*
 * Get the shadow of @n: a device with its bytes, whose changes stay in memory.  0 or -errno
 * with error text.
 */
int node_shadow(struct anyfs_node *n, uint64_t *dev);

/*
 * Cut the links from @n, and from the nodes below @n, to nodes of @im; close those nodes of
 * @im.  0 or -errno with error text.
 */
int node_unlink_image(struct anyfs_node *n, const struct anyfs_image *im);

/* node-members.c */

/* A search for the members of a volume group, array or btrfs. */
struct member_search {
	const struct node_kind *kind;	/* kind of nodes that may be members */
	/* Examine @n, maybe repeatedly; returns true if nothing below it needs a search. */
	bool (*visit)(struct anyfs_node *n, void *data);
	/* Whether no member is missing. */
	bool (*are_complete)(void *data);
	void *data;			/* argument of the functions */
};

/*
 * Pass the nodes of s->kind to s->visit: those in the image of @first, and while members are
 * missing, those in the other images of the kernel.
 */
void members_find(struct anyfs_node *first, const struct member_search *s);

/* node-mount-point.c: directories of the kernel's root file system */

#define NODE_POINT_MAX	1024

/* Get the path of the directory of @n.  0 or -ENAMETOOLONG with error text. */
int node_point(const struct anyfs_node *n, char *point, size_t len);
/* Get the path and create the directory. */
int node_make_point(const struct anyfs_node *n, char *point, size_t len);
/* Create the mount point of a file system; @point has NODE_POINT_MAX bytes. */
int node_make_mount_point(const struct anyfs_node *n, char *point);
void node_remove_points(struct anyfs_node *n);

/* node-filesystem.c */

/* The descriptor of the root of an open file system, and its mount point. */
int64_t filesystem_root(const struct anyfs_node *n);
const char *filesystem_point(const struct anyfs_node *n);
/* The note of its mount, or "". */
const char *filesystem_note(const struct anyfs_node *n);
/*
 * Unmount the open file system @n, and mark it as new.  0 or -errno with error text; on -EBUSY it
 * stays open.
 */
int filesystem_leave(struct anyfs_node *n);

/* node-btrfs.c */

/*
 * Register all devices of the btrfs @n with the kernel before @n is mounted.  *@degraded: some
 * are missing, and the user allows that.  0 or -errno with error text.
 */
int btrfs_find_devices(struct anyfs_node *n, bool *degraded);
/* Let the kernel forget the devices of btrfs that are not mounted. */
void btrfs_forget_devices(struct anyfs_kernel *k);

/* node-file.c */

/*
 * If @path in the file system @fs leads into a disk image, *@file gets the node of that image,
 * which is not opened, and *@rest the path after the mark; else *@file gets NULL.  0 or -errno
 * with error text.
 */
int node_inner_file(struct anyfs_node *fs, const char *path, struct anyfs_node **file,
		    const char **rest);
/* The number of @n, which no other file node has. */
unsigned int node_file_serial(const struct anyfs_node *n);

/* node-probe.c: probe @n and add its content as a child.  0 or -errno with error text. */
int node_add_content(struct anyfs_node *n);

#endif /* ANYFS_IMAGE_NODE_H */
