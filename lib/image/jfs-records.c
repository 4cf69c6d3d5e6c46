// SPDX-License-Identifier: GPL-2.0
/*
 * jfs-records.c - select and check the records of a JFS log to apply
 *
 * These are the records of committed transactions, from the newest to the sync point.  All
 * are checked before the first one is applied.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "jfs-records.h"

static const struct record_kind kinds[] = {
	{ WHAT_INODE, USE_INODES, 7, 32, false, 0 },
	{ WHAT_XTREE, USE_XTREE, 4, 256, false, 0 },
	{ WHAT_DTREE, USE_DTREE, 5, 128, false, 0 },
	{ WHAT_DATA, USE_TABLE, 4, 256, false, 0 },
	{ WHAT_XTREE | WHAT_ROOT, USE_INODES, 4, 18, true, JFS_ROOT },
	{ WHAT_DTREE | WHAT_ROOT, USE_INODES, 5, 9, true, JFS_ROOT },
	{ WHAT_XTREE | WHAT_ROOT | WHAT_TABLE, USE_INODES, 4, 6, true, JFS_TABLE },
};

/* A committed transaction. */
struct commit {
	uint64_t tid;			/* its number */
	uint32_t place;			/* jfs_record.before of its oldest record seen so far */
};

/* ---- lists ---------------------------------------------------------------- */

int jfs_list_add(struct jfs_list *l, const void *item, size_t size)
{
	if (l->nr == l->room) {
		size_t room = l->room ? 2 * l->room : 64;
		void *items = realloc(l->items, room * size);

		if (!items)
			return -ENOMEM;
		l->items = items;
		l->room = room;
	}
	memcpy((char *)l->items + l->nr++ * size, item, size);
	return 0;
}

int jfs_by_key(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static int by_deletion(const void *a, const void *b)
{
	const struct deletion *x = a, *y = b;
	int order = jfs_by_key(a, b);

	return order ? order : jfs_by_key(&x->index, &y->index);
}

/* Sort the list; of items with equal keys keep the first. */
static void sort_unique(struct jfs_list *l, size_t size, int (*order)(const void *, const void *))
{
	char *items = l->items;
	size_t kept = 0;

	if (l->nr)
		qsort(items, l->nr, size, order);
	for (size_t i = 0; i < l->nr; i++)
		if (!kept || jfs_by_key(items + (kept - 1) * size, items + i * size))
			memmove(items + kept++ * size, items + i * size, size);
	l->nr = kept;
}

void *jfs_find(const struct jfs_list *l, uint64_t key, size_t size)
{
	return l->nr ? bsearch(&key, l->items, l->nr, size, jfs_by_key) : NULL;
}

/* ---- records -------------------------------------------------------------- */

const struct record_kind *jfs_find_kind(const struct jfs_record *rec)
{
	unsigned int what = rec->what & ~(WHAT_NEW | WHAT_EXTENDED);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].what == what)
			return &kinds[i];
	return NULL;
}

int jfs_previous_image(const struct jfs_record *rec, const struct record_kind *k,
		       struct after_image *im)
{
	unsigned int len;

	if (!im->unread)
		return 0;
	if (im->unread < 4)
		return -EUCLEAN;
	im->unread -= 4;
	im->line = get_le16(rec->data + im->unread);
	im->lines = get_le16(rec->data + im->unread + 2);
	len = im->lines << k->l2line;
	if (!im->lines || im->line + im->lines > k->lines || len > im->unread)
		return -EUCLEAN;
	im->unread -= len;
	im->data = rec->data + im->unread;
	return 1;
}

uint64_t jfs_inode_key(uint32_t owner, uint32_t number)
{
	return (uint64_t)owner << 32 | number;
}

/* ---- selection -------------------------------------------------- */

int jfs_charge(struct jfs_replay *r, uint64_t bytes)
{
	r->used += bytes;
	return r->used > r->limit ? -ENOSPC : 0;
}

/* Collect the log's records up to the sync point. */
static int collect_records(struct jfs_replay *r)
{
	struct jfs_record rec;
	uint32_t place;
	size_t nr;
	int rc;

	while ((rc = jfs_log_previous(&r->log, &place, &rec)) > 0) {
		const struct commit c = { rec.tid, rec.before };

		if (rec.type == JFS_LOG_COMMIT)
			rc = jfs_list_add(&r->commits, &c, sizeof(c));
		else if (rec.type != JFS_LOG_SYNCPT && rec.type != JFS_LOG_MOUNT)
			rc = jfs_list_add(&r->records, &place, sizeof(place));
		if (rc < 0)
			break;
	}
	nr = r->commits.nr;
	sort_unique(&r->commits, sizeof(struct commit), jfs_by_key);
	/* Each transaction may be committed only once. */
	return rc || r->commits.nr == nr ? rc : -EUCLEAN;
}

/*
 * Whether the record at @place can be the previous one of transaction @c.  Each record stores
 * where the log ended when the previous record of its transaction was written.  This is the end
 * of that record, or of a sync point right after it, or an earlier place, because the kernel
 * sometimes updates its value late.  A later place means that a record was lost.
 */
static bool is_previous_record(const struct jfs_replay *r, const struct commit *c, uint32_t place)
{
	struct jfs_record rec;

	if (c->place <= place)
		return c->place;
	if (c->place != place + JFS_DESCRIPTOR)
		return false;
	jfs_log_record(&r->log, c->place, &rec);
	return rec.type == JFS_LOG_SYNCPT;
}

