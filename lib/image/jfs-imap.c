// SPDX-License-Identifier: GPL-2.0
/*
 * jfs-imap.c - find and update the inode map of a JFS
 *
 * The inode map is a file: block 0 is its header, block n + 1 the n-th inode allocation
 * group, which stores the addresses of its 128 extents of inodes.  The map's own inode is
 * number 16 of the aggregate inodes, which are at a fixed place.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "jfs-records.h"

#define MAP_INODE_BLOCK	13u		/* the block that begins with inode 16 */

/* A page of an xtree: a header of two entries, then entries of 16 bytes. */
#define XTREE_FLAG	16u		/* u8 */
#define XTREE_NEXT	18u		/* u16: number of entries, with those of the header */
#define XTREE_LEAF	0x02u
#define XTREE_FIRST	2u
#define ROOT_ENTRIES	18u
#define BLOCK_ENTRIES	256u
#define XAD_HIGH	3u		/* u8: bits 32...39 of the offset in the file, blocks */
#define XAD_LOW		4u		/* u32 */
#define MAX_HEIGHT	8

/* An inode allocation group. */
#define IAG_NUMBER	8u		/* u32 */
#define IAG_EXTENTS	3072u

/* Offset in the file, in blocks, at which the extent of an entry begins. */
static uint64_t xad_place(const uint8_t *xad)
{
	return (uint64_t)xad[XAD_HIGH] << 32 | get_le32(xad + XAD_LOW);
}

/* The last entry of a page whose extent begins at @place or before; NULL: page is invalid. */
static const uint8_t *find_entry(const uint8_t *page, unsigned int max, uint64_t place)
{
	unsigned int next = get_le16(page + XTREE_NEXT);
	const uint8_t *found = NULL;

	if (next > max)
		return NULL;
	for (unsigned int i = XTREE_FIRST; i < next; i++) {
		const uint8_t *xad = page + i * XAD;

		if (xad_place(xad) > place)
			break;
		found = xad;
	}
	return found;
}

/* Find the disk block of block @place of the inode map. */
static int find_map_block(const struct jfs_replay *r, uint64_t place, uint64_t *block)
{
	uint8_t buf[JFS_BLOCK];
	const uint8_t *page = jfs_replay_block(r, MAP_INODE_BLOCK, buf);
	unsigned int max = ROOT_ENTRIES;

	if (page && get_le32(page + JFS_NUMBER) != JFS_FILESET)
		return -EUCLEAN;
	if (page)
		page += JFS_ROOT;
	for (int height = 0; page && height < MAX_HEIGHT; height++) {
		const uint8_t *xad = find_entry(page, max, place);
		struct jfs_extent e;
		uint64_t into;

		if (!xad)
			return -EUCLEAN;
		e = jfs_get_extent(xad + XAD_EXTENT);
		if (page[XTREE_FLAG] & XTREE_LEAF) {
			into = place - xad_place(xad);
			*block = e.block + into;
			return into < e.blocks ? 0 : -EUCLEAN;
		}
		page = jfs_replay_block(r, e.block, buf);
		max = BLOCK_ENTRIES;
	}
	return page ? -EUCLEAN : -EIO;
}

static int load_iag(struct jfs_replay *r, uint64_t number, uint8_t **iag)
{
	const uint8_t *data;
	uint64_t block;
	uint8_t *buf;
	int rc = find_map_block(r, number + 1, &block);

	if (rc)
		return rc;
	buf = malloc(JFS_BLOCK);
	if (!buf)
		return -ENOMEM;
	data = jfs_replay_block(r, block, buf);
	/* Log records do not contain allocation groups. */
	if (data != buf || get_le32(data + IAG_NUMBER) != number)
		rc = data ? -EUCLEAN : -EIO;
	if (!rc)
		rc = jfs_replay_take(r, block, buf);
	if (rc)
		free(buf);
	else
		*iag = buf;
	return rc;
}

static void put_extent(uint8_t *p, uint64_t block)
{
	put_le32(p, JFS_EXTENT_BLOCKS | (uint32_t)(block >> 32) << 24);
	put_le32(p + 4, (uint32_t)block);
}

int jfs_imap_enter(struct jfs_replay *r, struct jfs_list *list)
{
	const struct jfs_inodes *in = list->items;
	uint64_t last = UINT64_MAX, extent = 0;
	uint8_t *iag = NULL;

	if (list->nr)
		qsort(list->items, list->nr, sizeof(*in), jfs_by_key);
	for (size_t i = 0; i < list->nr; i++) {
		uint64_t first = in[i].block - in[i].number % JFS_PER_EXTENT / JFS_PER_BLOCK;
		uint64_t number = in[i].number / JFS_PER_EXTENT;

		/* The blocks of one extent must agree. */
		if (number == last && first != extent)
			return -EUCLEAN;
		if (first > r->v.blocks - JFS_EXTENT_BLOCKS)
			return -EUCLEAN;
		if (number == last)
			continue;
		if (!iag || number / 128 != last / 128) {
			int rc = load_iag(r, number / 128, &iag);

			if (rc)
				return rc;
		}
		put_extent(iag + IAG_EXTENTS + 8 * (number % 128), first);
		last = number;
		extent = first;
	}
	return 0;
}
