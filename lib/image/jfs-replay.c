// SPDX-License-Identifier: GPL-2.0
/*
 * jfs-replay.c - apply the records of a JFS log to blocks
 *
 * Records of committed transactions are applied, newest first.  A record contains images
 * of parts of one block; for each 16 bytes only the newest image is used.  Images are also
 * ignored if they are older than
 *
 *  - the record that freed the block or gave it another use;
 *  - the record that deleted the inode, for the inode and the blocks of its trees.
 *
 * The new blocks are computed in memory.  So an invalid log is detected before the first byte
 * is written to the device.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "jfs-records.h"

/* ---- blocks --------------------------------------------------------------- */

static bool is_done(const struct block *b, unsigned int byte)
{
	unsigned int unit = byte / UNIT;

	return b->done[unit / 64] >> unit % 64 & 1;
}

static void set_done(struct block *b, unsigned int first, unsigned int len)
{
	for (unsigned int unit = first / UNIT; unit < (first + len) / UNIT; unit++)
		b->done[unit / 64] |= (uint64_t)1 << unit % 64;
}

static int load_block(struct jfs_replay *r, struct block *b)
{
	int rc = jfs_charge(r, JFS_BLOCK);

	if (rc)
		return rc;
	b->data = malloc(JFS_BLOCK);
	return b->data ? jfs_read(&r->v, b->number, b->data) : -ENOMEM;
}

/* Apply an image whose first byte is @first. */
static int put_image(struct jfs_replay *r, struct block *b, unsigned int first, const uint8_t *data,
		     unsigned int len)
{
	for (unsigned int i = 0; i < len; i += UNIT) {
		int rc;

		if (is_done(b, first + i))
			continue;
		rc = b->data ? 0 : load_block(r, b);
		if (rc)
			return rc;
		memcpy(b->data + first + i, data + i, UNIT);
	}
	set_done(b, first, len);
	return 0;
}

/* Find the first block from the @i-th on that can still change. */
static size_t find_open(struct jfs_replay *r, size_t i)
{
	struct block *b = r->blocks.items;

	while (i < r->blocks.nr && b[i].open != i) {
		if (b[i].open < r->blocks.nr)
			b[i].open = b[b[i].open].open;
		i = b[i].open;
	}
	return i;
}

/* Ignore all further images of the blocks of @e: they are older than the freeing of @e. */
static void close_blocks(struct jfs_replay *r, const struct jfs_extent *e)
{
	struct block *b = r->blocks.items;
	size_t low = 0, high = r->blocks.nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (b[middle].number < e->block)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = find_open(r, low);
	     i < r->blocks.nr && b[i].number < e->block + e->blocks; i = find_open(r, i)) {
		set_done(&b[i], 0, JFS_BLOCK);
		b[i].open = i + 1;
	}
}

/* ---- records -------------------------------------------------------------- */

static int apply_inode(struct jfs_replay *r, struct block *b, const struct jfs_record *rec,
		       const struct after_image *im)
{
	unsigned int first = im->line * 128, len = im->lines * 128, number;
	bool is_newest = !is_done(b, first);
	int rc;

	/* The table ends in the middle of a line, where the tree's root begins. */
	if (jfs_is_inode_base(im) && im->lines == 2)
		len = JFS_ROOT;
	rc = put_image(r, b, first, im->data, len);
	if (rc || !jfs_is_inode_base(im))
		return rc;
	if (!get_le32(im->data + JFS_NLINK)) {
		set_done(b, first, JFS_INODE);
		return 0;
	}
	if (!is_newest || rec->inode != JFS_FILESET)
		return 0;
	number = get_le32(im->data + JFS_NUMBER) / JFS_PER_BLOCK * JFS_PER_BLOCK;
	if (b->has_inodes && b->inode != number)
		return -EUCLEAN;
	b->has_inodes = true;
	b->inode = number;
	return 0;
}

static bool is_deleted(const struct jfs_replay *r, const struct jfs_record *rec, size_t index)
{
	uint64_t key = jfs_inode_key(rec->fileset, rec->inode);
	const struct deletion *del = jfs_find(&r->deletions, key, sizeof(*del));

	return del && del->index < index;
}

static unsigned int first_byte(const struct record_kind *k, const struct jfs_record *rec)
{
	return k->offset + (k->in_inode ? rec->inode % JFS_PER_BLOCK * JFS_INODE : 0);
}

static int apply_block(struct jfs_replay *r, size_t index, const struct jfs_record *rec)
{
	const struct record_kind *k = jfs_find_kind(rec);
	struct block *b = jfs_find(&r->blocks, rec->extent.block, sizeof(*b));
	struct after_image im = { .unread = rec->len };
	int rc;

	if (b->use != USE_NONE && b->use != k->use) {
		/* The extent was freed in between. */
		close_blocks(r, &rec->extent);
		return 0;
	}
	b->use = k->use;
	if (k->what != WHAT_INODE && is_deleted(r, rec, index))
		return 0;
	while ((rc = jfs_previous_image(rec, k, &im)) > 0) {
		if (k->what == WHAT_INODE)
			rc = apply_inode(r, b, rec, &im);
		else
			rc = put_image(r, b, first_byte(k, rec) + (im.line << k->l2line), im.data,
				       im.lines << k->l2line);
		if (rc)
			return rc;
	}
	return rc;
}

