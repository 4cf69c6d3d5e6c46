// SPDX-License-Identifier: GPL-2.0
/*
 * cut.c - build a disk in a state that a power cut at a tick may leave
 *
 * A write is durable when a flush that was submitted after the completion of the write has
 * completed; a FUA write is durable at its completion.  Of every other write that was
 * submitted, any part may be on the disk, in units of the file system's atom.  Where writes
 * overlap, the later data wins, because no disk's cache writes older data over newer.  So
 * dropping any subset of writes is equivalent to writing the cache in any order.
 *
 * A discarded or zeroed range is a write of zeroes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "lkl_abi.h"
#include "powercut.h"

#define NEVER	UINT64_MAX
#define CHUNK	(64u << 10)

enum {
	KEEP_NONE, KEEP_ALL, KEEP_HALF, KEEP_FEW_TORN, KEEP_MOST_TORN, KEEP_FIRST, DROP_ONE, KINDS
};

static const char *const kinds[KINDS] = {
	[KEEP_NONE] = "none of them kept",
	[KEEP_ALL] = "all kept",
	[KEEP_HALF] = "each kept or not",
	[KEEP_FEW_TORN] = "few kept, torn",
	[KEEP_MOST_TORN] = "most kept, torn",
	[KEEP_FIRST] = "the first ones kept, the last of them torn",
	[DROP_ONE] = "one dropped",
};

struct cutter {
	const struct recording *rec;
	uint64_t *durable;		/* for each entry: tick when durable, or NEVER */
	char *disk;			/* content with all writes that are durable at @tick */
	uint32_t *owner;		/* for each sector 1 + the entry that wrote it; 0: none */
	unsigned char *used;		/* for each chunk of disk: perhaps not zero */
	uint64_t tick;
};

static bool is_write(const struct record_entry *e)
{
	return e->op != LKL_BLK_FLUSH && e->op != LKL_BLK_READ;
}

/* ---- durability ---- */

/*
 * The tick at which the first flush completed that was submitted after the completion of entry
 * @index.  Flushes in flight at the same time may complete in any order.
 */
static uint64_t flushed_from(const struct recording *rec, size_t index)
{
	uint64_t written = rec->entries[index]->answered, tick = NEVER;

	for (size_t i = index + 1; i < rec->nr && rec->entries[i]->came < tick; i++) {
		const struct record_entry *e = rec->entries[i];

		if (e->op == LKL_BLK_FLUSH && e->came > written && e->answered && !e->status &&
		    e->answered < tick)
			tick = e->answered;
	}
	return tick;
}

static uint64_t durable_from(const struct recording *rec, size_t index)
{
	const struct record_entry *e = rec->entries[index];

	if (!is_write(e) || !e->answered || e->status)
		return NEVER;
	return e->flags & LKL_BLK_FUA ? e->answered : flushed_from(rec, index);
}

/* ---- applying ---- */

static void put_sector(struct cutter *c, size_t index, uint64_t sector)
{
	const struct record_entry *e = c->rec->entries[index];
	uint64_t at = sector * SECTOR;

	if (c->owner[sector] > index + 1)
		return;			/* a later write is already applied */
	c->owner[sector] = index + 1;
	c->used[at / CHUNK] = 1;
	if (e->data)
		memcpy(c->disk + at, e->data + (at - e->offset), SECTOR);
	else
		memset(c->disk + at, 0, SECTOR);
}

/* Apply all writes that became durable up to @tick. */
static void advance(struct cutter *c, uint64_t tick)
{
	if (tick < c->tick)
		die("cuts out of order");
	for (size_t i = 0; i < c->rec->nr; i++) {
		const struct record_entry *e = c->rec->entries[i];

		if (c->durable[i] <= c->tick || c->durable[i] > tick)
			continue;
		for (uint64_t s = 0; s < e->len / SECTOR; s++)
			put_sector(c, i, e->offset / SECTOR + s);
	}
	c->tick = tick;
}

static void write_out(const struct cutter *c, int fd)
{
	uint64_t size = c->rec->fs->size;

	if (ftruncate(fd, 0) < 0 || ftruncate(fd, size) < 0)
		die("cannot empty a disk in memory: %s", strerror(errno));
	for (uint64_t at = 0; at < size; at += CHUNK) {
		if (c->used[at / CHUNK] && pwrite(fd, c->disk + at, CHUNK, at) != CHUNK)
			die("cannot write a disk in memory: %s", strerror(errno));
	}
}

