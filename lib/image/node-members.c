// SPDX-License-Identifier: GPL-2.0
/*
 * node-members.c - find the members of a volume that lies on several devices
 *
 * Members are searched for in the image that contains the first one, and in the kernel's
 * other images only if some are still missing.  So a copy of an image is a separate volume
 * even if the original is open.
 */
#include "node.h"

/*
 * Whether to search below @n.  A volume that was probed is searched even if it was closed
 * again.  Other arrays are opened only if members are missing, because opening an array needs
 * such a search too.
 */
static bool can_look_into(struct anyfs_node *n, bool enter_arrays)
{
	if (n->kind == &node_array && enter_arrays)
		return !node_open(n) && !n->shown_by;
	return n->kind == &node_disk || n->kind->id == ANYFS_NODE_PARTITION ||
	       n->state == ANYFS_NODE_OPEN || (n->kind == &node_volume && n->listed);
}

static void visit_nodes(struct anyfs_node *n, const struct member_search *s, bool enter_arrays)
{
	if (n->kind == s->kind && s->visit(n, s->data))
		return;
	/* Skip unreadable devices: they have no usable members. */
	if (!can_look_into(n, enter_arrays) || node_list(n))
		return;
	for (struct anyfs_node *c = n->children; c; c = c->next)
		visit_nodes(c, s, enter_arrays);
}

void members_find(struct anyfs_node *first, const struct member_search *s)
{
	visit_nodes(first->image->tree, s, false);
	if (s->are_complete(s->data))
		return;
	visit_nodes(first->image->tree, s, true);
	for (struct anyfs_image *im = first->image->ks->images; im; im = im->next)
		if (im != first->image && !s->are_complete(s->data))
			visit_nodes(im->tree, s, true);
}
