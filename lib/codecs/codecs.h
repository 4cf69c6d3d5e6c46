/* SPDX-License-Identifier: GPL-2.0 */
/*
 * codecs.h - decompression of whole files: gzip, xz, zstd, bzip2, lz4
 *
 * The code is in a shared object of its own, anyfs/codecs.so, so that programs that open
 * raw images do not load five libraries.  Its one export is codecs_module.
 *
 * The input is hostile.  The libraries check it; this code limits the memory that they
 * may allocate.
 */
#ifndef ANYFS_CODECS_H
#define ANYFS_CODECS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CODECS_MODULE_VERSION	2u
#define CODEC_WINDOW		32768u	/* bytes to which deflate may refer back */

enum stream_kind {
	STREAM_GZIP,
	STREAM_XZ,
	STREAM_XZ_BLOCK,		/* one block of an xz file */
	STREAM_ZSTD,
	STREAM_BZIP2,
	STREAM_LZ4,
	STREAM_DEFLATE,			/* raw deflate, without a header */
	STREAM_COPY,			/* not compressed */
};

struct codec_stream;

/* The remaining input and the remaining space for output; run() advances both. */
struct codec_buffers {
	const uint8_t *in;
	size_t in_len;
	bool in_last;			/* no input follows */
	bool stop_at_blocks;		/* GZIP, DEFLATE: stop after each block */
	uint8_t *out;
	size_t out_len;
};

/* A part of a file that can be unpacked on its own. */
struct codec_unit {
	uint64_t offset, packed_len;	/* in the file, bytes */
	uint64_t start, len;		/* in the unpacked file, bytes */
	/*
	 * The unit begins in the middle of a deflate stream, and needs the CODEC_WINDOW
	 * unpacked bytes before it.  Its first bits are the highest @bits of the byte before
	 * @offset.
	 */
	bool resumed;
	uint8_t bits;
};

struct codecs_module {
	unsigned int version;
	/* Begin; @check: type of the checksums, for STREAM_XZ_BLOCK.  NULL: out of memory. */
	struct codec_stream *(*open)(enum stream_kind kind, unsigned int check);
	/*
	 * Unpack.  0: the input or the space for output is used up; 1: a member of the file
	 * has ended, and the next call begins another; 2: the last member has ended; 3: a
	 * block has ended.  -EIO: damaged, -ENOMEM.
	 */
	int (*run)(struct codec_stream *stream, struct codec_buffers *buffers);
	/*
	 * After run() returned 3: copy the last unpacked bytes to @window, of CODEC_WINDOW
	 * bytes.  Returns their number; *@bits is the number of bits of the last input byte
	 * that are not used yet.
	 */
	size_t (*window)(struct codec_stream *stream, uint8_t *window, unsigned int *bits);
	/*
	 * Before the first run() of a STREAM_DEFLATE: continue after the @len bytes at @window,
	 * with the highest @bits bits of @before.  0, -ENOMEM or -EIO.
	 */
	int (*resume)(struct codec_stream *stream, const uint8_t *window, size_t len,
		      unsigned int bits, uint8_t before);
	void (*close)(struct codec_stream *stream);
	/*
	 * Find the blocks of an xz file of @size bytes.  Returns how many are in *@units,
	 * which is to be freed; 0 if the file is not one stream with an index; -ENOMEM.
	 */
	long (*xz_units)(int (*read)(void *data, void *buf, size_t len, uint64_t offset),
			 void *data, uint64_t size, struct codec_unit **units,
			 unsigned int *check);
};

extern const struct codecs_module codecs_module;

#endif /* ANYFS_CODECS_H */
