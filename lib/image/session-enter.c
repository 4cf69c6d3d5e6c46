// SPDX-License-Identifier: GPL-2.0
/*
 * session-enter.c - enter and leave the slots of a session
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "session-slots.h"
#include <lkl/linux/mount.h>

/* ---- Keys ---------------------------------------------------------------- */

static void lock_tree(struct AnyfsSession *s)
{
	pthread_mutex_lock(&s->image->ks->tree_lock);
}

static void unlock_tree(struct AnyfsSession *s)
{
	pthread_mutex_unlock(&s->image->ks->tree_lock);
}

/* Read the key in @query for @slot; an open slot needs no key. */
static int add_key(struct AnyfsSession *s, const struct slot *slot, const char *query,
		   const char **warning)
{
	struct session_key *k;
	int rc;

	if (!query || !*query || slot_state(s, slot) == ANYFS_PART_MOUNTED)
		return 0;
	k = calloc(1, sizeof(*k));
	if (!k)
		return error_set(-ENOMEM, "%s: out of memory", slot->node->object);
	k->node_path = slot->node->path;
	rc = anyfs_key_of_query(query, &k->key, warning);
	if (rc) {
		free(k);
		return rc;
	}
	lock_tree(s);
	k->next = s->keys;
	s->keys = k;
	unlock_tree(s);
	return 0;
}

static void forget_keys(struct AnyfsSession *s)
{
	struct session_key *k, *next;

	lock_tree(s);
	k = s->keys;
	s->keys = NULL;
	unlock_tree(s);
	for (; k; k = next) {
		next = k->next;
		k->key.free(&k->key);
		free(k);
	}
}

/* ---- Entering ------------------------------------------------------------ */

static int open_leaf(struct AnyfsSession *s, struct slot *slot, uint32_t flags, char *lkl_path)
{
	struct anyfs_node *end;
	int rc;

	s->image->mount_flags = flags & ANYFS_MOUNT_RDONLY ? LKL_MS_RDONLY : 0;
	rc = slot_descend(s, slot, &end);
	if (!rc && end->lists)
		rc = slot_list(s, slot);
	else if (!rc)
		rc = node_open(end);
	if (!rc && lkl_path)
		strcpy(lkl_path, end->lists ? "" : filesystem_point(end));
	return rc;
}

int slot_enter(struct AnyfsSession *s, struct slot *slot, uint32_t flags, char *lkl_path)
{
	int rc;

	if (slot_state(s, slot) != ANYFS_PART_MOUNTED)
		slot_set_state(s, slot, ANYFS_PART_MOUNTING);
	lock_tree(s);
	rc = open_leaf(s, slot, flags, lkl_path);
	unlock_tree(s);
	slot_set_state(s, slot, rc ? ANYFS_PART_FAILED : ANYFS_PART_MOUNTED);
	return rc;
}

/* Open the container @slot, which a path leads through. */
static int pass_through_slot(struct AnyfsSession *s, struct slot *slot)
{
	AnyfsPartState before = slot_state(s, slot);
	int rc;

	if (before != ANYFS_PART_MOUNTED)
		slot_set_state(s, slot, ANYFS_PART_MOUNTING);
	lock_tree(s);
	rc = slot_list(s, slot);
	unlock_tree(s);
	if (rc) {
		slot_set_state(s, slot, ANYFS_PART_FAILED);
		return rc;
	}
	if (slot->nr_children) {
		slot_set_state(s, slot, ANYFS_PART_MOUNTED);
		return 0;
	}
	error_set(-ENOTDIR, "%s: not a container: the path ends there", slot->node->object);
	slot_set_state(s, slot, before);
	return -ENOTDIR;
}

static struct slot *find_child(const struct slot *slot, unsigned int index)
{
	for (size_t i = 0; i < slot->nr_children; i++)
		if (slot->children[i].index == index)
			return &slot->children[i];
	error_set(-ENXIO, "%s: there is no slot %u in it; it has %zu", slot->node->object, index,
		  slot->nr_children);
	return NULL;
}

static int walk(struct AnyfsSession *s, const AnyfsPathComp *comp, size_t n, uint32_t flags,
		struct slot **leaf, char *lkl_path, const char **warning)
{
	struct slot *slot = NULL;
	int rc = 0;

	for (size_t i = 0; i < n && !rc; i++) {
		if (slot)
			rc = pass_through_slot(s, slot);
		if (rc)
			break;
		slot = slot ? find_child(slot, comp[i].p) : slot_find(s, comp[i].p);
		rc = slot ? add_key(s, slot, comp[i].query, warning) : -ENXIO;
		if (rc && slot)
			slot_set_state(s, slot, ANYFS_PART_FAILED);
	}
	if (!rc)
		rc = slot_enter(s, slot, flags, lkl_path);
	*leaf = slot;
	return rc;
}

static int check_walk(const AnyfsPathComp *comp, size_t n, uint32_t flags)
{
	if (!comp || !n)
		return error_set(-EINVAL, "session: the path has no components");
	if (flags & ~ANYFS_MOUNT_RDONLY)
		return error_set(-EINVAL, "session: unknown flags 0x%x", flags);
	return 0;
}

