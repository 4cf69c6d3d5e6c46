/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unpack.h - images that are unpacked to a scratch file: as a whole when they are
 * opened, or unit by unit when they are read
 */
#ifndef ANYFS_FORMAT_UNPACK_H
#define ANYFS_FORMAT_UNPACK_H

#include "codecs.h"
#include "mapped.h"
#include "scratch.h"

/* A part of @lower that is compressed. */
struct packed_range {
	struct blockdev *lower;		/* borrowed */
	uint64_t offset, len;		/* bytes */
	enum stream_kind kind;
	unsigned int check;		/* STREAM_XZ_BLOCK: type of the checksums */
	bool cut;			/* the range may end in the middle of a stream */
	/*
	 * STREAM_DEFLATE: if not NULL, the range continues a stream.  These are the unpacked
	 * bytes before it; the highest @bits bits of @before, the byte before the range,
	 * also belong to the range.  Borrowed.
	 */
	const uint8_t *window;
	size_t window_len;
	unsigned int bits;
	uint8_t before;
};

/*
 * Unpack all of @range now into a disk.  0, or -errno with error text: -EFBIG: more than the
 * limit, -EIO: damaged, -ENOSPC.
 */
int unpack_whole(const struct packed_range *range, const struct format_options *options,
		 struct blockdev **bd);

/*
 * Take storage for the unpacked bytes of @lower, which the caller releases with put().  NULL
 * with error text: there is none; the caller returns -EOPNOTSUPP.
 */
struct scratch *unpack_scratch(const struct blockdev *lower,
			       const struct format_options *options);
/* Set the error text for @err: why the image @name cannot be unpacked.  Returns @err. */
int unpack_failed(const struct scratch *scratch, const char *name, int err);

/* unpack-units.c */

/* A list of units that grows.  All zeros: empty. */
struct unit_list {
	struct codec_unit *units;	/* owned */
	unsigned long nr, room;		/* units, and space for them */
};

/* Append a copy of @unit.  0 or -ENOMEM. */
int unit_list_add(struct unit_list *list, const struct codec_unit *unit);

/*
 * Make a disk of @nr units.  The first @ready ones are in @scratch already; the others are
 * unpacked when they are first read.  Takes ownership of @scratch and @units, also on
 * failure.  @range has the properties common to all units.  0, or -errno with error text.
 */
int unpack_units(const struct packed_range *range, struct scratch *scratch,
		 struct codec_unit *units, unsigned long nr, unsigned long ready,
		 struct blockdev **bd);

/* unpack-index.c */

/*
 * Make a disk of a @range of kind STREAM_GZIP or STREAM_DEFLATE.  Unpacks it once, to find
 * where units can begin and to check it, and keeps the first bytes and the windows of the
 * units.  Takes ownership of @scratch, also on failure.  Errors as of unpack_whole().
 */
int unpack_indexed(const struct packed_range *range, struct scratch *scratch,
		   struct blockdev **bd);

/* unpack-stream.c */

/* A place where unpacking can begin. */
struct unpack_point {
	uint64_t packed, unpacked;	/* bytes of the range, and unpacked ones, before it */
	/*
	 * NULL: a member begins here; else the point is after a block, whose state
	 * codec_module()->window() returns.  Borrowed.
	 */
	struct codec_stream *stream;
};

/* Functions that get the unpacked bytes.  0, or -errno to stop. */
struct unpack_sink {
	/* Store @len bytes whose offset in the unpacked data is @at.  NULL: only count them. */
	int (*write)(void *data, const void *buf, size_t len, uint64_t at);
	/* @done packed bytes were read; may be NULL. */
	int (*progress)(void *data, uint64_t done);
	/* For STREAM_GZIP and STREAM_DEFLATE; may be NULL. */
	int (*point)(void *data, const struct unpack_point *point);
	void *data;			/* argument of the functions */
};

/*
 * Unpack @range and pass the bytes to @sink.  Blocks of zeros may be omitted.  Returns the
 * number of unpacked bytes, or -errno: that of the sink, -EIO: damaged, -EFBIG: more than
 * @limit bytes.
 */
int64_t unpack_stream(const struct packed_range *range, uint64_t limit,
		      const struct unpack_sink *sink);

#endif /* ANYFS_FORMAT_UNPACK_H */
