// SPDX-License-Identifier: GPL-2.0
/*
 * reader.c - reading at any offset from a blockdev, which has whole blocks only
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "blockdev.h"
#include "reader.h"

/* By a buffer that holds the whole blocks. */
static int read_part(struct blockdev *bd, void *buf, size_t len, uint64_t offset)
{
	uint64_t first = offset / bd->limits.logical_block * bd->limits.logical_block;
	uint64_t end = (offset + len + bd->limits.logical_block - 1) / bd->limits.logical_block *
		       bd->limits.logical_block;
	char *blocks = malloc(end - first);
	int rc = blocks ? blockdev_pread(bd, blocks, end - first, first) : -ENOMEM;

	if (!rc)
		memcpy(buf, blocks + (offset - first), len);
	free(blocks);
	return rc;
}

static int read_blockdev(const struct reader *r, void *buf, size_t len, uint64_t offset)
{
	offset += r->start;
	if ((offset | len) & (r->bd->limits.logical_block - 1))
		return read_part(r->bd, buf, len, offset);
	return blockdev_pread(r->bd, buf, len, offset);
}

struct reader reader_of_blockdev(struct blockdev *bd, uint64_t start, uint64_t size)
{
	return (struct reader){ .size = size, .read = read_blockdev, .bd = bd, .start = start };
}

int reader_read(const struct reader *r, void *buf, size_t len, uint64_t offset)
{
	if (offset > r->size || len > r->size - offset)
		return -ENXIO;
	return len ? r->read(r, buf, len, offset) : 0;
}
