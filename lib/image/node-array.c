// SPDX-License-Identifier: GPL-2.0
/*
 * node-array.c - a Linux RAID array (MD)
 *
 * The array is shown below the member through which it was entered first; other members
 * link to that node.  For a read-only image, the array uses the shadows of its members,
 * because the driver writes to the members when it starts: these writes stay in memory.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "deferred-removal.h"
#include "md-array.h"
#include "md-members.h"
#include "node.h"

struct array {
	struct md_array md;
	struct md_members members;	/* device: the node of kind "array" below the member */
	struct anyfs_node *first;	/* the member that shows the array */
};

/* ---- Members ------------------------------------------------------------------------ */

static struct anyfs_node *member_node(const struct md_member *m)
{
	return m->device;
}

static void take_member(struct array *a, struct anyfs_node *n, const struct md_super *s)
{
	if (md_members_add(&a->members, s, n))
		n->parent->is_member = true;
}

/* True if @n is a member of this array or of an array that is already open. */
static bool visit_member(struct anyfs_node *n, void *data)
{
	struct array *a = data;
	struct md_super s;

	if (n == a->first)
		return true;
	if (!n->parent->has_dev || md_super_read(&n->parent->dev, n->object, &s) ||
	    !md_is_same_array(&a->members.super, &s))
		return false;
	if (!n->data && !n->shown_by)
		take_member(a, n, &s);
	return true;
}

static bool are_complete(void *data)
{
	struct array *a = data;

	return !md_members_missing(&a->members);
}

/* Check by the superblocks that enough members were found; the driver decides finally. */
static int check_members(struct array *a)
{
	const struct anyfs_node *n = a->first;
	unsigned int missing = md_members_missing(&a->members);
	const struct md_member *stale = md_members_stale(&a->members);

	if (!missing || n->image->degraded)
		return 0;
	return error_set(-ENXIO, "%s: the RAID array lacks %u of its %u members%s%s; give the missing images (--member), or open the array without them (--degraded)",
			 n->object, missing, a->members.super.raid_disks,
			 stale ? ", the array was written to without " : "",
		stale ? member_node(stale)->object : "");
}

static int find_members(struct array *a)
{
	struct anyfs_node *n = a->first;
	struct md_super s;
	int rc = md_super_read(&n->parent->dev, n->object, &s);

	if (rc == -ENOENT)
		return error_set(-EUCLEAN, "%s: the superblock of the RAID array is damaged",
				 n->object);
	if (rc)
		return rc == -EUCLEAN || rc == -EOPNOTSUPP ? rc :
		       kstate_error(n->image->ks->k, rc, n->object);
	take_member(a, n, &s);
	members_find(n, &(struct member_search){
		.kind = &node_array, .visit = visit_member, .are_complete = are_complete, .data = a,
	});
	return check_members(a);
}

/* ---- The array ---------------------------------------------------------------------- */

static bool is_writable(const struct array *a)
{
	for (unsigned int i = 0; i < a->members.nr; i++)
		if (!member_node(&a->members.list[i])->parent->dev.can_write)
			return false;
	return true;
}

/* Get the devices of the members that are up to date. */
static int get_devices(const struct array *a, uint64_t *devs, unsigned int *nr)
{
	int rc = 0;

	*nr = 0;
	for (unsigned int i = 0; i < a->members.nr && !rc; i++) {
		struct anyfs_node *device = member_node(&a->members.list[i])->parent;

		if (a->members.list[i].is_stale)
			continue;
		devs[*nr] = device->dev.dev;
		if (!device->dev.can_write)
			rc = node_shadow(device, &devs[*nr]);
		(*nr)++;
	}
	return rc;
}

static int start(struct array *a)
{
	struct anyfs_node *n = a->first;
	const struct md_start how = {
		.major = a->members.super.major, .minor = a->members.super.minor,
		.degraded = n->image->degraded,
	};
	uint64_t devs[MD_MEMBERS_MAX];
	char why[MD_WHY];
	unsigned int nr;
	int rc = get_devices(a, devs, &nr);

	if (rc)
		return rc;
	rc = md_array_start(n->image->ks->k, devs, nr, &how, &a->md, why);
	if (rc)
		return error_set(rc, "%s: the kernel cannot start the RAID array: %s%s%s%s", n->object,
				 error_name(rc), *why ? ": " : "", why,
				 n->image->degraded || !strstr(why, "dirty degraded") ? "" :
				 "; --degraded starts it");
	return 0;
}

static int open_device(struct anyfs_node *n, struct array *a)
{
	struct anyfs_kernel *k = n->image->ks->k;
	int rc = is_writable(a) ? 0 : device_set_readonly(k, a->md.dev, true);

	if (!rc)
		rc = device_open(k, a->md.dev, false, &n->dev);
	if (rc)
		kstate_error(k, rc, n->object);
	return rc;
}

static const char *level_name(int32_t level, char *buf, size_t len)
{
	if (level == -1)
		return "linear";
	snprintf(buf, len, "raid%d", level);
	return buf;
}

static void show_array(struct anyfs_node *n, struct array *a)
{
	char level[24];

	for (unsigned int i = 0; i < a->members.nr; i++)
		if (member_node(&a->members.list[i]) != n)
			member_node(&a->members.list[i])->shown_by = n;
	n->data = a;
	n->has_dev = true;
	snprintf(n->part.type, sizeof(n->part.type), "%s",
		 level_name(a->members.super.level, level, sizeof(level)));
}

static int array_open(struct anyfs_node *n)
{
	struct array *a = calloc(1, sizeof(*a));
	int rc = a ? 0 : error_set(-ENOMEM, "%s: out of memory", n->object);

	if (a)
		a->first = n;
	if (!rc)
		rc = find_members(a);
	if (!rc)
		rc = start(a);
	if (!rc)
		rc = open_device(n, a);
	if (!rc) {
		show_array(n, a);
		return 0;
	}
	if (a)
		md_array_stop(&a->md);
	free(a);
	return rc;
}

/* For a read-only image the array itself is a shadow, because its members are shadows. */
static int array_shadow(struct anyfs_node *n, uint64_t *dev)
{
	*dev = n->dev.dev;
	return 0;
}

static void array_free(struct anyfs_node *n)
{
	free(n->data);
	n->data = NULL;
}

static int array_close(struct anyfs_node *n)
{
	struct array *a = n->data;
	int rc = 0;

	if (!a)
		return 0;
	for (unsigned int i = 0; i < a->members.nr; i++)
		member_node(&a->members.list[i])->shown_by = NULL;
	device_close(&n->dev);
	rc = md_array_stop(&a->md);
	if (rc == -EBUSY)
		removal_defer(n->image->ks, &(struct removal){ .array = a->md });
	if (rc)
		error_set(rc, "%s: the RAID array cannot be stopped: %s", n->object, error_name(rc));
	array_free(n);
	return rc;
}

const struct node_kind node_array = {
	.id = ANYFS_NODE_ARRAY,
	.open = array_open,
	.shadow = array_shadow,
	.close = array_close,
	.free = array_free,
};
