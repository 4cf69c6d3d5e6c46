// SPDX-License-Identifier: GPL-2.0
/*
 * listed.c - a disk whose ranges are a list in memory, see listed.h
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "find-start.h"
#include "listed.h"

#define SECTOR		512u

/* A struct listed_range in less memory.  The range ends where that of the next entry starts. */
struct entry {
	uint64_t start;			/* offset on the disk */
	uint64_t offset;
	struct blockdev *from;
	uint32_t packed_len;
	uint8_t kind, codec;		/* enum run_kind, enum codec */
};

struct listed {
	struct mapped m;
	struct entry *entries;		/* owned */
	unsigned int nr, room;		/* entries in use, entries allocated */
	uint64_t size;			/* sum of all ranges, bytes */
	struct blockdev **references;	/* from listed_hold() */
	unsigned int nr_references;
};

struct listed *listed_create(void)
{
	return calloc(1, sizeof(struct listed));
}

uint64_t listed_size(const struct listed *l)
{
	return l->size;
}

static bool make_room(struct listed *l)
{
	unsigned int room = l->room ? l->room * 2 : 64;
	struct entry *more;

	if (l->nr < l->room)
		return true;
	more = realloc(l->entries, room * sizeof(*more));
	if (!more)
		return false;
	l->entries = more;
	l->room = room;
	return true;
}

/* True if @r continues the last entry, so that one entry can describe both. */
static bool continues_last(const struct listed *l, const struct listed_range *r)
{
	const struct entry *e = l->nr ? &l->entries[l->nr - 1] : NULL;

	if (!e || e->kind != r->kind || r->kind == RUN_PACKED)
		return false;
	if (r->kind == RUN_FILL)
		return e->offset == r->offset;
	return r->kind == RUN_ZERO ||
	       (e->from == r->from && e->offset + (l->size - e->start) == r->offset);
}

int listed_add(struct listed *l, const struct listed_range *r)
{
	if (!r->len)
		return 0;
	if (l->size % SECTOR || r->len > (1ull << 60) - l->size ||
	    (r->kind == RUN_PACKED && r->len > UNIT_MAX))
		return -EINVAL;
	if (!continues_last(l, r)) {
		if (l->nr == LISTED_MAX)
			return -E2BIG;
		if (!make_room(l))
			return -ENOMEM;
		l->entries[l->nr++] = (struct entry){
			l->size, r->offset, r->from, r->packed_len, r->kind, r->codec,
		};
	}
	l->size += r->len;
	return 0;
}

int listed_hold(struct listed *l, struct blockdev *bd)
{
	struct blockdev **more = realloc(l->references, (l->nr_references + 1) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	l->references = more;
	l->references[l->nr_references++] = blockdev_get(bd);
	return 0;
}

static int listed_map(struct mapped *m, uint64_t offset, uint64_t len, bool may_wait,
		      struct run *run)
{
	struct listed *l = (struct listed *)m;
	unsigned int i = find_start(&l->entries->start, sizeof(*l->entries), l->nr, offset);
	const struct entry *e = &l->entries[i];
	uint64_t end = i + 1 < l->nr ? l->entries[i + 1].start : m->bd.capacity;

	*run = (struct run){
		.kind = e->kind, .hole = true, .from = e->from, .codec = e->codec,
		.len = end - offset < len ? end - offset : len,
		.offset = e->kind == RUN_DATA ? e->offset + (offset - e->start) : e->offset,
		.packed_len = e->packed_len, .unit = e->start,
		/* The last unit may end within a sector. */
		.unit_len = (i + 1 < l->nr ? end : l->size) - e->start,
	};
	return 0;
}

static void free_list(struct listed *l)
{
	for (unsigned int i = 0; i < l->nr_references; i++)
		blockdev_close(l->references[i]);
	free(l->references);
	free(l->entries);
}

static void listed_close(struct mapped *m)
{
	free_list((struct listed *)m);
}

static const struct mapped_ops listed_ops = { .map = listed_map, .close = listed_close };

void listed_free(struct listed *l)
{
	if (!l)
		return;
	free_list(l);
	free(l);
}

int listed_finish(struct listed *l, struct blockdev *lower, struct blockdev **bd)
{
	int err = l->size ? mapped_init(&l->m, &listed_ops, lower, l->size) :
			    error_set(-EINVAL, "%s: holds an empty disk", lower->name);

	if (err) {
		listed_free(l);
		return err;
	}
	*bd = &l->m.bd;
	return 0;
}
