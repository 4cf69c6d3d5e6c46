/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mapped.h - shared by formats: a disk whose ranges are looked up in tables
 *
 * A format says where a range of the disk is stored (operation map).  mapped.c does the
 * rest: requests, threads, decompression, extents, caches of limited size.
 */
#ifndef ANYFS_FORMAT_MAPPED_H
#define ANYFS_FORMAT_MAPPED_H

#include "codec.h"
#include "format.h"

enum run_kind {
	RUN_ZERO,			/* reads as zeros */
	RUN_DATA,			/* stored uncompressed */
	RUN_FILL,			/* four bytes, repeated */
	RUN_PACKED,			/* part of a compressed unit */
};

/* A range of the disk. */
struct run {
	enum run_kind kind;
	bool hole;			/* ZERO: nothing is stored for it */
	uint64_t len;			/* bytes, not 0, whole sectors */
	struct blockdev *from;		/* DATA, PACKED: borrowed from the format */
	/*
	 * DATA, PACKED: file offset of the data or of the packed unit; FILL: the four bytes,
	 * little endian.
	 */
	uint64_t offset;
	/* PACKED: */
	enum codec codec;
	uint32_t packed_len;		/* bytes */
	uint32_t unit_len;		/* bytes when unpacked, at most UNIT_MAX */
	uint64_t unit;			/* offset on the disk at which the unit begins */
};

#define UNIT_MAX	(16u << 20)	/* bytes */

struct mapped;

struct mapped_ops {
	/*
	 * Describe the disk from @offset on, for at most @len bytes; both are whole
	 * sectors.  Without @may_wait: -EAGAIN rather than read a table that is not
	 * cached.  -EIO: the tables are invalid.  Any thread.
	 */
	int (*map)(struct mapped *m, uint64_t offset, uint64_t len, bool may_wait,
		   struct run *run);
	/* Free the format's data, but not @m.  NULL: there are none. */
	void (*close)(struct mapped *m);
};

struct meta_cache;

struct mapped {
	struct blockdev bd;
	const struct mapped_ops *ops;
	struct blockdev *lower;		/* the image file; a reference */
	struct block_pool *pool;	/* threads for work that waits or computes */
	struct meta_cache *meta;	/* of tables */
	struct unit_cache *units;	/* of decompressed units */
	_Atomic uint64_t ahead;		/* end of the units that are unpacked ahead */
	_Atomic uint32_t ahead_units;	/* units that were unpacked ahead with the last request */
	char identity[48];		/* by which a child recognises it as its parent; "": none */
};

/*
 * Begin @m, which is zeroed and the first member of the format's own struct, over
 * @lower: a disk of @capacity bytes, rounded up to sectors.  0, or -ENOMEM: then
 * the caller frees @m.  If opening fails later, mapped_undo() frees @m without the
 * close operation.
 */
int mapped_init(struct mapped *m, const struct mapped_ops *ops, struct blockdev *lower,
		uint64_t capacity);
void mapped_undo(struct mapped *m);

/* named-files.c: files that an image names, and images over a parent */

/*
 * Open the file that the image @lower names @name; @kind ("backing file") is for
 * messages.  -EPERM: @options allow no such file.  Other errors are those of open_other.
 */
int format_open_named(struct blockdev *lower, const struct format_options *options,
		      const char *kind, const char *name, const char *format,
		      struct blockdev **bd);
/*
 * The same for a parent, which must have the identity @identity ("": any).  -ESTALE: it
 * is another image, or was changed.
 */
int format_open_parent(struct blockdev *lower, const struct format_options *options,
		       const char *name, const char *format, const char *identity,
		       struct blockdev **bd);
/*
 * Check that *@parent has the identity @identity; if not, close it and return -ESTALE with
 * error text.  The last step of format_open_parent().
 */
int format_check_parent(const struct blockdev *lower, const char *identity,
			struct blockdev **parent);
/*
 * Complete @run, whose len is set: the image stores nothing there, so the range is
 * that of @parent (NULL: none) at @offset, and zeros after the parent's end.
 */
void run_inherit(struct run *run, struct blockdev *parent, uint64_t offset);
/* The identity of a mapped disk; "" if it has none, and for other blockdevs. */
const char *mapped_identity(const struct blockdev *bd);
/* -EOPNOTSUPP with error text if @options ask for a snapshot; @kind ("a VDI image") has none. */
int format_refuse_snapshot(const struct blockdev *lower, const struct format_options *options,
			   const char *kind);
/* Set the error text "NAME: cannot be read: REASON" for @lower and @err.  Returns @err. */
int format_unreadable(const struct blockdev *lower, int err);
/* Bytes of the image file, which need not end with a sector. */
static inline uint64_t format_file_size(const struct blockdev *lower)
{
	return lower->capacity - lower->tail;
}

/* meta-cache.c */

struct meta_cache *meta_cache_create(void);
void meta_cache_destroy(struct meta_cache *cache);
/* Limit @cache to 1/@share of its memory: then @share images together use that of one cache. */
void meta_cache_limit(struct meta_cache *cache, unsigned int share);

/*
 * Copy @len bytes of tables at @offset of the image file to @buf, through a cache. -EAGAIN like
 * map; -EIO: beyond the end of the file, or unreadable.
 */
int meta_read(struct mapped *m, uint64_t offset, void *buf, size_t len, bool may_wait);
/* The same, reading from @file, which must stay open as long as @m exists. */
int meta_read_from(struct mapped *m, struct blockdev *file, uint64_t offset, void *buf,
		   size_t len, bool may_wait);

#endif /* ANYFS_FORMAT_MAPPED_H */
