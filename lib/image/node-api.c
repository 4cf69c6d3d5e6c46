// SPDX-License-Identifier: GPL-2.0
/*
 * node-api.c - the tree of nodes in the public interface
 *
 * Nodes belong to their image.  Functions that open or list nodes take the tree's lock.  The
 * texts that are returned are valid until the node's image is closed.
 */
#include <errno.h>
#include "node.h"

#define DEVICE_PATH_MAX		32u	/* as documented in anyfs.h */

static pthread_mutex_t *tree_lock(const struct anyfs_node *n)
{
	return &n->image->ks->tree_lock;
}

struct anyfs_node *anyfs_image_node(struct anyfs_image *im)
{
	return im->tree;
}

int anyfs_node_enter(struct anyfs_node *n)
{
	int rc;

	if (!kstate_kernel(n->image->ks))
		return -ENODEV;
	pthread_mutex_lock(tree_lock(n));
	rc = node_list(n);
	pthread_mutex_unlock(tree_lock(n));
	return rc;
}

struct anyfs_node *anyfs_node_child(struct anyfs_node *n, unsigned int index)
{
	struct anyfs_node *c;

	pthread_mutex_lock(tree_lock(n));
	/* Callers count upwards: a search from the first child each time would be quadratic. */
	if (!n->found || index < n->found_index) {
		n->found = n->children;
		n->found_index = 0;
	}
	for (; n->found && n->found_index < index; n->found = n->found->next)
		n->found_index++;
	c = n->found;
	pthread_mutex_unlock(tree_lock(n));
	return c;
}

struct anyfs_node *anyfs_node_parent(const struct anyfs_node *n)
{
	return n->parent;
}

struct anyfs_node *anyfs_node_shown_at(const struct anyfs_node *n)
{
	return n->shown_by;
}

enum anyfs_node_kind anyfs_node_kind(const struct anyfs_node *n)
{
	return n->kind->id;
}

enum anyfs_node_state anyfs_node_state(const struct anyfs_node *n)
{
	return n->state;
}

int anyfs_node_error(const struct anyfs_node *n, const char **reason)
{
	int err = n->state == ANYFS_NODE_FAILED ? n->err : 0;

	if (reason)
		*reason = err && n->reason ? n->reason : "";
	return err;
}

const char *anyfs_node_name(const struct anyfs_node *n)
{
	return n->name;
}

const char *anyfs_node_path(const struct anyfs_node *n)
{
	return n->path;
}

const char *anyfs_node_fstype(const struct anyfs_node *n)
{
	return n->part.fstype;
}

const char *anyfs_node_label(const struct anyfs_node *n)
{
	return n->part.label;
}

const char *anyfs_node_uuid(const struct anyfs_node *n)
{
	return n->part.uuid;
}

const char *anyfs_node_type(const struct anyfs_node *n)
{
	return n->part.type;
}

uint64_t anyfs_node_size(const struct anyfs_node *n)
{
	return n->has_dev ? n->dev.size : n->part.size;
}

/* Open the node that has the bytes of @n, and set *@holder to it.  The tree is locked. */
static int open_holder(struct anyfs_node *n, struct anyfs_node **holder)
{
	bool inside = n->kind == &node_filesystem || n->kind == &node_other;
	int rc = 0;

	*holder = inside && n->parent ? n->parent : n;
	if (!(*holder)->has_dev)
		rc = node_open(*holder);
	return rc ? rc : (*holder)->has_dev ? 0 : -ENODATA;
}

/* Lock the tree and open the holder of @n; unlock the tree later.  On an error it is not locked. */
static int lock_holder(struct anyfs_node *n, struct anyfs_node **holder)
{
	int rc;

	if (!kstate_kernel(n->image->ks))
		return -ENODEV;
	pthread_mutex_lock(tree_lock(n));
	rc = open_holder(n, holder);
	if (rc)
		pthread_mutex_unlock(tree_lock(n));
	return rc;
}

int anyfs_node_read(struct anyfs_node *n, void *buf, size_t len, uint64_t offset)
{
	struct anyfs_node *holder;
	int rc = lock_holder(n, &holder);

	if (rc)
		return rc;
	rc = device_read(&holder->dev, buf, len, offset);
	pthread_mutex_unlock(tree_lock(n));
	return rc;
}

int anyfs_node_find_data(struct anyfs_node *n, uint64_t offset, uint64_t *start, uint64_t *end)
{
	struct anyfs_node *holder;
	int rc = lock_holder(n, &holder);

	if (rc)
		return rc;
	rc = device_find_data(&holder->dev, offset, start, end);
	pthread_mutex_unlock(tree_lock(n));
	return rc;
}

int anyfs_node_device(struct anyfs_node *n, char *path, size_t len)
{
	struct anyfs_node *holder;
	int rc;

	if (!kstate_kernel(n->image->ks))
		return -ENODEV;
	if (len < DEVICE_PATH_MAX)
		return error_set(-ERANGE, "anyfs_node_device: the buffer for the path is too small");
	pthread_mutex_lock(tree_lock(n));
	rc = open_holder(n, &holder);
	if (!rc)
		rc = device_node(n->image->ks->k, holder->dev.dev, path, len);
	pthread_mutex_unlock(tree_lock(n));
	return rc;
}

const char *anyfs_node_note(const struct anyfs_node *n)
{
	return n->kind == &node_filesystem && n->data ? filesystem_note(n) : "";
}