/* Check that no record of a transaction is missing. */
static bool are_complete(const struct jfs_replay *r)
{
	const struct commit *c = r->commits.items;

	for (size_t i = 0; i < r->commits.nr; i++)
		if (c[i].place > r->log.end)
			return false;
	return true;
}

static bool is_valid(const struct jfs_replay *r, const struct jfs_extent *e)
{
	return e->block && e->block < r->v.blocks && e->blocks <= r->v.blocks - e->block;
}

bool jfs_is_inode_base(const struct after_image *im)
{
	return !(im->line % 4);
}

/*
 * An image in an inode is the base of the inode (line 0), possibly with a table (1); or a short
 * symlink (2), possibly with attributes; or attributes (3).
 */
static int check_inode(const struct jfs_record *rec, const struct after_image *im)
{
	unsigned int part = im->line % 4, number;
	struct jfs_extent extent;

	if (part == 1 || part + im->lines > 4)
		return -EUCLEAN;
	if (part)
		return 0;
	if (im->lines > 2 || (rec->inode != JFS_FILESET && rec->inode != JFS_AGGREGATE))
		return -EUCLEAN;
	number = get_le32(im->data + JFS_NUMBER);
	extent = jfs_get_extent(im->data + JFS_EXTENT);
	if (number % JFS_PER_BLOCK != im->line / 4 || extent.blocks != JFS_EXTENT_BLOCKS ||
	    extent.block + number % JFS_PER_EXTENT / JFS_PER_BLOCK != rec->extent.block)
		return -EUCLEAN;
	return 0;
}

static int survey_block(struct jfs_replay *r, size_t index, const struct jfs_record *rec)
{
	const struct record_kind *k = jfs_find_kind(rec);
	const struct block block = { .number = rec->extent.block };
	struct after_image im = { .unread = rec->len };
	int rc;

	if (!k || rec->detail != k->l2line || rec->extent.blocks != 1 ||
	    !is_valid(r, &rec->extent))
		return -EUCLEAN;
	while ((rc = jfs_previous_image(rec, k, &im)) > 0) {
		if (k->what != WHAT_INODE)
			continue;
		rc = check_inode(rec, &im);
		if (!rc && jfs_is_inode_base(&im) && !get_le32(im.data + JFS_NLINK)) {
			const struct deletion del = {
				jfs_inode_key(rec->inode, get_le32(im.data + JFS_NUMBER)), index,
			};

			rc = jfs_list_add(&r->deletions, &del, sizeof(del));
		}
		if (rc)
			return rc;
	}
	if (!rc)
		rc = jfs_charge(r, sizeof(block));
	return rc ? rc : jfs_list_add(&r->blocks, &block, sizeof(block));
}

static int survey_map(const struct jfs_replay *r, const struct jfs_record *rec)
{
	if (rec->what == WHAT_FREE_ONE || rec->what == WHAT_ALLOC_ONE)
		return is_valid(r, &rec->extent) ? 0 : -EUCLEAN;
	if (rec->what != WHAT_FREE_LIST || rec->detail * XAD > rec->len)
		return -EUCLEAN;
	for (unsigned int i = 0; i < rec->detail; i++) {
		struct jfs_extent e = jfs_get_extent(rec->data + i * XAD + XAD_EXTENT);

		if (!is_valid(r, &e))
			return -EUCLEAN;
	}
	return 0;
}

static int survey_record(struct jfs_replay *r, size_t index, const struct jfs_record *rec)
{
	switch (rec->type) {
	case JFS_LOG_REDOPAGE:
		return survey_block(r, index, rec);
	case JFS_LOG_NOREDOPAGE:
		return jfs_find_kind(rec) && is_valid(r, &rec->extent) ? 0 : -EUCLEAN;
	case JFS_LOG_NOREDOINOEXT:
		return is_valid(r, &rec->extent) ? 0 : -EUCLEAN;
	default:
		return survey_map(r, rec);
	}
}

/* Drop the records of uncommitted transactions, and validate the others. */
static int check_records(struct jfs_replay *r)
{
	uint32_t *places = r->records.items;
	struct block *blocks;
	size_t kept = 0;

	for (size_t i = 0; i < r->records.nr; i++) {
		struct jfs_record rec;
		struct commit *c;
		int rc;

		jfs_log_record(&r->log, places[i], &rec);
		c = jfs_find(&r->commits, rec.tid, sizeof(*c));
		if (!c)
			continue;
		rc = is_previous_record(r, c, places[i]) ? survey_record(r, kept, &rec) : -EUCLEAN;
		if (rc)
			return rc;
		c->place = rec.before;
		places[kept++] = places[i];
	}
	if (!are_complete(r))
		return -EUCLEAN;
	r->records.nr = kept;
	sort_unique(&r->deletions, sizeof(struct deletion), by_deletion);
	sort_unique(&r->blocks, sizeof(struct block), jfs_by_key);
	blocks = r->blocks.items;
	for (size_t i = 0; i < r->blocks.nr; i++)
		blocks[i].open = i;
	return 0;
}

int jfs_survey(struct jfs_replay *r)
{
	int rc = collect_records(r);

	return rc ? rc : check_records(r);
}
