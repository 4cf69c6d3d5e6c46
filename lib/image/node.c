// SPDX-License-Identifier: GPL-2.0
/*
 * node.c - create, open, close and walk the nodes of an image
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "node.h"
#include "part-name.h"
#include "volume-opts.h"

/* Enough for an image in an image in an image, but stops endless nesting in hostile images. */
#define DEPTH_MAX	32

static unsigned int depth_of(const struct anyfs_node *n)
{
	unsigned int depth = 0;

	while ((n = n->parent))
		depth++;
	return depth;
}

/* "/p3" and "root" give "/p3/root"; a child without a name has its parent's path. */
static char *child_path(const struct anyfs_node *parent, const char *name)
{
	const char *base = parent ? parent->path : "/";
	char *path;

	if (!*name)
		return strdup(base);
	return asprintf(&path, "%s%s%s", base, base[1] ? "/" : "", name) < 0 ? NULL : path;
}

static char *make_object_name(const struct anyfs_node *n)
{
	const char *image = image_name(n->image);
	char *object;

	if (!n->path[1])
		return strdup(image);
	return asprintf(&object, "%s: %s", image, n->path) < 0 ? NULL : object;
}

static void append_child(struct anyfs_node *parent, struct anyfs_node *n)
{
	if (parent->children)
		parent->last->next = n;
	else
		parent->children = n;
	parent->last = n;
}

struct anyfs_node *node_add(struct anyfs_image *image, struct anyfs_node *parent,
			    const struct node_kind *kind, const char *name)
{
	struct anyfs_node *n = calloc(1, sizeof(*n));

	if (!n)
		goto no_memory;
	n->kind = kind;
	n->image = image;
	n->parent = parent;
	n->dev.fd = -1;
	n->name = strdup(name);
	n->path = child_path(parent, name);
	n->object = n->path ? make_object_name(n) : NULL;
	if (!n->name || !n->object) {
		node_free(n);
		goto no_memory;
	}
	snprintf(n->part.path, sizeof(n->part.path), "%s", n->path);
	if (parent)
		append_child(parent, n);
	return n;
no_memory:
	error_set(-ENOMEM, "%s: out of memory", image_name(image));
	return NULL;
}

void node_free(struct anyfs_node *n)
{
	while (n->children) {
		struct anyfs_node *next = n->children->next;

		node_free(n->children);
		n->children = next;
	}
	if (n->data && n->kind->free)
		n->kind->free(n);
	free(n->name);
	free(n->path);
	free(n->object);
	free(n->reason);
	free(n);
}

/* Remember the failure of @n, with the last error text. */
static int keep_failure(struct anyfs_node *n, int err)
{
	free(n->reason);
	n->reason = strdup(error_last());
	n->state = ANYFS_NODE_FAILED;
	n->err = err;
	return err;
}

int node_open(struct anyfs_node *n)
{
	int rc;

	if (n->shown_by)
		return node_open(n->shown_by);
	if (n->state == ANYFS_NODE_OPEN)
		return 0;
	/* Reject a volume that contains itself. */
	if (n->state == ANYFS_NODE_OPENING)
		return error_set(-ELOOP, "%s: contains itself", n->object);
	if (depth_of(n) > DEPTH_MAX)
		return keep_failure(n, error_set(-ELOOP, "%s: containers are nested more than %d deep",
					      n->object, DEPTH_MAX));
	n->state = ANYFS_NODE_OPENING;
	rc = n->parent ? node_open(n->parent) : 0;
	if (!rc && n->kind->open)
		rc = n->kind->open(n);
	if (!rc && n->shown_by)
		rc = volume_opts_check_same(n);
	if (rc)
		return keep_failure(n, rc);
	n->state = ANYFS_NODE_OPEN;
	return 0;
}

static void forget_children(struct anyfs_node *n)
{
	n->found = NULL;
	while (n->children) {
		struct anyfs_node *next = n->children->next;

		node_free(n->children);
		n->children = next;
	}
}

int node_list(struct anyfs_node *n)
{
	int rc = node_open(n);

	if (n->shown_by)
		return rc ? rc : node_list(n->shown_by);
	if (rc || n->listed)
		return rc;
	if (n->kind->list)
		rc = n->kind->list(n);
	else if (n->has_dev)
		rc = node_add_content(n);
	if (!rc)
		rc = volume_opts_check(n);
	if (rc) {
		forget_children(n);
		return keep_failure(n, rc);
	}
	n->listed = true;
	return 0;
}

bool node_is_idle(const struct anyfs_node *n)
{
	if (n->is_member || n->shown_by || n->state == ANYFS_NODE_OPENING)
		return false;
	for (const struct anyfs_node *c = n->children; c; c = c->next) {
		bool holds = c->kind->id != ANYFS_NODE_TABLE && c->kind->id != ANYFS_NODE_PARTITION;

		if ((c->state == ANYFS_NODE_OPEN && holds) || !node_is_idle(c))
			return false;
	}
	return true;
}

bool node_lacks_memory(const struct anyfs_node *n, int rc)
{
	/* For an encrypted volume, -ENOMEM means that deriving its key needs too much memory. */
	return rc == -ENOMEM && n->kind != &node_crypt;
}