int anyfs_session_walk(AnyfsSession *s, const AnyfsPathComp *comp, size_t n, uint32_t flags,
		       int *leaf_slot, char *lkl_path)
{
	const char *warning = NULL;
	struct slot *leaf;
	int rc = check_walk(comp, n, flags);

	if (lkl_path)
		*lkl_path = '\0';
	if (!rc && !kstate_kernel(s->image->ks))
		rc = -ENODEV;
	if (rc)
		return rc;
	error_clear();
	pthread_mutex_lock(&s->work);
	rc = walk(s, comp, n, flags, &leaf, lkl_path, &warning);
	forget_keys(s);
	pthread_mutex_unlock(&s->work);
	if (rc)
		return rc;
	if (leaf_slot)
		*leaf_slot = leaf->id;
	if (warning)
		error_set(0, "%s", warning);
	else
		error_clear();
	return 0;
}

int anyfs_session_enter(AnyfsSession *s, unsigned part, uint32_t flags, char *lkl_path)
{
	const AnyfsPathComp comp = { .p = part };

	return anyfs_session_walk(s, &comp, 1, flags, NULL, lkl_path);
}

int anyfs_session_enter_path(AnyfsSession *s, const AnyfsPathComp *comp, size_t n,
			     uint32_t flags, char *lkl_path)
{
	char path[ANYFS_LKL_PATH_MAX];
	int rc = anyfs_session_walk(s, comp, n, flags, NULL, path);

	if (!rc && !*path)
		rc = error_set(-EISDIR, "%s: is a container; name one of its volumes",
			       anyfs_session_display(s));
	if (lkl_path)
		strcpy(lkl_path, rc ? "" : path);
	return rc;
}

/* ---- Leaving ------------------------------------------------------------- */

static int unmount_below(struct anyfs_node *n)
{
	int rc = 0, err;

	for (struct anyfs_node *c = n->children; c; c = c->next) {
		err = unmount_below(c);
		if (err == -EBUSY)
			return err;
		rc = rc ? rc : err;
	}
	err = 0;
	if (n->kind == &node_filesystem && n->state == ANYFS_NODE_OPEN)
		err = filesystem_leave(n);
	return err == -EBUSY || !rc ? err : rc;
}

static bool is_below(const struct anyfs_node *n, const struct anyfs_node *top)
{
	while (n && n != top)
		n = n->parent;
	return n;
}

/* Whether @n, or a node below it, is outside of @top and a member of a volume shown in @top. */
static bool is_used_by(const struct anyfs_node *top, const struct anyfs_node *n)
{
	if (n == top)
		return false;
	if (n->shown_by && is_below(n->shown_by, top))
		return true;
	for (const struct anyfs_node *c = n->children; c; c = c->next)
		if (is_used_by(top, c))
			return true;
	return false;
}

/* Whether @top has to stay open for other partitions or images. */
static bool is_shared(const struct anyfs_node *top)
{
	for (const struct anyfs_image *im = top->image->ks->images; im; im = im->next)
		if (is_used_by(top, im->tree))
			return true;
	return false;
}

/* Mark @slot and the slots in it as new. */
static void forget_states(struct AnyfsSession *s, struct slot *slot)
{
	slot_set_state(s, slot, ANYFS_PART_NEW);
	for (size_t i = 0; i < slot->nr_children && !slot->shares; i++)
		forget_states(s, &slot->children[i]);
}

int slot_leave(struct AnyfsSession *s, struct slot *slot)
{
	int rc, err = 0;

	lock_tree(s);
	rc = unmount_below(slot->node);
	if (rc != -EBUSY && !is_shared(slot->node))
		err = node_close(slot->node);
	unlock_tree(s);
	if (rc != -EBUSY)
		forget_states(s, slot);
	return rc ? rc : err;
}

int anyfs_session_leave(AnyfsSession *s, unsigned part)
{
	struct slot *slot = slot_find(s, part);
	int rc = slot ? 0 : -ENXIO;

	if (!rc && !kstate_kernel(s->image->ks))
		rc = -ENODEV;
	if (rc)
		return rc;
	pthread_mutex_lock(&s->work);
	rc = slot_leave(s, slot);
	pthread_mutex_unlock(&s->work);
	return rc;
}

/* ---- States -------------------------------------------------------------- */

AnyfsPartState anyfs_session_state_slot(AnyfsSession *s, int id)
{
	const struct slot *slot = slot_find(s, id);

	return slot ? slot_state(s, slot) : ANYFS_PART_NEW;
}

AnyfsPartState anyfs_session_state(AnyfsSession *s, unsigned part)
{
	return anyfs_session_state_slot(s, part);
}

const char *anyfs_session_fail_reason_slot(AnyfsSession *s, int id)
{
	const struct slot *slot = slot_find(s, id);
	const char *reason;

	if (!slot)
		return NULL;
	pthread_mutex_lock(&s->lock);
	reason = slot->reason;
	pthread_mutex_unlock(&s->lock);
	return reason;
}

const char *anyfs_session_fail_reason(AnyfsSession *s, unsigned part)
{
	return anyfs_session_fail_reason_slot(s, part);
}
