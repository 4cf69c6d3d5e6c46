// SPDX-License-Identifier: GPL-2.0
/*
 * node-group.c - an LVM2 volume group, and its volumes
 *
 * The group is shown below the member through which it was entered first; other members
 * link to that node.  Members are searched for in the same image first, and in the
 * kernel's other images only if some are missing.  So a copy of an image is a separate
 * group even if the original is open.
 *
 * Mapping RAID, caches and thin pools writes to their members.  Therefore the volumes of a
 * read-only image are mapped over the shadows of its members, whose changes stay in
 * memory.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lvm-group.h"
#include "lvm-label.h"
#include "node.h"

#define MEMBERS_MAX	256u

/*
 * Mapped devices that may be idle: each has threads, and a kernel of 128 MB can start those
 * of about 1000 devices.
 */
#define IDLE_MAX	32u

struct group {
	struct lvm_group *lvm;
	struct anyfs_node *members[MEMBERS_MAX];	/* of kind "group", one per member */
	unsigned int nr_members;
	unsigned int trim_at;		/* with this number of mapped devices, remove idle ones */
};

/* ---- Finding the members ---------------------------------------------------- */

struct search {
	struct anyfs_node *first;		/* the node that is opened */
	char uuid[40];			/* UUID of the group */
	char *text;			/* the group's newest metadata */
	size_t len;
	int64_t seqno;			/* sequence number of that text */
	struct lvm_member found[MEMBERS_MAX];
	struct group *group;		/* gets the members */
	struct anyfs_node *shown;	/* shows the group, opened without first; or NULL */
};

static bool is_found(const struct search *s, const char *uuid)
{
	for (unsigned int i = 0; i < s->group->nr_members; i++)
		if (!strcmp(s->found[i].uuid, uuid))
			return true;
	return false;
}

/* Whether @n is the group being searched, already open without the first member. */
static bool lacks_first(const struct search *s, const struct anyfs_node *n)
{
	const struct group *g = n->data;

	return !strcmp(lvm_group_uuid(g->lvm), s->uuid) &&
	       !lvm_group_has_member(g->lvm, s->found[0].uuid);
}

/* Read the physical volume that holds @n, a node of kind "group". */
static int take_member(struct search *s, struct anyfs_node *n)
{
	struct group *g = s->group;
	struct lvm_pv pv;
	char uuid[sizeof(s->uuid)];
	int64_t seqno;
	int rc = lvm_pv_read(&n->parent->dev, n->object, &pv);

	if (rc)
		return rc;
	seqno = lvm_group_identify(pv.text, pv.len, uuid, sizeof(uuid));
	if (n == s->first)
		snprintf(s->uuid, sizeof(s->uuid), "%s", uuid);
	/* A member without metadata can belong to any group: its UUID decides. */
	if ((*uuid && strcmp(uuid, s->uuid)) || is_found(s, pv.uuid) ||
	    g->nr_members == MEMBERS_MAX) {
		lvm_pv_free(&pv);
		return 0;
	}
	s->found[g->nr_members].size = n->parent->dev.size;
	memcpy(s->found[g->nr_members].uuid, pv.uuid, sizeof(pv.uuid));
	g->members[g->nr_members++] = n;
	n->parent->is_member = true;
	if (seqno > s->seqno) {
		free(s->text);
		s->text = pv.text;
		s->len = pv.len;
		s->seqno = seqno;
		pv.text = NULL;
	}
	lvm_pv_free(&pv);
	return 0;
}

/* Unreadable members are skipped. */
static bool visit_group(struct anyfs_node *n, void *data)
{
	struct search *s = data;

	if (n->data && lacks_first(s, n))
		s->shown = n;
	else if (n != s->first && !n->data && !n->shown_by && n->parent->has_dev)
		take_member(s, n);
	return true;
}

static int open_lvm(struct search *s, struct lvm_group **lvm)
{
	const struct anyfs_node *n = s->first;

	return lvm_group_open(n->image->ks->k, s->text, s->len, s->found, s->group->nr_members,
			      n->object, false, n->image->degraded, lvm);
}

/* The newest metadata list the members; if they are damaged, open_lvm() fails again later. */
static bool is_complete(void *data)
{
	struct search *s = data;
	struct lvm_group *lvm;
	bool complete;

	if (s->shown)
		return true;
	if (!s->text || open_lvm(s, &lvm))
		return false;
	complete = !lvm_group_missing(lvm);
	lvm_group_close(lvm);
	return complete;
}

/* ---- Opening ---------------------------------------------------------------- */

/* Set the devices to map: the members', or their shadows for a read-only image. */
static int set_devices(struct search *s)
{
	for (unsigned int i = 0; i < s->group->nr_members; i++) {
		struct anyfs_node *pv = s->group->members[i]->parent;
		int rc = 0;

		s->found[i].dev = pv->dev.dev;
		if (!pv->dev.can_write)
			rc = node_shadow(pv, &s->found[i].dev);
		if (rc)
			return rc;
	}
	return 0;
}

static int find_and_open(struct search *s)
{
	struct anyfs_node *n = s->first;
	int rc = take_member(s, n);

	if (rc == -ENOENT)
		return error_set(-EUCLEAN, "%s: the label of the LVM2 physical volume is damaged",
				 n->object);
	if (rc)
		return kstate_error(n->image->ks->k, rc, n->object);
	members_find(n, &(struct member_search){
		.kind = &node_group, .visit = visit_group, .are_complete = is_complete, .data = s,
	});
	if (s->shown)
		return 0;
	if (!s->text)
		return error_set(-ENODATA, "%s: this LVM2 physical volume belongs to no group, or has no copy of the group's metadata",
				 n->object);
	return open_lvm(s, &s->group->lvm);
}