int node_close(struct anyfs_node *n)
{
	int rc = 0, err;

	for (struct anyfs_node *child = n->children; child; child = child->next) {
		err = node_close(child);
		if (err && !rc)
			rc = err;
	}
	if (n->state != ANYFS_NODE_OPEN && !(n->listed && n->state == ANYFS_NODE_FAILED))
		return rc;
	err = n->kind->close ? n->kind->close(n) : 0;
	device_close(&n->dev);
	n->has_dev = false;
	n->is_member = false;
	n->state = ANYFS_NODE_NEW;
	return rc ? rc : err;
}

int node_descend(struct anyfs_node *n, struct anyfs_node **end)
{
	int rc = 0;

	for (;;) {
		if (n->shown_by)
			n = n->shown_by;
		*end = n;
		if (n->kind == &node_filesystem)
			return 0;
		rc = node_open(n);
		if (!rc && n->shown_by)
			continue;
		if (rc || n->lists)
			return rc;
		rc = node_list(n);
		if (rc)
			return rc;
		n = n->children;
	}
}

/* The names of @n's children for a message: "/p1, /p2, /root ...". */
static void list_child_names(const struct anyfs_node *n, char *buf, size_t len)
{
	size_t at = 0;

	buf[0] = '\0';
	for (const struct anyfs_node *c = n->children; c; c = c->next) {
		if (at + strlen(c->name) + 16 > len) {
			snprintf(buf + at, len - at, " ...");
			return;
		}
		at += snprintf(buf + at, len - at, "%s/%s", at ? ", " : "", c->name);
	}
}

static int no_such_child(const struct anyfs_node *n, const char *name, size_t len)
{
	char have[128];

	list_child_names(n, have, sizeof(have));
	if (!*have)
		return error_set(-ENOENT, "%s: there is no \"%.*s\": the volume is empty", n->object, (int)len,
				 name);
	if (path_names_part(name))
		return error_set(-ENOENT, "%s: there is no partition %.*s; there are %s", n->object,
				 (int)len - 1, name + 1, have);
	return error_set(-ENOENT, "%s: there is no \"%.*s\"; the path must continue with one of: %s",
			 n->object, (int)len, name, have);
}

static struct anyfs_node *named_child(const struct anyfs_node *n, const char *name, size_t len)
{
	struct anyfs_node *c = n->children;

	while (c && (strncmp(c->name, name, len) || c->name[len]))
		c = c->next;
	return c;
}

/*
 * The child that "p3" or "P3" names by its number: a partition, or the third volume of a group
 * in which no volume has that name.
 */
static struct anyfs_node *numbered_child(const struct anyfs_node *n, const char *name, size_t len)
{
	struct anyfs_node *c = n->children;
	unsigned int number, nr = 0;
	const char *end = part_name_parse(name, &number);

	if (end != name + len || !number)
		return NULL;
	while (c && number != (c->kind->id == ANYFS_NODE_PARTITION ? c->part.number : ++nr))
		c = c->next;
	return c;
}

/*
 * Find the child of @n, whose children have names, at the start of *@path; moves *@path past its
 * name.
 */
static int find_next_child(struct anyfs_node *n, const char **path, struct anyfs_node **child)
{
	size_t len = strcspn(*path, "/");
	int rc = node_list(n);

	if (rc)
		return rc;
	*child = named_child(n, *path, len);
	if (!*child)
		*child = numbered_child(n, *path, len);
	if (!*child)
		return no_such_child(n, *path, len);
	*path += len;
	return 0;
}

int node_walk(struct anyfs_node *n, const char *path, struct anyfs_node **end, const char **rest)
{
	struct anyfs_node *child;
	bool at_root = true;
	int rc;

	for (;;) {
		rc = node_descend(n, &n);
		*end = n;
		*rest = path = path_skip_slashes(path, at_root);
		if (rc || !*path)
			return rc;
		if (n->lists)
			rc = find_next_child(n, &path, &child);
		else
			rc = node_inner_file(n, path, &child, &path);
		if (rc || !child)
			return rc;
		n = child;
		at_root = false;
	}
}

/* Whether the content of @n is shown at a node of @im. */
static bool links_to_image(const struct anyfs_node *n, const struct anyfs_image *im)
{
	return n->shown_by && n->shown_by->image == im;
}

int node_unlink_image(struct anyfs_node *n, const struct anyfs_image *im)
{
	int rc = 0, err;

	for (struct anyfs_node *c = n->children; c; c = c->next) {
		err = node_unlink_image(c, im);
		if (err && !rc)
			rc = err;
	}
	if (!links_to_image(n, im))
		return rc;
	err = node_close(n->shown_by);
	n->shown_by = NULL;
	n->state = ANYFS_NODE_NEW;
	return rc ? rc : err;
}

int node_shadow(struct anyfs_node *n, uint64_t *dev)
{
	if (!n->kind->shadow)
		return error_set(-EROFS, "%s: cannot be opened over a shadow in memory", n->object);
	return n->kind->shadow(n, dev);
}
