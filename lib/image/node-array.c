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
#include "md-super.h"
#include "node.h"

#define MEMBERS_MAX	384u

struct member {
	struct anyfs_node *node;	/* node of kind "array"; its parent is the device */
	uint64_t events;		/* of its superblock */
	uint32_t number;		/* of its superblock */
	bool is_stale;			/* the array was written to without this member */
};

struct array {
	struct md_array md;
	struct md_super super;		/* the newest superblock */
	struct member members[MEMBERS_MAX];
	unsigned int nr_members;
	struct anyfs_node *first;	/* the member that shows the array */
};

/* ---- Members ------------------------------------------------------------------------ */

static bool is_same_array(const struct array *a, const struct md_super *s)
{
	return !memcmp(a->super.uuid, s->uuid, sizeof(s->uuid)) && a->super.major == s->major &&
	       a->super.minor == s->minor;
}

/* Skip a copy of a member, which has the same number. */
static bool has_number(const struct array *a, uint32_t number)
{
	for (unsigned int i = 0; i < a->nr_members; i++)
		if (a->members[i].number == number)
			return true;
	return false;
}

static void take_member(struct array *a, struct anyfs_node *n, const struct md_super *s)
{
	if (has_number(a, s->number) || a->nr_members == MEMBERS_MAX)
		return;
	a->members[a->nr_members++] = (struct member){
		.node = n, .events = s->events, .number = s->number,
	};
	n->parent->is_member = true;
	if (a->nr_members == 1 || s->events > a->super.events)
		a->super = *s;
}

/* True if @n is a member of this array or of an array that is already open. */
static bool visit_member(struct anyfs_node *n, void *data)
{
	struct array *a = data;
	struct md_super s;

	if (n == a->first)
		return true;
	if (!n->parent->has_dev || md_super_read(&n->parent->dev, n->object, &s) ||
	    !is_same_array(a, &s))
		return false;
	if (!n->data && !n->same)
		take_member(a, n, &s);
	return true;
}

/*
 * A member that missed writes is older by more than one event.  A difference of one is
 * normal after a crash between the writes of two superblocks.
 */
static void mark_stale(struct array *a)
{
	for (unsigned int i = 0; i < a->nr_members; i++)
		a->members[i].is_stale = a->members[i].events + 1 < a->super.events;
}

static bool has_slot(const struct array *a, unsigned int slot)
{
	for (unsigned int i = 0; i < a->nr_members; i++) {
		const struct member *m = &a->members[i];

		if (!m->is_stale && m->number < a->super.nr_roles &&
		    a->super.roles[m->number] == slot)
			return true;
	}
	return false;
}

/* Count the members that the newest superblock lists as in use but that were not found. */
static unsigned int count_missing(struct array *a)
{
	unsigned int missing = 0;

	mark_stale(a);
	for (uint32_t i = 0; i < a->super.nr_roles; i++) {
		uint16_t slot = a->super.roles[i];

		missing += slot < MD_ROLE_MAX && slot < a->super.raid_disks && !has_slot(a, slot);
	}
	return missing;
}

static bool are_complete(void *data)
{
	return !count_missing(data);
}

static const char *stale_member(const struct array *a)
{
	for (unsigned int i = 0; i < a->nr_members; i++)
		if (a->members[i].is_stale)
			return a->members[i].node->object;
	return NULL;
}

/* Check by the superblocks that enough members were found; the driver decides finally. */
static int check_members(struct array *a)
{
	const struct anyfs_node *n = a->first;
	unsigned int missing = count_missing(a);
	const char *stale = stale_member(a);

	if (!missing || n->image->degraded)
		return 0;
	return error_set(-ENXIO, "%s: the RAID array lacks %u of its %u members%s%s; give the missing images (--member), or open the array without them (--degraded)",
			 n->object, missing, a->super.raid_disks,
			 stale ? ", the array was written to without " : "", stale ? stale : "");
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
		.kind = &node_array, .take = visit_member, .are_complete = are_complete, .data = a,
	});
	return check_members(a);
}

/* ---- The array ---------------------------------------------------------------------- */

static bool is_writable(const struct array *a)
{
	for (unsigned int i = 0; i < a->nr_members; i++)
		if (!a->members[i].node->parent->dev.can_write)
			return false;
	return true;
}

/* Get the devices of the members that are up to date. */
static int get_devices(const struct array *a, uint64_t *devs, unsigned int *nr)
{
	int rc = 0;

	*nr = 0;
	for (unsigned int i = 0; i < a->nr_members && !rc; i++) {
		struct anyfs_node *device = a->members[i].node->parent;

		if (a->members[i].is_stale)
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
		.major = a->super.major, .minor = a->super.minor, .degraded = n->image->degraded,
	};
	uint64_t devs[MEMBERS_MAX];
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

static void show(struct anyfs_node *n, struct array *a)
{
	char level[24];

	for (unsigned int i = 0; i < a->nr_members; i++)
		if (a->members[i].node != n)
			a->members[i].node->same = n;
	n->data = a;
	n->has_dev = true;
	snprintf(n->part.type, sizeof(n->part.type), "%s",
		 level_name(a->super.level, level, sizeof(level)));
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
		show(n, a);
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
	for (unsigned int i = 0; i < a->nr_members; i++)
		a->members[i].node->same = NULL;
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
