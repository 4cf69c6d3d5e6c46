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
#define JFS_TABLE	128u		/* a directory's entry table, or its xtree */
#define JFS_ROOT	224u		/* of the xtree or dtree */

/* Inodes per block, per extent (four blocks), and per inode allocation group. */
#define JFS_PER_BLOCK	8u
#define JFS_PER_EXTENT	32u
#define JFS_PER_IAG	4096u
#define JFS_EXTENT_BLOCKS	4u

struct jfs_extent {
	uint64_t block;
	uint32_t blocks;
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
	const struct device *d;
	uint64_t blocks;
	struct jfs_extent log;
	bool replayed;			/* the log says that nothing must be replayed */
};

/* Whether the file system was not unmounted, or needs fsck; false if unreadable. */
bool jfs_is_dirty(const struct device *d);
/*
 * Read and check the superblocks of the file system on @d, which the caller keeps.
 * -EOPNOTSUPP: its log is on another device.
 */
int jfs_volume_open(const struct device *d, struct jfs_volume *v);
int jfs_read(const struct jfs_volume *v, uint64_t block, void *buf);

#define JFS_NO_PLACE	UINT32_MAX
#define JFS_DESCRIPTOR	36u		/* bytes of a record without data */

enum {
	JFS_LOG_COMMIT = 0x8000,
	JFS_LOG_SYNCPT = 0x4000,
	JFS_LOG_MOUNT = 0x2000,
	JFS_LOG_REDOPAGE = 0x0800,	/* new content of parts of a block */
	JFS_LOG_NOREDOPAGE = 0x0080,	/* a tree's block was freed */
	JFS_LOG_NOREDOINOEXT = 0x0040,	/* an extent of inodes was freed */
	JFS_LOG_UPDATEMAP = 0x0008,	/* extents were allocated or freed */
};

struct jfs_record {
	unsigned int type;		/* JFS_LOG_* */
	uint32_t tid;			/* transaction */
	uint32_t before;		/* place of the transaction's previous record; 0: none */
	const uint8_t *data;		/* points into the log's memory */
	unsigned int len;
	uint32_t fileset, inode;
	unsigned int what;		/* kind of block, or of map change */
	unsigned int detail;		/* of blocks: log2 of a line's bytes; of maps: extents */
	struct jfs_extent extent;
};

struct jfs_log {
	const struct jfs_volume *v;
	/* The pages without head and tail; the newest page comes last. */
	uint8_t *area;
	uint16_t *ends;			/* for each page: where its last record ends */
	uint32_t pages;			/* number of pages that fit into the area */
	uint32_t first;			/* first of them that was read */
	uint32_t page;			/* number of that page in the log */
	uint32_t sequence;		/* its sequence number */
	uint32_t last_page;		/* of the log */
	size_t end;			/* in the area: end of the next record to return */
	size_t stop;			/* end of the last record to return */
	bool has_stop, done;
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
