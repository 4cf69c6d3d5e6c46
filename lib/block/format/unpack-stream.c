// SPDX-License-Identifier: GPL-2.0
/*
 * unpack-stream.c - unpack a compressed part of an image from its beginning to its end
 */
#include <errno.h>
#include <stdlib.h>
#include "codec.h"
#include "unpack.h"
#include "zeros.h"

#define IN_BYTES	(256u << 10)
#define OUT_BYTES	(1u << 20)
#define BLOCK		4096u		/* blocks of zeros of this size are not written */

struct unpacker {
	const struct packed_range *range;
	const struct unpack_sink *sink;
	const struct codecs_module *codecs;
	struct codec_stream *stream;
	struct codec_buffers b;
	uint64_t read, written, limit;	/* packed bytes; unpacked bytes, and their limit */
	bool ended;			/* the last member of the file has ended */
	uint8_t *in, *out;		/* buffers of IN_BYTES and OUT_BYTES; owned */
};

/* Length of the run of blocks at @p that are zeros (*@zeros) or not. */
static size_t run_length(const uint8_t *p, size_t len, bool *zeros)
{
	size_t done = 0;

	while (done < len) {
		size_t block = len - done < BLOCK ? len - done : BLOCK;
		bool z = all_zeros(p + done, block);

		if (done && z != *zeros)
			break;
		*zeros = z;
		done += block;
	}
	return done;
}

/* Write the content of the output buffer, except blocks of zeros. */
static int flush_output(struct unpacker *u)
{
	size_t len = u->b.out - u->out, done = 0;
	int err = 0;

	if (len > u->limit - u->written)
		return -EFBIG;
	while (u->sink->write && !err && done < len) {
		bool zeros = true;
		size_t n = run_length(u->out + done, len - done, &zeros);

		if (!zeros)
			err = u->sink->write(u->sink->data, u->out + done, n, u->written + done);
		done += n;
	}
	u->written += len;
	u->b.out = u->out;
	u->b.out_len = OUT_BYTES;
	return err;
}

static int refill(struct unpacker *u)
{
	uint64_t left = u->range->len - u->read;
	size_t step = left < IN_BYTES ? left : IN_BYTES;
	int err = step ? blockdev_read_bytes(u->range->lower, u->in, step,
					     u->range->offset + u->read) : 0;

	if (err)
		return err;
	u->read += step;
	u->b.in = u->in;
	u->b.in_len = step;
	u->b.in_last = u->read == u->range->len;
	return u->sink->progress ? u->sink->progress(u->sink->data, u->read) : 0;
}

/* After the end of a member: skip padding zeros; anything else must be another member. */
static int skip_to_member(struct unpacker *u)
{
	int err = 0;

	do {
		while (u->b.in_len && !*u->b.in) {
			u->b.in++;
			u->b.in_len--;
		}
		if (!u->b.in_len && !u->b.in_last)
			err = refill(u);
	} while (!err && !u->b.in_len && !u->b.in_last);
	u->ended = !u->b.in_len;
	return err;
}

static int report_point(struct unpacker *u, struct codec_stream *stream)
{
	const struct unpack_point point = {
		.packed = u->read - u->b.in_len,
		.unpacked = u->written + (u->b.out - u->out),
		.stream = stream,
	};

	return u->sink->point ? u->sink->point(u->sink->data, &point) : 0;
}

static int next_member(struct unpacker *u)
{
	int err = skip_to_member(u);

	return err || u->ended ? err : report_point(u, NULL);
}

/* The decoder has used all input, or has no space for output. */
static int need_more(struct unpacker *u, bool stuck)
{
	if (!u->b.in_len && !u->b.in_last)
		return refill(u);
	if (!stuck)
		return 0;
	u->ended = u->range->cut && !u->b.in_len;
	return u->ended ? 0 : -EIO;	/* the file is cut off */
}

static int run_codec(struct unpacker *u)
{
	size_t in_before = u->b.in_len, out_before = u->b.out_len;
	int rc = u->codecs->run(u->stream, &u->b), err = 0;
	bool stuck = in_before == u->b.in_len && out_before == u->b.out_len;

	if (rc < 0)
		return rc;
	if (!u->b.out_len)
		err = flush_output(u);
	if (err)
		return err;
	switch (rc) {
	case 0:
		return need_more(u, stuck);
	case 1:
		return next_member(u);
	case 2:
		u->ended = true;
		return 0;
	default:
		return report_point(u, u->stream);
	}
}

static int begin_range(struct unpacker *u)
{
	const struct packed_range *range = u->range;

	u->stream = u->codecs->open(range->kind, range->check);
	if (!u->in || !u->out || !u->stream)
		return -ENOMEM;
	u->b.out = u->out;
	u->b.out_len = OUT_BYTES;
	u->b.stop_at_blocks = u->sink->point;
	return range->window ? u->codecs->resume(u->stream, range->window, range->window_len,
						 range->bits, range->before) : 0;
}

int64_t unpack_stream(const struct packed_range *range, uint64_t limit,
		      const struct unpack_sink *sink)
{
	struct unpacker u = {
		.range = range, .sink = sink, .limit = limit, .codecs = codec_module(),
		.in = malloc(IN_BYTES), .out = malloc(OUT_BYTES),
	};
	int err = u.codecs ? 0 : -ENOPKG;

	if (!err)
		err = begin_range(&u);
	if (!err)
		err = refill(&u);
	while (!err && !u.ended)
		err = run_codec(&u);
	if (!err)
		err = flush_output(&u);
	if (u.stream)
		u.codecs->close(u.stream);
	free(u.in);
	free(u.out);
	return err ? err : (int64_t)u.written;
}
