// SPDX-License-Identifier: GPL-2.0
/*
 * session-slots.c - make and find the slots of a session
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "session-slots.h"

static int no_memory(const struct AnyfsSession *s)
{
	return error_set(-ENOMEM, "%s: out of memory", image_name(s->image));
}

/* Reserve ids for @nr more slots. */
static int reserve_ids(struct AnyfsSession *s, size_t nr)
{
	size_t room = s->nr_nested + nr;
	struct slot **more;

	if (room <= s->room_nested)
		return 0;
	room += room / 2;
	more = reallocarray(s->nested, room, sizeof(struct slot *));
	if (!more)
		return no_memory(s);
	s->nested = more;
	s->room_nested = room;
	return 0;
}

/* Publish @slots as the children of @parent, with ids. */
static int add_children(struct AnyfsSession *s, struct slot *parent, struct slot *slots, size_t nr)
{
	int rc = 0;

	pthread_mutex_lock(&s->lock);
	if (parent != &s->top)
		rc = reserve_ids(s, nr);
	for (size_t i = 0; i < nr && !rc && parent != &s->top; i++) {
		slots[i].parent = parent;
		slots[i].id = SLOT_FIRST + s->nr_nested;
		s->nested[s->nr_nested++] = &slots[i];
	}
	if (!rc) {
		parent->children = slots;
		parent->nr_children = nr;
	}
	pthread_mutex_unlock(&s->lock);
	return rc;
}

/* Make a slot for each child of @n. */
static struct slot *slots_of(const struct anyfs_node *n, size_t *nr)
{
	struct slot *slots;
	size_t i = 0;

	*nr = 0;
	for (const struct anyfs_node *c = n->children; c; c = c->next)
		++*nr;
	slots = calloc(*nr + 1, sizeof(*slots));
	for (struct anyfs_node *c = n->children; c && slots; c = c->next, i++) {
		slots[i].node = c;
		slots[i].index = c->kind->id == ANYFS_NODE_PARTITION ? c->part.number : i + 1;
		slots[i].id = slots[i].index;
	}
	return slots;
}

/* Make a slot for @n alone. */
static struct slot *slot_of(struct anyfs_node *n, unsigned int index)
{
	struct slot *slot = calloc(1, sizeof(*slot));

	if (slot)
		*slot = (struct slot){ .id = index, .index = index, .node = n };
	return slot;
}

int slots_open(struct AnyfsSession *s)
{
	struct anyfs_node *disk = s->image->tree;
	struct slot *slots;
	size_t nr = 1;
	int rc;

	pthread_mutex_lock(&s->image->ks->tree_lock);
	rc = node_open(disk);
	if (!rc && disk->lists)
		rc = node_list(disk);
	pthread_mutex_unlock(&s->image->ks->tree_lock);
	if (rc)
		return rc;
	slots = disk->lists ? slots_of(disk, &nr) : slot_of(disk, 0);
	if (!slots)
		return no_memory(s);
	return add_children(s, &s->top, slots, nr);
}

static void free_children(const struct slot *slot)
{
	if (slot->shares)
		return;
	for (size_t i = 0; i < slot->nr_children; i++)
		free_children(&slot->children[i]);
	free(slot->children);
}

void slots_free(struct AnyfsSession *s)
{
	while (s->texts) {
		struct text *next = s->texts->next;

		free(s->texts);
		s->texts = next;
	}
	free_children(&s->top);
	free(s->nested);
}

struct slot *slot_find(struct AnyfsSession *s, int id)
{
	struct slot *found = NULL;

	pthread_mutex_lock(&s->lock);
	if (id >= SLOT_FIRST && (size_t)id - SLOT_FIRST < s->nr_nested)
		found = s->nested[id - SLOT_FIRST];
	for (size_t i = 0; i < s->top.nr_children && id < SLOT_FIRST && !found; i++)
		if (s->top.children[i].id == id)
			found = &s->top.children[i];
	pthread_mutex_unlock(&s->lock);
	if (!found)
		error_set(-ENXIO, "%s: there is no %s %d", image_name(s->image),
			  id < SLOT_FIRST ? "partition" : "slot", id);
	return found;
}

int slot_descend(struct AnyfsSession *s, struct slot *slot, struct anyfs_node **end)
{
	int rc = node_descend(slot->node, end);

	if (!rc && (*end)->image != s->image)
		return error_set(-EXDEV, "%s: belongs to a volume that is open as %s; enter it there",
				 slot->node->object, (*end)->object);
	return rc;
}

/* The slot whose children stand for those of @n, or NULL. */
static struct slot *find_listing(struct AnyfsSession *s, const struct anyfs_node *n)
{
	for (size_t i = 0; i < s->top.nr_children; i++)
		if (s->top.children[i].listed == n)
			return &s->top.children[i];
	for (size_t i = 0; i < s->nr_nested; i++)
		if (s->nested[i]->listed == n)
			return s->nested[i];
	return NULL;
}

bool slot_is_container(const struct slot *slot, const struct anyfs_node *end)
{
	return end != slot->node && end->parent != slot->node;
}

static int make_children(struct AnyfsSession *s, struct slot *slot, struct anyfs_node *end)
{
	struct slot *slots;
	size_t nr = 1;
	int rc;

	if (!end->lists && !slot_is_container(slot, end))
		return 0;
	rc = end->lists ? node_list(end) : 0;
	if (rc)
		return rc;
	slots = end->lists ? slots_of(end, &nr) : slot_of(end, 1);
	if (!slots)
		return no_memory(s);
	rc = add_children(s, slot, slots, nr);
	if (rc || !nr)
		free(slots);
	return rc;
}

int slot_list(struct AnyfsSession *s, struct slot *slot)
{
	struct anyfs_node *end;
	struct slot *same;
	int rc = slot_descend(s, slot, &end);

	if (rc || slot->listed)
		return rc;
	same = find_listing(s, end);
	if (same) {
		pthread_mutex_lock(&s->lock);
		slot->children = same->children;
		slot->nr_children = same->nr_children;
		slot->shares = true;
		pthread_mutex_unlock(&s->lock);
	} else {
		rc = make_children(s, slot, end);
	}
	if (!rc)
		slot->listed = end;
	return rc;
}

/* Keep the last error's text; a text that was kept already is not stored twice. */
static const char *keep_text(struct AnyfsSession *s)
{
	const char *text = error_last();
	struct text *t = s->texts;

	while (t && strcmp(t->text, text))
		t = t->next;
	if (t)
		return t->text;
	t = malloc(sizeof(*t) + strlen(text) + 1);
	if (!t)
		return "out of memory";
	strcpy(t->text, text);
	t->next = s->texts;
	s->texts = t;
	return t->text;
}

void slot_set_state(struct AnyfsSession *s, struct slot *slot, AnyfsPartState state)
{
	pthread_mutex_lock(&s->lock);
	slot->state = state;
	slot->reason = state == ANYFS_PART_FAILED ? keep_text(s) : NULL;
	pthread_mutex_unlock(&s->lock);
}

AnyfsPartState slot_state(struct AnyfsSession *s, const struct slot *slot)
{
	AnyfsPartState state;

	pthread_mutex_lock(&s->lock);
	state = slot->state;
	pthread_mutex_unlock(&s->lock);
	return state;
}
