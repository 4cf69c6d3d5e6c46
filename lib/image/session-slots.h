/* SPDX-License-Identifier: GPL-2.0 */
/*
 * session-slots.h - the slots of a session, over the nodes of its image
 *
 * A slot stands for a node with a name (a partition or volume), for the root of a disk without
 * partitions, or for a file system in a container that has no other children.  Slots are made
 * when their parent is listed, never move, and are freed with the session.  The nodes are freed
 * with the image.
 */
#ifndef ANYFS_IMAGE_SESSION_SLOTS_H
#define ANYFS_IMAGE_SESSION_SLOTS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include "anyfs_session.h"
#include "node.h"

#define SLOT_FIRST	256		/* the first id that is not the number of a partition */

struct slot {
	int id;
	struct slot *parent;		/* NULL: none */
	unsigned int index;		/* number of the partition, or position */
	struct anyfs_node *node;
	AnyfsPartState state;		/* protected by the session's lock */
	const char *reason;		/* of the failure; protected likewise */
	struct slot *children;
	size_t nr_children;
	bool shares;			/* the children belong to another member of the volume */
	const struct anyfs_node *listed;	/* the node whose children these are, or NULL */
};

/* A key that a path gives for a volume. */
struct session_key {
	struct session_key *next;
	const char *node_path;		/* of the volume; belongs to the node */
	struct anyfs_key key;
};

struct AnyfsSession {
	struct anyfs_image *image;
	pthread_mutex_t work;		/* held by calls that open nodes; before the tree's lock */
	pthread_mutex_t lock;		/* innermost: slot states, texts, ids */
	struct slot top;		/* its children are the slots without a parent */
	struct slot **nested;		/* by id, from SLOT_FIRST on */
	size_t nr_nested, room_nested;
	struct text { struct text *next; char text[]; } *texts;	/* reasons of failures */
	AnyfsPart *parts;		/* the partition table with contents, or NULL */
	int nr_parts;
	struct session_key *keys;	/* of the path being walked; protected by the tree's lock */
};

/* session-slots.c */

/* Make the slots of the partitions, or of the whole disk. */
int slots_open(struct AnyfsSession *s);
void slots_free(struct AnyfsSession *s);
/* The slot @id; NULL with error text if there is none. */
struct slot *slot_find(struct AnyfsSession *s, int id);
/*
 * Descend from @slot to a node that lists or to a file system, which is not mounted, and open
 * the containers on the way.  0 or -errno with error text.  Tree locked.
 */
int slot_descend(struct AnyfsSession *s, struct slot *slot, struct anyfs_node **end);
/* Open the containers in @slot and make the slots of its children.  Tree locked. */
int slot_list(struct AnyfsSession *s, struct slot *slot);
/* Change the state; ANYFS_PART_FAILED keeps the text of the last error as its reason. */
void slot_set_state(struct AnyfsSession *s, struct slot *slot, AnyfsPartState state);
AnyfsPartState slot_state(struct AnyfsSession *s, const struct slot *slot);

/* True if @slot is a container: its file system @end (slot_descend()) is not directly in it. */
bool slot_is_container(const struct slot *slot, const struct anyfs_node *end);

/* session-enter.c */

/*
 * Enter @slot; @lkl_path, unless that is NULL, gets the directory of its file system, or "" for
 * a container.  Call with the session's work lock.
 */
int slot_enter(struct AnyfsSession *s, struct slot *slot, uint32_t flags, char *lkl_path);
/* Unmount the file systems in @slot, and close its node if nothing else needs the node. */
int slot_leave(struct AnyfsSession *s, struct slot *slot);

#endif /* ANYFS_IMAGE_SESSION_SLOTS_H */
