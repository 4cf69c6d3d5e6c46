// SPDX-License-Identifier: GPL-2.0
/*
 * ext4-prefetch.c - announce the journal and the root directory of an ext4
 *
 * The kernel reads superblock, inodes, journal and root directory one after the other, and waits
 * for the server each time.  The superblock has a copy of the list of the journal's blocks, so the
 * journal can be fetched with the inodes.  A wrong result does no harm: useless bytes are fetched.
 *
 * Layout: Documentation/filesystems/ext4 of the kernel.
 */
#include "bytes.h"
#include "prefetch.h"

#define SUPER_AT	1024u
#define SUPER_BYTES	1024u
#define MAGIC		0xef53u
#define HAS_JOURNAL	0x4u		/* s_feature_compat */
#define IS_64BIT	0x80u		/* s_feature_incompat */
#define BACKUP_BLOCKS	1u		/* s_jnl_backup_type */
#define GROUP_BYTES	64u
#define INODE_BYTES	128u		/* the part that all inodes have */
#define INLINE_DATA	0x10000000u	/* i_flags */
#define EXTENTS_MAGIC	0xf30au

struct ext4 {
	const struct device *d;
	uint8_t super[SUPER_BYTES];
	uint64_t block;			/* bytes */
};

static bool read_at(const struct ext4 *e, void *buf, size_t len, uint64_t at)
{
	return at < e->d->size && len <= e->d->size - at &&
	       !blockdev_read_bytes(e->d->bd, buf, len, e->d->start + at);
}

static bool read_super(struct ext4 *e)
{
	unsigned int shift;

	if (!read_at(e, e->super, sizeof(e->super), SUPER_AT) ||
	    get_le16(e->super + 56) != MAGIC)
		return false;
	shift = get_le32(e->super + 24);
	e->block = 1024ull << (shift < 7 ? shift : 6);
	return shift < 7;
}

/* Announce the first block of the list @list: a block map, or a node of a tree of extents. */
static void prefetch_first(const struct ext4 *e, const uint8_t *list)
{
	const uint8_t *entry = list + 12;
	uint64_t nr = get_le32(list);

	if (get_le16(list) == EXTENTS_MAGIC && get_le16(list + 6))	/* an index */
		nr = get_le32(entry + 4) | (uint64_t)get_le16(entry + 8) << 32;
	else if (get_le16(list) == EXTENTS_MAGIC)
		nr = get_le32(entry + 8) | (uint64_t)get_le16(entry + 6) << 32;
	if (nr && nr < e->d->size / e->block)
		blockdev_prefetch(e->d->bd, e->d->start + nr * e->block, e->block);
}

/* The offset of the root's inode, number 2; 0: unknown. */
static uint64_t root_at(const struct ext4 *e)
{
	uint32_t inode = get_le32(e->super + 76) ? get_le16(e->super + 88) : INODE_BYTES;
	uint64_t table;
	uint8_t group[GROUP_BYTES];

	if (!read_at(e, group, sizeof(group), (get_le32(e->super + 20) + 1ull) * e->block))
		return 0;
	table = get_le32(group + 8);
	if (get_le32(e->super + 96) & IS_64BIT)
		table |= (uint64_t)get_le32(group + 40) << 32;
	return table < e->d->size / e->block ? table * e->block + inode : 0;
}

void ext4_prefetch(const struct device *d)
{
	struct ext4 e = { .d = d };
	uint8_t inode[INODE_BYTES];
	uint64_t at;

	if (!d->bd || !d->bd->has_cache || !read_super(&e))
		return;
	if (get_le32(e.super + 92) & HAS_JOURNAL && e.super[253] == BACKUP_BLOCKS)
		prefetch_first(&e, e.super + 268);
	at = root_at(&e);
	if (at && read_at(&e, inode, sizeof(inode), at) &&
	    !(get_le32(inode + 32) & INLINE_DATA))
		prefetch_first(&e, inode + 40);
}