/* Link the members that were found to @n, which shows the group. */
static void link_members(struct group *g, struct anyfs_node *n)
{
	for (unsigned int i = 0; i < g->nr_members; i++)
		g->members[i]->shown_by = g->members[i] == n ? NULL : n;
}

static void group_free(struct anyfs_node *n)
{
	free(n->data);
	n->data = NULL;
}

/* Let @n own and show the group that was found. */
static int show_group(struct search *s, struct anyfs_node *n)
{
	struct group *g = s->group;
	int rc = set_devices(s);

	if (rc)
		return rc;
	lvm_group_set_devices(g->lvm, s->found, g->nr_members);
	n->data = g;
	n->lists = true;
	g->trim_at = IDLE_MAX;
	link_members(g, n);
	snprintf(n->part.fstype, sizeof(n->part.fstype), "LVM2_member");
	snprintf(n->part.label, sizeof(n->part.label), "%s", lvm_group_name(g->lvm));
	snprintf(n->part.uuid, sizeof(n->part.uuid), "%s", lvm_group_uuid(g->lvm));
	return 0;
}

static int group_open(struct anyfs_node *n)
{
	struct search *s = calloc(1, sizeof(*s));
	struct group *g = calloc(1, sizeof(*g));
	int rc;

	if (!s || !g) {
		free(s);
		free(g);
		return error_set(-ENOMEM, "%s: out of memory", n->object);
	}
	*s = (struct search){ .first = n, .seqno = -1, .group = g };
	rc = find_and_open(s);
	if (!rc && s->shown)
		n->shown_by = s->shown;
	else if (!rc)
		rc = show_group(s, n);
	if (n->data != g) {
		lvm_group_close(g->lvm);
		free(g);
	}
	free(s->text);
	free(s);
	return rc;
}

static int group_close(struct anyfs_node *n)
{
	struct group *g = n->data;
	int rc = 0;

	if (g) {
		for (unsigned int i = 0; i < g->nr_members; i++)
			g->members[i]->shown_by = NULL;
		rc = lvm_group_close(g->lvm);
	}
	group_free(n);
	return rc;
}

/* ---- Volumes ------------------------------------------------------------------ */

/* Volumes named "." or ".." cannot be entries of a directory. */
static bool is_shown(const struct lvm_volume_info *info)
{
	return strcmp(info->name, ".") && strcmp(info->name, "..");
}

static int group_list(struct anyfs_node *n)
{
	const struct group *g = n->data;
	struct lvm_volume_info info;

	for (unsigned int i = 0; lvm_group_volume(g->lvm, i, &info); i++) {
		struct anyfs_node *v;

		if (!is_shown(&info))
			continue;
		v = node_add(n->image, n, &node_volume, info.name);
		if (!v)
			return -ENOMEM;
		v->part.number = i;
		v->part.size = info.size;
		snprintf(v->part.type, sizeof(v->part.type), "%s", info.type);
		snprintf(v->part.partuuid, sizeof(v->part.partuuid), "%s", info.uuid);
	}
	return 0;
}

const struct node_kind node_group = {
	.id = ANYFS_NODE_GROUP,
	.open = group_open,
	.list = group_list,
	.close = group_close,
	.free = group_free,
};

static bool group_is_writable(const struct group *g)
{
	for (unsigned int i = 0; i < g->nr_members; i++)
		if (!g->members[i]->parent->dev.can_write)
			return false;
	return true;
}

/* Close the volumes of the group @n that were only probed, when many devices are mapped. */
static void limit_idle(struct anyfs_node *n)
{
	struct group *g = n->data;

	if (lvm_group_mapped(g->lvm) < g->trim_at)
		return;
	for (struct anyfs_node *c = n->children; c; c = c->next)
		if (c->state == ANYFS_NODE_OPEN && node_is_idle(c))
			node_close(c);
	lvm_group_trim(g->lvm);
	g->trim_at = lvm_group_mapped(g->lvm) + IDLE_MAX;
}

static int map_volume(struct anyfs_node *n, uint64_t *dev)
{
	struct group *g = n->parent->data;

	limit_idle(n->parent);
	return lvm_volume_open(g->lvm, n->part.number, dev);
}

static int volume_open(struct anyfs_node *n)
{
	const struct group *g = n->parent->data;
	struct anyfs_kernel *k = n->image->ks->k;
	uint64_t dev;
	int rc = map_volume(n, &dev);

	if (rc)
		return rc;
	if (!group_is_writable(g))
		rc = device_set_readonly(k, dev, true);
	if (!rc)
		rc = device_open(k, dev, false, &n->dev);
	if (rc)
		return kstate_error(k, rc, n->object);
	n->has_dev = true;
	return 0;
}

/* A volume that is mapped over shadows is a shadow itself. */
static int volume_shadow(struct anyfs_node *n, uint64_t *dev)
{
	*dev = n->dev.dev;
	return 0;
}

const struct node_kind node_volume = {
	.id = ANYFS_NODE_VOLUME,
	.open = volume_open,
	.shadow = volume_shadow,
};
