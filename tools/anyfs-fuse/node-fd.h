/* SPDX-License-Identifier: GPL-2.0 */
/*
 * node-fd.h - between node.c and node-fd.c
 */
#ifndef ANYFS_NODE_FD_H
#define ANYFS_NODE_FD_H

#include "fusefs.h"

/* The lock of all nodes; no call of the library kernel under it. */
void table_lock(void);
void table_unlock(void);

/* Keep at most so many descriptors that nobody is using. */
void node_fds_init(unsigned int max);
/* The node goes away: it is no candidate for closing any more.  Table locked. */
void node_fd_uncache(struct node *n);

#endif /* ANYFS_NODE_FD_H */
