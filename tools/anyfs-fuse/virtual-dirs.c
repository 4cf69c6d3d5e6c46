// SPDX-License-Identifier: GPL-2.0
/*
 * virtual-dirs.c - the virtual directories above the file systems: nodes of the images' trees
 *
 * A directory shows a node of the image that has a name: a disk, a partition, or a volume.
 * Nodes without names are transparent.  A group with several members, such as a volume
 * group, is a directory at the first member; the other members are links to it, because
 * the host would cache the data of a file separately for each of its paths.
 *
 * namespace_open() has entered all nodes, so that their content is known here.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "fusefs.h"
#include "messages.h"

static bool is_filesystem(const struct anyfs_node *n)
{
	return anyfs_node_kind(n) == ANYFS_NODE_FILESYSTEM;
}

/*
 * Go down from @n as long as the child has no name.  Returns the node whose children have names,
 * the file system, or the last node.
 */
static struct anyfs_node *content_of(struct anyfs_node *n)
{
	struct anyfs_node *c;

	while (!anyfs_node_shown_at(n) && !is_filesystem(n)) {
		c = anyfs_node_child(n, 0);
		if (!c || *anyfs_node_name(c))
			break;
		n = c;
	}
	return n;
}

/* Whether @n, a result of content_of(), is a directory of volumes; an open group may be empty. */
static bool is_volume_list(struct anyfs_node *n)
{
	enum anyfs_node_kind kind = anyfs_node_kind(n);

	if (anyfs_node_state(n) == ANYFS_NODE_OPEN &&
	    (kind == ANYFS_NODE_GROUP || kind == ANYFS_NODE_TABLE))
		return true;
	return anyfs_node_child(n, 0) && !is_filesystem(n);
}

static enum node_role role_of(struct anyfs_node *n)
{
	n = content_of(n);
	if (anyfs_node_shown_at(n))
		return NODE_LINK;
	return is_volume_list(n) ? NODE_LIST : NODE_VOLUME;
}

/* ---- Entries ---------------------------------------------------------------- */

static void image_entry(unsigned int index, struct virtual_entry *e)
{
	struct anyfs_image *image = namespace_image(index);

	snprintf(e->number, sizeof(e->number), "disk%u", index);
	e->name = e->number;
	e->shows = image ? anyfs_image_node(image) : NULL;
}

/* Find entry @index of @list without its node.  False: there is none. */
static bool entry_at(const struct node *list, unsigned int index, struct virtual_entry *e)
{
	bool has_table = list->role == NODE_LIST && !anyfs_node_parent(list->shows);

	*e = (struct virtual_entry){ .is_table = has_table && !index };
	if (e->is_table) {
		e->shows = list->shows;
		e->name = ".partitions";
	} else if (list->role == NODE_IMAGES) {
		image_entry(index, e);
	} else {
		e->shows = anyfs_node_child(content_of(list->shows), index - has_table);
		e->name = e->shows ? anyfs_node_name(e->shows) : NULL;
	}
	return e->shows;
}

static int find_node(struct virtual_entry *e)
{
	e->node = node_virtual(e->is_table ? NODE_TABLE : role_of(e->shows), e->shows);
	return e->node ? 1 : -ENOMEM;
}

int virtual_child(const struct node *list, unsigned int index, struct virtual_entry *e)
{
	return entry_at(list, index, e) ? find_node(e) : 0;
}

int virtual_named(const struct node *list, const char *name, struct virtual_entry *e)
{
	for (unsigned int i = 0; entry_at(list, i, e); i++)
		if (!strcmp(e->name, name))
			return find_node(e);
	return 0;
}

/* ---- Links ------------------------------------------------------------------ */

static unsigned int depth_of(const char *path)
{
	unsigned int depth = 0;

	for (; *path; path++)
		depth += *path == '/' && path[1];
	return depth;
}

char *virtual_link(const struct node *n)
{
	struct anyfs_node *at = anyfs_node_shown_at(content_of(n->shows));
	unsigned int from = namespace_index(n->shows), to = namespace_index(at);
	unsigned int up = depth_of(anyfs_node_path(n->shows));
	const char *path = anyfs_node_path(at) + 1;
	size_t room = 3 * up + strlen(path) + 32;
	char *text = malloc(room), *p = text;

	if (!text)
		return NULL;
	/* A link is relative to its parent directory; other images are one directory further up. */
	for (up -= from == to; up; up--)
		p = stpcpy(p, "../");
	if (from != to)
		p += snprintf(p, room - (p - text), "disk%u%s", to, *path ? "/" : "");
	strcpy(p, path);
	return text;
}

/* ---- Attributes ------------------------------------------------------------- */

static uint64_t size_of(const struct node *n)
{
	char *link;
	uint64_t size;

	if (n->role == NODE_TABLE)
		return strlen(namespace_table(n->shows));
	if (n->role != NODE_LINK)
		return 0;
	link = virtual_link(n);
	size = link ? strlen(link) : 0;
	free(link);
	return size;
}

void virtual_stat(const struct node *n, struct lkl_statx *stx)
{
	const struct config *cfg = attr_config();
	const struct timespec *since = namespace_since();
	const struct lkl_statx_timestamp when = {
		.tv_sec = since->tv_sec, .tv_nsec = since->tv_nsec,
	};

	*stx = (struct lkl_statx){
		.stx_mode = n->type | (n->role == NODE_TABLE ? 0444 :
				       n->role == NODE_LINK ? 0777 : 0555),
		.stx_nlink = S_ISDIR(n->type) ? 2 : 1,
		.stx_size = size_of(n),
		/* The lower half of an id is unique among these nodes; the root has number 1. */
		.stx_ino = n->id == FUSE_ROOT_ID ? 1 : (uint32_t)n->id + 1,
		.stx_blksize = 4096,
		.stx_uid = cfg->map_uid ? cfg->uid : cfg->self_uid,
		.stx_gid = cfg->map_gid ? cfg->gid : cfg->self_gid,
		.stx_atime = when, .stx_mtime = when, .stx_ctime = when,
	};
}
