/* SPDX-License-Identifier: GPL-2.0 */
/*
 * jfs.h - replay the log of a JFS in memory, for reading
 *
 *	jfs-log.c	reads the superblocks and the records of the log, newest first
 *	jfs-records.c	selects and checks the records to apply
 *	jfs-replay.c	computes the new content of blocks
 *	jfs-imap.c	updates the addresses of inodes
 *
 * Linux does not replay the log of a JFS; only fsck can.  Here the log is replayed in
 * memory, and only as far as reading needs it: the maps of free blocks and inodes are not
 * updated.
 *
 * The log is untrusted: an inconsistency fails with -EUCLEAN, and then nothing is
 * replayed.  Numbers on the disk are little endian.
 */
#ifndef ANYFS_IMAGE_JFS_H
#define ANYFS_IMAGE_JFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bytes.h"
#include "device.h"

#define JFS_BLOCK	4096u		/* Linux mounts no other size */

/* Numbers of special inodes. */
#define JFS_AGGREGATE	1u		/* owner of the inodes that describe the file system */
#define JFS_FILESET	16u		/* owner of the inodes of files */

/* In a disk inode, 512 bytes. */
#define JFS_INODE	512u
#define JFS_NUMBER	8u		/* u32 */
#define JFS_EXTENT	16u		/* extent of the 32 inodes that contain this one */
#define JFS_NLINK	40u		/* u32 */
#define JFS_TABLE	128u		/* a directory's entry table, or the root of its xtree */
#define JFS_ROOT	224u		/* root of the xtree (file) or dtree (directory) */

/* Inodes per block, per extent (four blocks), and per inode allocation group. */
#define JFS_PER_BLOCK	8u
#define JFS_PER_EXTENT	32u
#define JFS_PER_IAG	4096u
#define JFS_EXTENT_BLOCKS	4u

struct jfs_extent {
	uint64_t block;			/* number of its first block */
	uint32_t blocks;		/* number of blocks */
};

static inline struct jfs_extent jfs_get_extent(const uint8_t *p)
{
	uint32_t word = get_le32(p);

	return (struct jfs_extent){
		.block = (uint64_t)(word >> 24) << 32 | get_le32(p + 4),
		.blocks = word & 0xffffff,
	};
}

/* jfs-log.c */

struct jfs_volume {
	const struct device *d;		/* borrowed */
	uint64_t blocks;		/* of the file system */
	struct jfs_extent log;		/* place of the log in the file system */
	bool replayed;			/* the log says that no replay is needed */
};

/* Whether the file system was not unmounted, or needs fsck; false if unreadable. */
bool jfs_is_dirty(const struct device *d);
/*
 * Read and check the superblocks of the file system on @d, which the caller keeps.
 * -EOPNOTSUPP: its log is on another device.
 */
int jfs_volume_open(const struct device *d, struct jfs_volume *v);
/* Read a block of JFS_BLOCK bytes.  0 or -errno. */
int jfs_read(const struct jfs_volume *v, uint64_t block, void *buf);

/* A place in the log is an offset in jfs_log.area: where a record ends. */
#define JFS_NO_PLACE	UINT32_MAX
#define JFS_DESCRIPTOR	36u		/* bytes of a record without data */

enum {
	JFS_LOG_COMMIT = 0x8000,	/* the transaction is complete */
	JFS_LOG_SYNCPT = 0x4000,	/* sync point: older records were written to their blocks */
	JFS_LOG_MOUNT = 0x2000,		/* the file system was mounted */
	JFS_LOG_REDOPAGE = 0x0800,	/* new content of parts of a block */
	JFS_LOG_NOREDOPAGE = 0x0080,	/* a tree's block was freed */
	JFS_LOG_NOREDOINOEXT = 0x0040,	/* an extent of inodes was freed */
	JFS_LOG_UPDATEMAP = 0x0008,	/* extents were allocated or freed */
};

struct jfs_record {
	unsigned int type;		/* JFS_LOG_* */
	uint32_t tid;			/* number of the transaction */
	uint32_t before;		/* place of the transaction's previous record; 0: none */
	const uint8_t *data;		/* points into the log's memory */
	unsigned int len;		/* bytes of data */
	uint32_t fileset, inode;	/* owner (JFS_FILESET ...) and number of the inode */
	unsigned int what;		/* kind of block, or of map change: jfs-records.h */
	unsigned int detail;		/* of blocks: log2 of a line's bytes; of maps: extents */
	struct jfs_extent extent;	/* blocks that the record is about */
};

struct jfs_log {
	const struct jfs_volume *v;	/* borrowed */
	/* The pages without head and tail; the newest page comes last.  Owned. */
	uint8_t *area;
	uint16_t *ends;			/* for each page: where its last record ends; owned */
	uint32_t pages;			/* number of pages that fit into the area */
	uint32_t first;			/* index in the area of the oldest page that was read */
	uint32_t page;			/* number of that page in the log */
	uint32_t sequence;		/* sequence number of that page */
	uint32_t last_page;		/* number in the log of the newest page */
	size_t end;			/* in the area: end of the next record to return */
	size_t stop;			/* end of the last record to return */
	bool has_stop;			/* a sync point was found: stop is valid */
	bool done;			/* all records up to stop were returned */
};

/* Find the end of the log.  Call jfs_log_close() also on failure. */
int jfs_log_open(const struct jfs_volume *v, struct jfs_log *log);
void jfs_log_close(struct jfs_log *log);
/* Get the previous record and its *@place.  1, or 0 if the sync point was reached. */
int jfs_log_previous(struct jfs_log *log, uint32_t *place, struct jfs_record *rec);
/* Get a record again by its place, which is where it ends. */
void jfs_log_record(const struct jfs_log *log, uint32_t place, struct jfs_record *rec);

/* jfs-replay.c */

struct jfs_replay;

/*
 * Compute the new blocks of the file system on @d in about @limit bytes of memory; -ENOSPC
 * if that is too little.  The caller keeps @d.
 */
int jfs_replay_prepare(const struct device *d, uint64_t limit, struct jfs_replay **replay);
/* Write the new blocks to @d, a device with the same bytes that was opened for writing. */
int jfs_replay_write(const struct jfs_replay *r, const struct device *d);
void jfs_replay_free(struct jfs_replay *r);

#endif /* ANYFS_IMAGE_JFS_H */
