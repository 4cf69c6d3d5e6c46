// SPDX-License-Identifier: GPL-2.0
/*
 * node-other.c - a node that cannot be entered, with the reason
 */
#include <errno.h>
#include "node.h"

/* Probing has stored the reason in the node. */
static int other_open(struct anyfs_node *n)
{
	return error_set(n->err ? n->err : -EMEDIUMTYPE, "%s", n->reason ? n->reason : n->object);
}

const struct node_kind node_other = {
	.id = ANYFS_NODE_OTHER,
	.open = other_open,
};
