/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xz.h - find and unpack single blocks of an xz file
 */
#ifndef ANYFS_CODECS_XZ_H
#define ANYFS_CODECS_XZ_H

#include <lzma.h>
#include "codecs.h"

#define XZ_MEMORY	(256u << 20)	/* limit of a decoder, bytes: xz -9 needs 65 MiB */

/* A block that is being decoded; the decoder keeps a pointer to it. */
struct xz_block {
	lzma_block block;
	lzma_filter filters[LZMA_FILTERS_MAX + 1];
};

/*
 * Begin to decode a block; the input of @lzma must contain its whole header.  0, -EIO, or
 * -ENOMEM if it needs more than XZ_MEMORY.
 */
int xz_begin_block(lzma_stream *lzma, struct xz_block *b, unsigned int check);
/* See struct codecs_module. */
long xz_units(int (*read)(void *data, void *buf, size_t len, uint64_t offset), void *data,
	      uint64_t size, struct codec_unit **units, unsigned int *check);

#endif /* ANYFS_CODECS_XZ_H */
