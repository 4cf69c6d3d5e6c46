/* SPDX-License-Identifier: GPL-2.0 */
/*
 * node-fd.h - functions shared by node.c and node-fd.c
 */
#ifndef ANYFS_NODE_FD_H
#define ANYFS_NODE_FD_H

#include "fusefs.h"

/* The lock of all nodes.  Do not call the library kernel while holding it. */
void table_lock(void);
void table_unlock(void);

/* Let @n be found by @key, or by its name.  Table locked. */
void table_rekey(struct node *n, const struct node_key *key);
void table_key_by_name(struct node *n);

/* Keep at most @max descriptors cached, or more while they are in use. */
void node_fds_init(unsigned int max);
/* Remove the descriptor of @n, which is being removed, from the cache.  Table locked. */
void node_fd_uncache(struct node *n);

#endif /* ANYFS_NODE_FD_H */
