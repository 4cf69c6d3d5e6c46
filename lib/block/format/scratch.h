/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scratch.h - temporary storage to which an image is unpacked
 *
 * Formats call no operating system: the program that opens an image supplies the storage
 * through struct format_options.
 */
#ifndef ANYFS_FORMAT_SCRATCH_H
#define ANYFS_FORMAT_SCRATCH_H

#include "blockdev.h"

struct scratch;

struct scratch_ops {
	/* Store @len bytes at @offset; all others read as zeros.  0 or -errno.  Any thread. */
	int (*write)(struct scratch *s, const void *buf, size_t len, uint64_t offset);
	/*
	 * Make a disk named @name that reads the first @size bytes of the storage, also
	 * those written later.  @size is not 0.  Call it once; the caller owns the
	 * reference.  0, or -errno with error text.
	 */
	int (*disk)(struct scratch *s, uint64_t size, const char *name, struct blockdev **bd);
	/*
	 * Report that @done of @total bytes of the image @name have been unpacked.  0, or
	 * -errno to stop unpacking.
	 */
	int (*progress)(struct scratch *s, const char *name, uint64_t done, uint64_t total);
	/* Free the storage, except the part that a disk still uses. */
	void (*put)(struct scratch *s);
	/* Set the error text for @err, an error of write().  Returns @err. */
	int (*explain)(struct scratch *s, const char *name, int err);
};

struct scratch {
	const struct scratch_ops *ops;
	uint64_t limit;			/* bytes that an image may unpack to */
	/* How many bytes may be stored before they are needed; zeros do not count. */
	uint64_t keep;
};

#endif /* ANYFS_FORMAT_SCRATCH_H */
