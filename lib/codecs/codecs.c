// SPDX-License-Identifier: GPL-2.0
/*
 * codecs.c - decompression of whole files by Debian's libraries, see codecs.h
 */
#include <bzlib.h>
#include <errno.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include "codecs.h"
#include "xz.h"

#define MEMBER_ENDED	1
#define ALL_ENDED	2
#define BLOCK_ENDED	3
#define LIBRARY_MAX	(1u << 30)	/* bytes of a buffer: the libraries count in 32 bits */

struct codec_stream {
	enum stream_kind kind;
	unsigned int check;		/* STREAM_XZ_BLOCK: type of the checksums */
	bool begun;			/* the decoder exists */
	z_stream zlib;
	lzma_stream lzma;
	struct xz_block block;
	bz_stream bzip2;
	ZSTD_DCtx *zstd;
	LZ4F_dctx *lz4;
};

static struct codec_stream *open_stream(enum stream_kind kind, unsigned int check)
{
	struct codec_stream *s = calloc(1, sizeof(*s));

	if (s) {
		s->kind = kind;
		s->check = check;
	}
	return s;
}

/* Create a decoder for the next member. */
static int create_decoder(struct codec_stream *s)
{
	bool ok = true;

	switch (s->kind) {
	case STREAM_GZIP:
	case STREAM_DEFLATE:
		memset(&s->zlib, 0, sizeof(s->zlib));
		ok = inflateInit2(&s->zlib, s->kind == STREAM_GZIP ? 31 : -15) == Z_OK;
		break;
	case STREAM_XZ:
		s->lzma = (lzma_stream)LZMA_STREAM_INIT;
		ok = lzma_stream_decoder(&s->lzma, XZ_MEMORY, LZMA_CONCATENATED) == LZMA_OK;
		break;
	case STREAM_XZ_BLOCK:
		s->lzma = (lzma_stream)LZMA_STREAM_INIT;
		break;
	case STREAM_ZSTD:
		s->zstd = ZSTD_createDCtx();
		ok = s->zstd;
		break;
	case STREAM_BZIP2:
		memset(&s->bzip2, 0, sizeof(s->bzip2));
		ok = BZ2_bzDecompressInit(&s->bzip2, 0, 0) == BZ_OK;
		break;
	case STREAM_LZ4:
		ok = !LZ4F_isError(LZ4F_createDecompressionContext(&s->lz4, LZ4F_VERSION));
		break;
	case STREAM_COPY:
		break;
	}
	s->begun = ok;
	return ok ? 0 : -ENOMEM;
}

static void free_decoder(struct codec_stream *s)
{
	if (!s->begun)
		return;
	s->begun = false;
	if (s->kind == STREAM_GZIP || s->kind == STREAM_DEFLATE)
		inflateEnd(&s->zlib);
	else if (s->kind == STREAM_XZ || s->kind == STREAM_XZ_BLOCK)
		lzma_end(&s->lzma);
	else if (s->kind == STREAM_ZSTD)
		ZSTD_freeDCtx(s->zstd);
	else if (s->kind == STREAM_BZIP2)
		BZ2_bzDecompressEnd(&s->bzip2);
	else if (s->kind == STREAM_LZ4)
		LZ4F_freeDecompressionContext(s->lz4);
}

static void close_stream(struct codec_stream *s)
{
	if (!s)
		return;
	free_decoder(s);
	free(s);
}

/* Advance the buffers: @in_left of @in bytes and @out_left of @out bytes remain. */
static void advance_buffers(struct codec_buffers *b, size_t in, size_t in_left, size_t out,
			    size_t out_left)
{
	b->in += in - in_left;
	b->in_len -= in - in_left;
	b->out += out - out_left;
	b->out_len -= out - out_left;
}

static int run_zlib(struct codec_stream *s, struct codec_buffers *b, size_t in, size_t out)
{
	int rc;

	s->zlib.next_in = (Bytef *)b->in;
	s->zlib.avail_in = in;
	s->zlib.next_out = b->out;
	s->zlib.avail_out = out;
	rc = inflate(&s->zlib, b->stop_at_blocks ? Z_BLOCK : Z_NO_FLUSH);
	advance_buffers(b, in, s->zlib.avail_in, out, s->zlib.avail_out);
	if (rc == Z_STREAM_END)
		return MEMBER_ENDED;
	/* Bit 7: at the end of a block; bit 6: it was the last of the stream. */
	if (rc == Z_OK && b->stop_at_blocks && (s->zlib.data_type & 0xc0) == 0x80)
		return BLOCK_ENDED;
	return rc == Z_OK || rc == Z_BUF_ERROR ? 0 : rc == Z_MEM_ERROR ? -ENOMEM : -EIO;
}

static size_t copy_window(struct codec_stream *s, uint8_t *window, unsigned int *bits)
{
	uInt len = 0;

	*bits = s->zlib.data_type & 7;
	return inflateGetDictionary(&s->zlib, window, &len) == Z_OK ? len : 0;
}

