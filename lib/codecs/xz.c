// SPDX-License-Identifier: GPL-2.0
/*
 * xz.c - find and unpack single blocks of an xz file
 *
 * Specification: "The .xz File Format", version 1.1.0.  An xz file that was made by
 * several threads has several blocks, and an index of them at its end.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "xz.h"

#define INDEX_MAX	(64u << 20)	/* bytes of an index, and of memory for it */
#define UNITS_MAX	(1u << 20)

int xz_begin_block(lzma_stream *lzma, struct xz_block *b, unsigned int check)
{
	lzma_filter *filters = b->filters;
	int err = -EIO;

	b->block = (lzma_block){ .version = 0, .check = check, .filters = filters };
	if (!lzma->avail_in || !lzma->next_in[0])
		return -EIO;
	b->block.header_size = lzma_block_header_size_decode(lzma->next_in[0]);
	if (b->block.header_size > lzma->avail_in ||
	    lzma_block_header_decode(&b->block, NULL, lzma->next_in) != LZMA_OK)
		return -EIO;
	if (lzma_raw_decoder_memusage(filters) > XZ_MEMORY)
		err = -ENOMEM;
	else if (lzma_block_decoder(lzma, &b->block) == LZMA_OK)
		err = 0;
	for (unsigned int i = 0; filters[i].id != LZMA_VLI_UNKNOWN; i++)
		free(filters[i].options);
	if (!err) {
		lzma->next_in += b->block.header_size;
		lzma->avail_in -= b->block.header_size;
	}
	return err;
}

/* Read the index before the footer of a file of @size bytes; NULL: there is none. */
static lzma_index *read_index(int (*read)(void *data, void *buf, size_t len, uint64_t offset),
			      void *data, uint64_t size, unsigned int *check)
{
	uint8_t raw[LZMA_STREAM_HEADER_SIZE], *buf;
	lzma_stream_flags flags;
	lzma_index *index = NULL;
	uint64_t memory = INDEX_MAX;
	size_t pos = 0, bytes;

	if (size < 2 * LZMA_STREAM_HEADER_SIZE ||
	    read(data, raw, sizeof(raw), size - sizeof(raw)) ||
	    lzma_stream_footer_decode(&flags, raw) != LZMA_OK ||
	    flags.backward_size > INDEX_MAX || flags.backward_size > size - 2 * sizeof(raw))
		return NULL;
	*check = flags.check;
	buf = malloc(flags.backward_size);
	bytes = flags.backward_size;
	if (buf && !read(data, buf, bytes, size - sizeof(raw) - bytes) &&
	    lzma_index_buffer_decode(&index, &memory, NULL, buf, &pos, bytes) != LZMA_OK)
		index = NULL;
	free(buf);
	/* A file of several streams has an index for each. */
	if (index && lzma_index_file_size(index) != size) {
		lzma_index_end(index, NULL);
		index = NULL;
	}
	return index;
}

long xz_units(int (*read)(void *data, void *buf, size_t len, uint64_t offset), void *data,
	      uint64_t size, struct codec_unit **out, unsigned int *check)
{
	lzma_index *index = read_index(read, data, size, check);
	uint64_t nr = index ? lzma_index_block_count(index) : 0;
	struct codec_unit *units;
	lzma_index_iter iter;
	long n = 0;

	if (!nr || nr > UNITS_MAX) {
		lzma_index_end(index, NULL);
		return 0;
	}
	units = calloc(nr, sizeof(*units));
	if (!units) {
		lzma_index_end(index, NULL);
		return -ENOMEM;
	}
	lzma_index_iter_init(&iter, index);
	while (!lzma_index_iter_next(&iter, LZMA_INDEX_ITER_NONEMPTY_BLOCK))
		units[n++] = (struct codec_unit){
			.offset = iter.block.compressed_file_offset,
			.packed_len = iter.block.total_size,
			.start = iter.block.uncompressed_file_offset,
			.len = iter.block.uncompressed_size,
		};
	lzma_index_end(index, NULL);
	*out = units;
	return n;
}
