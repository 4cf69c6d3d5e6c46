/* SPDX-License-Identifier: GPL-2.0 */
/*
 * reader.h - what probers read from: some bytes, wherever they are
 *
 * A disk, a partition of it, later what a mapper shows: probers ask for any bytes
 * at any offset, and see no blockdev.
 */
#ifndef ANYFS_IMAGE_READER_H
#define ANYFS_IMAGE_READER_H

#include <stddef.h>
#include <stdint.h>

struct blockdev;

struct reader {
	uint64_t size;			/* bytes */
	/* Bytes that are all within the size.  0 or -errno. */
	int (*read)(const struct reader *r, void *buf, size_t len, uint64_t offset);
	/* reader_of_blockdev()'s */
	struct blockdev *bd;
	uint64_t start;
};

/* Bytes [start, start + size) of @bd, which is borrowed; they must be within it. */
struct reader reader_of_blockdev(struct blockdev *bd, uint64_t start, uint64_t size);

/* @len bytes at @offset.  0, -ENXIO if they are not all there, or -errno. */
int reader_read(const struct reader *r, void *buf, size_t len, uint64_t offset);

#endif /* ANYFS_IMAGE_READER_H */