/* A tree's block was freed, or the tree's root was initialised again. */
static void apply_free(struct jfs_replay *r, const struct jfs_record *rec)
{
	const struct record_kind *k = jfs_find_kind(rec);
	struct block *b;

	if (!k->in_inode) {
		close_blocks(r, &rec->extent);
		return;
	}
	b = jfs_find(&r->blocks, rec->extent.block, sizeof(*b));
	if (b)
		set_done(b, first_byte(k, rec),
			 k->offset == JFS_TABLE ? JFS_ROOT - JFS_TABLE : JFS_INODE - JFS_ROOT);
}

static void apply_map(struct jfs_replay *r, const struct jfs_record *rec)
{
	if (rec->what == WHAT_FREE_ONE)
		close_blocks(r, &rec->extent);
	for (unsigned int i = 0; rec->what == WHAT_FREE_LIST && i < rec->detail; i++) {
		struct jfs_extent e = jfs_get_extent(rec->data + i * XAD + XAD_EXTENT);

		close_blocks(r, &e);
	}
}

static int apply_records(struct jfs_replay *r)
{
	const uint32_t *places = r->records.items;
	int rc = 0;

	for (size_t i = 0; !rc && i < r->records.nr; i++) {
		struct jfs_record rec;

		jfs_log_record(&r->log, places[i], &rec);
		if (rec.type == JFS_LOG_REDOPAGE)
			rc = apply_block(r, i, &rec);
		else if (rec.type == JFS_LOG_NOREDOPAGE)
			apply_free(r, &rec);
		else if (rec.type == JFS_LOG_NOREDOINOEXT)
			close_blocks(r, &rec.extent);
		else
			apply_map(r, &rec);
	}
	return rc;
}

/* No record contains the addresses of inodes, but each inode contains its own. */
static int enter_inodes(struct jfs_replay *r)
{
	const struct block *b = r->blocks.items;
	struct jfs_list list = { 0 };
	int rc = 0;

	for (size_t i = 0; !rc && i < r->blocks.nr; i++) {
		const struct jfs_inodes inodes = { b[i].inode, b[i].number };

		if (b[i].has_inodes)
			rc = jfs_list_add(&list, &inodes, sizeof(inodes));
	}
	if (!rc)
		rc = jfs_imap_enter(r, &list);
	free(list.items);
	return rc;
}

/* ---- the complete replay ------------------------------------------------------------ */

static int replay_records(struct jfs_replay *r)
{
	int rc = jfs_log_open(&r->v, &r->log);

	if (!rc)
		rc = jfs_survey(r);
	if (!rc)
		rc = apply_records(r);
	return rc ? rc : enter_inodes(r);
}

int jfs_replay_prepare(const struct device *d, uint64_t limit, struct jfs_replay **out)
{
	struct jfs_replay *r = calloc(1, sizeof(*r));
	int rc;

	*out = NULL;
	if (!r)
		return -ENOMEM;
	r->limit = limit;
	rc = jfs_volume_open(d, &r->v);
	if (!rc && !r->v.replayed)
		rc = replay_records(r);
	jfs_log_close(&r->log);
	if (rc)
		jfs_replay_free(r);
	else
		*out = r;
	return rc;
}

const uint8_t *jfs_replay_block(const struct jfs_replay *r, uint64_t block, uint8_t *buf)
{
	const struct block *b = jfs_find(&r->blocks, block, sizeof(*b));

	if (b && b->data)
		return b->data;
	return block < r->v.blocks && !jfs_read(&r->v, block, buf) ? buf : NULL;
}

int jfs_replay_take(struct jfs_replay *r, uint64_t block, uint8_t *data)
{
	const struct change c = { block, data };
	int rc = jfs_charge(r, JFS_BLOCK);

	return rc ? rc : jfs_list_add(&r->changes, &c, sizeof(c));
}

static int write_block(const struct device *d, uint64_t block, const uint8_t *data)
{
	return data ? device_write(d, data, JFS_BLOCK, block * JFS_BLOCK) : 0;
}

int jfs_replay_write(const struct jfs_replay *r, const struct device *d)
{
	const struct block *b = r->blocks.items;
	const struct change *c = r->changes.items;
	int rc = 0;

	for (size_t i = 0; !rc && i < r->blocks.nr; i++)
		rc = write_block(d, b[i].number, b[i].data);
	for (size_t i = 0; !rc && i < r->changes.nr; i++)
		rc = write_block(d, c[i].block, c[i].data);
	return rc;
}

void jfs_replay_free(struct jfs_replay *r)
{
	struct block *b;
	struct change *c;

	if (!r)
		return;
	b = r->blocks.items;
	c = r->changes.items;
	for (size_t i = 0; i < r->blocks.nr; i++)
		free(b[i].data);
	for (size_t i = 0; i < r->changes.nr; i++)
		free(c[i].data);
	free(r->blocks.items);
	free(r->changes.items);
	free(r->deletions.items);
	free(r->commits.items);
	free(r->records.items);
	free(r);
}
