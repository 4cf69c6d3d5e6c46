// SPDX-License-Identifier: GPL-2.0
/*
 * packed.c - images that xz, zstd, bzip2 or lz4 have compressed
 *
 * Specifications: "The .xz File Format" 1.1.0; RFC 8878 and zstd's "Seekable Format" 0.1.0;
 * the source of bzip2; "LZ4 Frame Format" 1.6.  An xz file of several blocks and a seekable
 * zstd file are unpacked block by block, when a block is read.  All others can only be
 * unpacked from the beginning, and are unpacked once, as a whole.  The unpacked file may be
 * an image in another format.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "unpack.h"

static int read_file(void *data, void *buf, size_t len, uint64_t offset)
{
	return blockdev_read_bytes(data, buf, len, offset);
}

static int open_packed(struct blockdev *lower, const struct format_options *options,
		       enum stream_kind kind, struct blockdev **bd)
{
	const struct packed_range range = {
		.lower = lower, .len = format_file_size(lower), .kind = kind,
	};
	int err = format_refuse_snapshot(lower, options, "a compressed file");

	return err ? err : unpack_whole(&range, options, bd);
}

static int open_units(struct blockdev *lower, const struct format_options *options,
		      const struct packed_range *range, struct codec_unit *units,
		      unsigned long nr, struct blockdev **bd)
{
	struct scratch *scratch = unpack_scratch(lower, options);

	if (!scratch) {
		free(units);
		return -EOPNOTSUPP;
	}
	return unpack_units(range, scratch, units, nr, 0, bd);
}

/* ---- bzip2, lz4 ------------------------------------------------------------------ */

static bool bzip2_probe(const struct format_sample *s)
{
	return s->head_len >= 14 && !memcmp(s->head, "BZh", 3) &&
	       !memcmp(s->head + 4, "1AY&SY", 6);
}

static int bzip2_open(struct blockdev *lower, const struct format_options *options,
		      struct blockdev **bd)
{
	return open_packed(lower, options, STREAM_BZIP2, bd);
}

const struct format format_bzip2 = {
	.name = "bzip2", .probe = bzip2_probe, .container = true, .open = bzip2_open,
};

static bool lz4_probe(const struct format_sample *s)
{
	return s->head_len >= 11 && get_le32(s->head) == 0x184d2204;
}

static int lz4_open(struct blockdev *lower, const struct format_options *options,
		    struct blockdev **bd)
{
	return open_packed(lower, options, STREAM_LZ4, bd);
}

const struct format format_lz4 = {
	.name = "lz4", .probe = lz4_probe, .container = true, .open = lz4_open,
};

/* ---- xz -------------------------------------------------------------------------- */

static bool xz_probe(const struct format_sample *s)
{
	return s->head_len >= 32 && !memcmp(s->head, "\xfd" "7zXZ", 6);
}

static int xz_open(struct blockdev *lower, const struct format_options *options,
		   struct blockdev **bd)
{
	struct packed_range range = { .lower = lower, .kind = STREAM_XZ_BLOCK };
	struct codec_unit *units;
	long nr;

	if (!codec_module())
		return error_set(-ENOPKG, "%s: is compressed with xz, and codecs.so is not loaded",
				 lower->name);
	nr = codec_module()->xz_units(read_file, lower, format_file_size(lower), &units,
				      &range.check);
	if (nr < 0)
		return error_set(nr, "%s: out of memory", lower->name);
	if (nr > 1)
		return open_units(lower, options, &range, units, nr, bd);
	if (nr)
		free(units);
	return open_packed(lower, options, STREAM_XZ, bd);
}

const struct format format_xz = {
	.name = "xz", .probe = xz_probe, .container = true, .open = xz_open,
};

/* ---- zstd ------------------------------------------------------------------------ */

#define ZSTD_MAGIC	0xfd2fb528u
#define TABLE_MAGIC	0x184d2a5eu	/* the skippable frame that has the table */
#define SEEKABLE_MAGIC	0x8f92eab1u	/* at the end of the file */
#define FOOTER		9u
#define FRAMES_MAX	(1u << 20)

static bool zstd_probe(const struct format_sample *s)
{
	return s->head_len >= 9 && get_le32(s->head) == ZSTD_MAGIC;
}

/* Parse the table of @nr frames in @raw, @step bytes each. */
static struct codec_unit *parse_table(const uint8_t *raw, uint32_t nr, uint32_t step,
				      unsigned long *used)
{
	struct codec_unit *units = calloc(nr, sizeof(*units));
	uint64_t offset = 0, start = 0;

	*used = 0;
	for (uint32_t i = 0; units && i < nr; i++) {
		uint32_t packed = get_le32(raw + i * step), len = get_le32(raw + i * step + 4);

		if (len)
			units[(*used)++] = (struct codec_unit){
				.offset = offset, .packed_len = packed, .start = start, .len = len,
			};
		offset += packed;
		start += len;
	}
	return units;
}

/* Get the frames of a seekable file; NULL if it is not seekable, or out of memory. */
static struct codec_unit *seek_table(struct blockdev *lower, unsigned long *nr)
{
	uint64_t size = format_file_size(lower), bytes;
	struct codec_unit *units = NULL;
	uint8_t footer[FOOTER], *raw;
	uint32_t frames, step;

	if (blockdev_read_bytes(lower, footer, FOOTER, size - FOOTER) ||
	    get_le32(footer + 5) != SEEKABLE_MAGIC)
		return NULL;
	frames = get_le32(footer);
	step = footer[4] & 0x80 ? 12 : 8;
	bytes = (uint64_t)frames * step;
	if (!frames || frames > FRAMES_MAX || bytes + FOOTER + 8 > size)
		return NULL;
	raw = malloc(bytes + 8);
	if (raw && !blockdev_read_bytes(lower, raw, bytes + 8, size - FOOTER - bytes - 8) &&
	    get_le32(raw) == TABLE_MAGIC && get_le32(raw + 4) == bytes + FOOTER)
		units = parse_table(raw + 8, frames, step, nr);
	free(raw);
	return units;
}

static int zstd_open(struct blockdev *lower, const struct format_options *options,
		     struct blockdev **bd)
{
	const struct packed_range range = { .lower = lower, .kind = STREAM_ZSTD };
	unsigned long nr;
	struct codec_unit *units = seek_table(lower, &nr);

	if (units && nr > 1)
		return open_units(lower, options, &range, units, nr, bd);
	free(units);
	return open_packed(lower, options, STREAM_ZSTD, bd);
}

const struct format format_zstd = {
	.name = "zstd", .probe = zstd_probe, .container = true, .open = zstd_open,
};