static int resume_member(struct codec_stream *s, const uint8_t *window, size_t len,
			 unsigned int bits, uint8_t before)
{
	int err = create_decoder(s);

	if (err)
		return err;
	if ((bits && inflatePrime(&s->zlib, bits, before >> (8 - bits)) != Z_OK) ||
	    inflateSetDictionary(&s->zlib, window, len) != Z_OK)
		return -EIO;
	return 0;
}

static int run_lzma(struct codec_stream *s, struct codec_buffers *b, size_t in, size_t out)
{
	lzma_ret rc;

	s->lzma.next_in = b->in;
	s->lzma.avail_in = in;
	s->lzma.next_out = b->out;
	s->lzma.avail_out = out;
	if (s->kind == STREAM_XZ_BLOCK && !s->lzma.internal &&
	    xz_begin_block(&s->lzma, &s->block, s->check))
		return -EIO;
	rc = lzma_code(&s->lzma, b->in_last && in == b->in_len && s->kind == STREAM_XZ ?
		       LZMA_FINISH : LZMA_RUN);
	advance_buffers(b, in, s->lzma.avail_in, out, s->lzma.avail_out);
	if (rc == LZMA_STREAM_END)
		return ALL_ENDED;
	if (rc == LZMA_MEM_ERROR || rc == LZMA_MEMLIMIT_ERROR)
		return -ENOMEM;
	return rc == LZMA_OK || rc == LZMA_BUF_ERROR ? 0 : -EIO;
}

static int run_zstd(struct codec_stream *s, struct codec_buffers *b, size_t in, size_t out)
{
	ZSTD_inBuffer input = { b->in, in, 0 };
	ZSTD_outBuffer output = { b->out, out, 0 };
	size_t rc = ZSTD_decompressStream(s->zstd, &output, &input);

	advance_buffers(b, in, in - input.pos, out, out - output.pos);
	return ZSTD_isError(rc) ? -EIO : rc ? 0 : MEMBER_ENDED;
}

static int run_bzip2(struct codec_stream *s, struct codec_buffers *b, size_t in, size_t out)
{
	int rc;

	s->bzip2.next_in = (char *)b->in;
	s->bzip2.avail_in = in;
	s->bzip2.next_out = (char *)b->out;
	s->bzip2.avail_out = out;
	rc = BZ2_bzDecompress(&s->bzip2);
	advance_buffers(b, in, s->bzip2.avail_in, out, s->bzip2.avail_out);
	if (rc == BZ_STREAM_END)
		return MEMBER_ENDED;
	return rc == BZ_OK ? 0 : rc == BZ_MEM_ERROR ? -ENOMEM : -EIO;
}

static int run_lz4(struct codec_stream *s, struct codec_buffers *b, size_t in, size_t out)
{
	size_t in_used = in, out_used = out;
	size_t rc = LZ4F_decompress(s->lz4, b->out, &out_used, b->in, &in_used, NULL);

	if (LZ4F_isError(rc))
		return -EIO;
	advance_buffers(b, in, in - in_used, out, out - out_used);
	return rc ? 0 : MEMBER_ENDED;
}

static int run_copy(struct codec_buffers *b, size_t in, size_t out)
{
	size_t step = in < out ? in : out;

	memcpy(b->out, b->in, step);
	advance_buffers(b, in, in - step, out, out - step);
	return b->in_last && !b->in_len ? ALL_ENDED : 0;
}

static int run_decoder(struct codec_stream *s, struct codec_buffers *b)
{
	size_t in = b->in_len < LIBRARY_MAX ? b->in_len : LIBRARY_MAX;
	size_t out = b->out_len < LIBRARY_MAX ? b->out_len : LIBRARY_MAX;
	int rc = s->begun ? 0 : create_decoder(s);

	if (rc)
		return rc;
	switch (s->kind) {
	case STREAM_GZIP:
	case STREAM_DEFLATE:
		rc = run_zlib(s, b, in, out);
		break;
	case STREAM_XZ:
	case STREAM_XZ_BLOCK:
		rc = run_lzma(s, b, in, out);
		break;
	case STREAM_ZSTD:
		rc = run_zstd(s, b, in, out);
		break;
	case STREAM_BZIP2:
		rc = run_bzip2(s, b, in, out);
		break;
	case STREAM_LZ4:
		rc = run_lz4(s, b, in, out);
		break;
	case STREAM_COPY:
		rc = run_copy(b, in, out);
		break;
	}
	if (rc && rc != BLOCK_ENDED)
		free_decoder(s);
	return rc == MEMBER_ENDED && s->kind == STREAM_DEFLATE ? ALL_ENDED : rc;
}

const struct codecs_module codecs_module __attribute__((visibility("default"))) = {
	.version = CODECS_MODULE_VERSION,
	.open = open_stream,
	.run = run_decoder,
	.window = copy_window,
	.resume = resume_member,
	.close = close_stream,
	.xz_units = xz_units,
};
