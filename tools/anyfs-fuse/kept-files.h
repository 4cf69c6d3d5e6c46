/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kept-files.h - functions of kept-files.c for node.c and node-fd.c
 *
 * The table is locked in all of them, except in kept_reopen().
 */
#ifndef ANYFS_KEPT_FILES_H
#define ANYFS_KEPT_FILES_H

#include "fusefs.h"

/* Let nodes keep a part of @max descriptors.  Call once. */
void kept_init(unsigned int max);
/* Make n->kept for a new node.  False: out of memory. */
bool kept_new(struct node *n);
/* Free n->kept of a node that is being removed. */
void kept_free(struct node *n);
/* Give @n the descriptor @fd, which keeps its file. */
void kept_give_fd(struct node *n, int fd);
/* Record the name in @key, by which the file of @n was found. */
void kept_found(struct node *n, const struct node_key *key);
/* Record that a request uses @n. */
void kept_use(struct node *n);
/*
 * Take the descriptor of the node that was not used for the longest time; -1: there is room
 * for all, or many nodes are in use.
 */
int kept_shrink(void);
/* The number of nodes that have a descriptor. */
unsigned int kept_count(void);
/* Hash of the name in @key, or of the name of @n, to find a node without a descriptor. */
uint32_t kept_hash_key(const struct node_key *key);
uint32_t kept_hash(const struct node *n);
/* Whether @n has the name that is in @key. */
bool kept_has_name(const struct node *n, const struct node_key *key);

/* Make sure that @n has a descriptor.  The caller has a reference.  0 or -errno. */
int kept_reopen(struct node *n);

#endif /* ANYFS_KEPT_FILES_H */
