// SPDX-License-Identifier: GPL-2.0
/*
 * node-other.c - what cannot be entered, and why
 */
#include <errno.h>
#include "node.h"

/* The prober's last word was kept when the node was made. */
static int other_open(struct anyfs_node *n)
{
	return error_set(n->err ? n->err : -EMEDIUMTYPE, "%s", n->reason ? n->reason : n->object);
}

const struct node_kind node_other = {
	.id = ANYFS_NODE_OTHER,
	.open = other_open,
};
