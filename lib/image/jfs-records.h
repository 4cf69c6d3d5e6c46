/* SPDX-License-Identifier: GPL-2.0 */
/*
 * jfs-records.h - definitions shared by the files that replay a JFS log
 */
#ifndef ANYFS_IMAGE_JFS_RECORDS_H
#define ANYFS_IMAGE_JFS_RECORDS_H

#include "jfs.h"

#define UNIT		16u		/* bytes; the size of every image is a multiple of this */
#define UNITS		(JFS_BLOCK / UNIT)

/* Values of jfs_record.what in records of blocks */
#define WHAT_INODE	0x0001u
#define WHAT_XTREE	0x0002u
#define WHAT_DTREE	0x0004u
#define WHAT_ROOT	0x0010u		/* the tree's root, which is in the inode */
#define WHAT_DATA	0x0080u		/* a directory's table of entries */
#define WHAT_NEW	0x0100u		/* the page is new; not needed for the replay */
#define WHAT_EXTENDED	0x0200u		/* the page was extended; not needed for the replay */
#define WHAT_TABLE	0x0800u		/* the xtree of a directory's table */

/* Values of jfs_record.what in records of maps */
#define WHAT_FREE_LIST	0x0008u		/* the extents of a list of xads were freed */
#define WHAT_FREE_ONE	0x0001u		/* the extent in the descriptor was freed */
#define WHAT_ALLOC_ONE	0x0010u		/* the extent in the descriptor was allocated */
#define XAD		16u		/* bytes of an xad, an entry of an xtree */
#define XAD_EXTENT	8u		/* offset of the extent in an xad */

/* The use of a block, according to the newest record of it that was applied. */
enum use { USE_NONE, USE_INODES, USE_XTREE, USE_DTREE, USE_TABLE };

/* Format of the images in a kind of records.  A line is the unit in which JFS logs. */
struct record_kind {
	unsigned int what;		/* WHAT_*, without WHAT_NEW and WHAT_EXTENDED */
	enum use use;			/* of the block */
	unsigned int l2line, lines;	/* log2 of the bytes of a line; number of lines */
	bool in_inode;			/* the lines are in the inode, not in a block */
	unsigned int offset;		/* of line 0 in the inode or block, bytes */
};

/*
 * An after-image: new content of successive lines.  A record contains several images; the number
 * of the first line and the number of lines follow each image, so they are read backwards.
 */
struct after_image {
	const uint8_t *data;		/* points into the record */
	unsigned int line, lines;	/* first line, number of lines */
	unsigned int unread;		/* bytes of the record's data that precede this image */
};

/* A list of items of equal size.  Each begins with a u64, its sort key. */
struct jfs_list {
	void *items;			/* owned */
	size_t nr, room;		/* items in use, items allocated */
};

/* A block of which records contain images. */
struct block {
	uint64_t number;
	uint8_t *data;			/* the new content; NULL: unchanged; owned */
	uint64_t done[UNITS / 64];	/* one bit per unit: its final content is known */
	size_t open;			/* index of this or a later block: see find_open() */
	enum use use;
	bool has_inodes;		/* the block has allocated inodes of files */
	uint32_t inode;			/* if has_inodes: number of its first inode */
};

/* An inode that was deleted: older images of its trees are ignored. */
struct deletion {
	uint64_t inode;			/* jfs_inode_key() */
	uint64_t index;			/* index in jfs_replay.records of its newest record */
};

/* A changed block of which no record contains an image. */
struct change {
	uint64_t block;			/* its number */
	uint8_t *data;			/* the new content; owned */
};

struct jfs_replay {
	struct jfs_volume v;
	struct jfs_log log;
	uint64_t limit, used;		/* bytes of memory: allowed, allocated */
	struct jfs_list records;	/* u32: places in the log, newest first */
	struct jfs_list commits;	/* struct commit: committed transactions */
	struct jfs_list blocks;		/* struct block */
	struct jfs_list deletions;	/* struct deletion */
	struct jfs_list changes;	/* struct change */
};

/* jfs-records.c */

int jfs_list_add(struct jfs_list *l, const void *item, size_t size);
int jfs_by_key(const void *a, const void *b);
/* The item with @key of a sorted list, or NULL. */
void *jfs_find(const struct jfs_list *l, uint64_t key, size_t size);

/* Account for @bytes more bytes of memory: 0 or -ENOSPC. */
int jfs_charge(struct jfs_replay *r, uint64_t bytes);

/* The kind of a record's images; NULL if there is no such kind. */
const struct record_kind *jfs_find_kind(const struct jfs_record *rec);
/* Get the previous image.  1, or 0 if there is none. */
int jfs_previous_image(const struct jfs_record *rec, const struct record_kind *k,
		       struct after_image *im);
/* Whether an image of an inode begins with the base that all inodes have. */
bool jfs_is_inode_base(const struct after_image *im);
/* Key of an inode.  File inodes and aggregate inodes have separate numbers. */
uint64_t jfs_inode_key(uint32_t owner, uint32_t number);

/*
 * Fill in the lists records, commits, blocks and deletions from the log.  -EUCLEAN if the log
 * is inconsistent.
 */
int jfs_survey(struct jfs_replay *r);

/* jfs-replay.c */

/* The new content of a block, read into @buf if it has not changed; NULL if unreadable. */
const uint8_t *jfs_replay_block(const struct jfs_replay *r, uint64_t block, uint8_t *buf);
/* Add a changed block.  Takes over @data. */
int jfs_replay_take(struct jfs_replay *r, uint64_t block, uint8_t *data);

/* jfs-imap.c */

/* @block contains inodes from @number on. */
struct jfs_inodes {
	uint64_t number;		/* of the first inode in the block; the sort key */
	uint64_t block;
};

/* Enter @list, of struct jfs_inodes, into the inode allocation groups. */
int jfs_imap_enter(struct jfs_replay *r, struct jfs_list *list);

#endif /* ANYFS_IMAGE_JFS_RECORDS_H */
