// SPDX-License-Identifier: GPL-2.0
/*
 * android.c - Android's sparse image: a row of chunks
 *
 * Specification: libsparse/sparse_format.h of Android.  Numbers are little endian.
 */
#include <errno.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "listed.h"

#define MAGIC		0xed26ff3au
#define HEADER_BYTES	28u
#define CHUNK_BYTES	12u
#define CHUNK_RAW	0xcac1u
#define CHUNK_FILL	0xcac2u
#define CHUNK_SKIP	0xcac3u
#define CHUNK_SUM	0xcac4u

/* The header of the file, checked. */
struct sparse_file {
	struct blockdev *lower;
	uint32_t header, chunk_header;	/* sizes of the file header and of a chunk header, bytes */
	uint32_t block, chunks;		/* size of a block, bytes; number of chunks */
	uint64_t size;			/* size of the disk, bytes */
};

static int damaged(const struct sparse_file *f, const char *reason)
{
	return error_set(-EINVAL, "%s: the Android sparse image is damaged: %s", f->lower->name,
			 reason);
}

static int read_header(struct sparse_file *f)
{
	uint8_t buf[HEADER_BYTES];

	if (blockdev_read_bytes(f->lower, buf, sizeof(buf), 0) || get_le32(buf) != MAGIC)
		return error_set(-EINVAL, "%s: is not an Android sparse image", f->lower->name);
	if (get_le16(buf + 4) != 1)
		return error_set(-EOPNOTSUPP, "%s: version %u of Android sparse images is not supported; convert it with simg2img",
				 f->lower->name, get_le16(buf + 4));
	f->header = get_le16(buf + 8);
	f->chunk_header = get_le16(buf + 10);
	f->block = get_le32(buf + 12);
	f->size = (uint64_t)get_le32(buf + 16) * f->block;
	f->chunks = get_le32(buf + 20);
	if (f->header < HEADER_BYTES || f->chunk_header < CHUNK_BYTES)
		return damaged(f, "its headers are too short");
	if (!f->block || f->block % 512 || f->block > 64u << 20)
		return damaged(f, "the size of a block is invalid");
	return 0;
}

/* Add the chunk at @at, whose header is @h and whose data has @len bytes. */
static int add_chunk(const struct sparse_file *f, struct listed *l, const uint8_t *h,
		     uint64_t at, uint64_t len)
{
	struct listed_range r = { .from = f->lower, .offset = at };
	uint8_t pattern[4];

	r.len = (uint64_t)get_le32(h + 4) * f->block;
	switch (get_le16(h)) {
	case CHUNK_RAW:
		r.kind = RUN_DATA;
		if (len != r.len)
			return damaged(f, "a chunk has another size than its header says");
		break;
	case CHUNK_FILL:
		if (len != 4 || blockdev_read_bytes(f->lower, pattern, 4, at))
			return damaged(f, "a chunk has no pattern");
		r.offset = get_le32(pattern);
		r.kind = r.offset ? RUN_FILL : RUN_ZERO;
		break;
	case CHUNK_SKIP:
		r.kind = RUN_ZERO;
		break;
	case CHUNK_SUM:
		return 0;
	default:
		return damaged(f, "a chunk is of an unknown type");
	}
	if (r.len > f->size - listed_size(l))
		return damaged(f, "its chunks are larger than the disk");
	return listed_add(l, &r) ? error_set(-ENOMEM, "%s: out of memory", f->lower->name) : 0;
}

static int read_chunks(const struct sparse_file *f, struct listed *l)
{
	uint64_t at = f->header, end = format_file_size(f->lower);
	uint8_t h[CHUNK_BYTES];
	int err = 0;

	for (uint32_t i = 0; i < f->chunks && !err; i++) {
		uint32_t total;

		if (blockdev_read_bytes(f->lower, h, sizeof(h), at))
			return damaged(f, "it is cut off");
		total = get_le32(h + 8);
		if (total < f->chunk_header || total > end - at)
			return damaged(f, "a chunk ends after the end of the file");
		err = add_chunk(f, l, h, at + f->chunk_header, total - f->chunk_header);
		at += total;
	}
	if (!err && listed_size(l) != f->size)
		err = damaged(f, "its chunks are smaller than the disk");
	return err;
}

static int android_open(struct blockdev *lower, const struct format_options *options,
			struct blockdev **bd)
{
	struct sparse_file f = { .lower = lower };
	struct listed *l;
	int err = format_refuse_snapshot(lower, options, "an Android sparse image");

	if (!err)
		err = read_header(&f);
	if (err)
		return err;
	l = listed_create();
	err = l ? read_chunks(&f, l) : error_set(-ENOMEM, "%s: out of memory", lower->name);
	if (err) {
		listed_free(l);
		return err;
	}
	return listed_finish(l, lower, bd);
}

static bool android_probe(const struct format_sample *s)
{
	return s->head_len >= HEADER_BYTES && get_le32(s->head) == MAGIC;
}

const struct format format_android = {
	.name = "android-sparse", .probe = android_probe, .open = android_open,
};