/* How much of a pending write is kept: 0 none, 1 all, 2 torn. */
static unsigned int kept_part(const struct cut *cut, struct random *r, unsigned int nth,
			      unsigned int point)
{
	switch (cut->kind) {
	case KEEP_NONE:		return 0;
	case KEEP_ALL:		return 1;
	case KEEP_HALF:		return random_below(r, 2);
	case KEEP_FEW_TORN:	return random_below(r, 8) ? 0 : 1 + random_below(r, 2);
	case KEEP_MOST_TORN:	return random_below(r, 8) ? 1 + random_below(r, 2) : 0;
	case KEEP_FIRST:	return nth < point ? 1 : nth == point ? 2 : 0;
	default:		return nth != point;
	}
}

/*
 * Apply the atoms of entry @index that the choice keeps, unless a later durable write covers
 * them.
 */
static void put_pending(const struct cutter *c, size_t index, bool torn, struct random *r, int fd)
{
	static const char zeroes[SECTOR];
	const struct record_entry *e = c->rec->entries[index];
	unsigned int atom = c->rec->fs->atom;
	uint64_t atoms = (e->len + atom - 1) / atom;
	uint64_t prefix = random_below(r, 2) ? random_below(r, atoms) : NEVER;
	bool kept = true;

	for (uint64_t at = e->offset; at < e->offset + e->len; at += SECTOR) {
		uint64_t done = at - e->offset;
		const char *from = e->data ? e->data + done : zeroes;

		/* A torn write is truncated, or has gaps. */
		if (torn && !(done % atom))
			kept = prefix == NEVER ? random_below(r, 2) : done / atom < prefix;
		if (kept && c->owner[at / SECTOR] <= index + 1 &&
		    pwrite(fd, from, SECTOR, at) != SECTOR)
			die("cannot write a disk in memory: %s", strerror(errno));
	}
}

static bool is_pending(const struct cutter *c, size_t index, uint64_t tick)
{
	const struct record_entry *e = c->rec->entries[index];

	return is_write(e) && e->came <= tick && c->durable[index] > tick;
}

void cutter_build(struct cutter *c, struct cut *cut, int fd)
{
	struct random r = { cut->choice };
	unsigned int nth = 0, point;

	advance(c, cut->tick);
	write_out(c, fd);
	cut->pending = cut->kept = 0;
	for (size_t i = 0; i < c->rec->nr; i++)
		cut->pending += is_pending(c, i, cut->tick);
	point = cut->pending ? random_below(&r, cut->pending) : 0;
	for (size_t i = 0; i < c->rec->nr; i++) {
		unsigned int what;

		if (!is_pending(c, i, cut->tick))
			continue;
		what = kept_part(cut, &r, nth++, point);
		if (what)
			put_pending(c, i, what == 2, &r, fd);
		cut->kept += !!what;
	}
}

/* ---- choosing ---- */

/* Half of the cuts are just before a flush is answered, when most writes are pending. */
static uint64_t pick_tick(const struct recording *rec, struct random *r)
{
	if (random_below(r, 2)) {
		for (int tries = 0; tries < 64; tries++) {
			const struct record_entry *e = rec->entries[random_below(r, rec->nr)];

			if (e->op == LKL_BLK_FLUSH && e->answered)
				return e->answered - 1;
		}
	}
	return random_below(r, rec->end + 1);
}

struct cut cut_make(const struct recording *rec, uint64_t id)
{
	struct random r = { (rec->seed << 32) + id + 1 };
	struct cut cut = { .id = id };

	cut.tick = pick_tick(rec, &r);
	cut.kind = random_below(&r, KINDS);
	cut.choice = random_next(&r);
	return cut;
}

const char *cut_kind(const struct cut *cut)
{
	return kinds[cut->kind];
}

/* ---- open and close ---- */

static void load_base(struct cutter *c)
{
	off_t data = 0;

	c->disk = mmap(NULL, c->rec->fs->size, PROT_READ | PROT_WRITE, MAP_PRIVATE,
		       c->rec->base, 0);
	if (c->disk == MAP_FAILED)
		die("cannot map a disk in memory: %s", strerror(errno));
	while ((data = lseek(c->rec->base, data, SEEK_DATA)) >= 0) {
		c->used[data / CHUNK] = 1;
		data = (data / CHUNK + 1) * CHUNK;
	}
}

struct cutter *cutter_new(const struct recording *rec)
{
	struct cutter *c = calloc(1, sizeof(*c));

	if (!c)
		die("out of memory");
	c->rec = rec;
	c->durable = calloc(rec->nr, sizeof(*c->durable));
	c->owner = calloc(rec->fs->size / SECTOR, sizeof(*c->owner));
	c->used = calloc(rec->fs->size / CHUNK, 1);
	if (!c->durable || !c->owner || !c->used)
		die("out of memory");
	for (size_t i = 0; i < rec->nr; i++)
		c->durable[i] = durable_from(rec, i);
	load_base(c);
	return c;
}

void cutter_free(struct cutter *c)
{
	munmap(c->disk, c->rec->fs->size);
	free(c->durable);
	free(c->owner);
	free(c->used);
	free(c);
}
