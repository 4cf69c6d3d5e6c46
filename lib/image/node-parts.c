// SPDX-License-Identifier: GPL-2.0
/*
 * node-parts.c - list the partitions and volumes of an image
 *
 * Partitions are listed by number, each followed by its volumes.  The row of an unlocked
 * encrypted volume shows the type, label and UUID of the volume's content.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "node.h"

struct list {
	AnyfsPart *parts;
	unsigned int nr;
};

static int append(struct list *l, const AnyfsPart *p)
{
	AnyfsPart *more = reallocarray(l->parts, l->nr + 1, sizeof(*more));

	if (!more)
		return error_set(-ENOMEM, "image: out of memory");
	l->parts = more;
	l->parts[l->nr++] = *p;
	return 0;
}

static void take_content(AnyfsPart *p, const struct anyfs_node *content)
{
	memcpy(p->fstype, content->part.fstype, sizeof(p->fstype));
	memcpy(p->label, content->part.label, sizeof(p->label));
	memcpy(p->uuid, content->part.uuid, sizeof(p->uuid));
}

static int add_children(struct list *l, struct anyfs_node *n);

/* Add the content of @n, whose own row is already in @l. */
static int add_content(struct list *l, struct anyfs_node *n)
{
	AnyfsPart *row = &l->parts[l->nr - 1];
	struct anyfs_node *end;
	int rc = node_descend(n, &end);

	if (node_lacks_memory(end, rc))
		return rc;
	/* List a node that cannot be entered; a path into it reports the reason. */
	if (rc) {
		if (end != n && !*row->fstype)
			take_content(row, end);
		return 0;
	}
	if (end->image != n->image || end->path != n->path)
		if (strcmp(end->path, n->path))
			return 0;	/* a member of a group that is shown at another node */
	if (!end->lists || end->kind == &node_table)
		take_content(row, end);
	return end->lists ? add_children(l, end) : 0;
}

static int add_children(struct list *l, struct anyfs_node *n)
{
	int rc = node_list(n);

	for (struct anyfs_node *c = rc ? NULL : n->children; c && !rc; c = c->next) {
		rc = append(l, &c->part);
		if (!rc)
			rc = add_content(l, c);
	}
	return rc == -ENOMEM ? rc : 0;
}

static struct anyfs_node *child_of_number(struct anyfs_node *disk, unsigned int number)
{
	struct anyfs_node *c = disk->children;

	while (c && c->part.number != number)
		c = c->next;
	return c;
}

/* Add the rows of the disk's own table, each followed by its content. */
static int add_partitions(struct anyfs_image *im, struct list *l, const AnyfsPart *parts, int nr)
{
	int rc = node_list(im->tree);

	if (rc)
		return rc;
	for (int i = 0; i < nr && !rc; i++) {
		struct anyfs_node *n = im->nr_parts ? child_of_number(im->tree, parts[i].number) :
						      im->tree;

		rc = append(l, &parts[i]);
		if (!rc && n)
			rc = add_content(l, n);
	}
	return rc;
}

int anyfs_image_parts(struct anyfs_image *im, AnyfsPart **out)
{
	struct anyfs_kernel *k = kstate_kernel(im->ks), *mine;
	struct list l = { 0 };
	AnyfsPart *parts;
	int rc;

	if (!k)
		return -ENODEV;
	mine = anyfs_kernel_use(k);
	rc = anyfs_disk_parts(im->disk, &parts);
	anyfs_kernel_use(mine);
	if (rc < 0)
		return rc;
	pthread_mutex_lock(&im->ks->tree_lock);
	rc = add_partitions(im, &l, parts, rc);
	pthread_mutex_unlock(&im->ks->tree_lock);
	free(parts);
	if (rc) {
		free(l.parts);
		return rc;
	}
	*out = l.parts;
	return l.nr;
}
