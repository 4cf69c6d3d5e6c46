// SPDX-License-Identifier: GPL-2.0
/*
 * gzip.c - images that gzip, pigz or bgzip have compressed
 *
 * Specifications: RFC 1952; BGZF: "Sequence Alignment/Map Format Specification", section 4.1.
 * A BGZF file consists of members of at most 64 KiB, and the header of each says where
 * the next one begins, so the members are found without unpacking.  For any other file
 * unpack_indexed() makes an index.  The unpacked file may be an image in another format.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "unpack.h"

#define HEADER		18u		/* bytes of a BGZF header */
#define TRAILER		8u		/* bytes: CRC-32 and length */
#define MEMBER_MAX	65536u		/* unpacked bytes */
#define UNIT_BYTES	(1u << 20)	/* members are unpacked together up to this size */
#define UNITS_MAX	(1u << 20)

static bool gzip_probe(const struct format_sample *s)
{
	return s->head_len >= 18 && !memcmp(s->head, "\x1f\x8b\x08", 3) && !(s->head[3] & 0xe0);
}

/* A list of members that is being made. */
struct members {
	struct blockdev *lower;
	uint64_t size;			/* of the file, bytes */
	struct unit_list list;
	uint64_t at, unpacked;		/* bytes before the next member */
	bool ended;			/* the last member was empty, as BGZF demands at the end */
};

/* The packed bytes of the member that begins with @header, or 0 if it is not one of BGZF. */
static uint32_t member_size(const uint8_t *header)
{
	static const uint8_t extra[] = { 6, 0, 'B', 'C', 2, 0 };
	uint32_t size = get_le16(header + 16) + 1u;

	if (memcmp(header, "\x1f\x8b\x08\x04", 4) || memcmp(header + 10, extra, sizeof(extra)) ||
	    size < HEADER + TRAILER)
		return 0;
	return size;
}

/* The last unit, or a new one if it is full; NULL: out of memory, or too many. */
static struct codec_unit *current_unit(struct members *m)
{
	const struct codec_unit unit = { .offset = m->at, .start = m->unpacked };
	struct unit_list *list = &m->list;

	if (list->nr && list->units[list->nr - 1].len < UNIT_BYTES)
		return &list->units[list->nr - 1];
	if (list->nr == UNITS_MAX || unit_list_add(list, &unit))
		return NULL;
	return &list->units[list->nr - 1];
}

/* Take the member whose header is in @buf, and read the header of the next one into @buf. */
static bool take_member(struct members *m, uint8_t *buf)
{
	uint32_t size = member_size(buf), len;
	uint8_t next[TRAILER + HEADER] = { 0 };
	struct codec_unit *unit;
	size_t more;

	if (!size || size > m->size - m->at)
		return false;
	more = m->size - m->at - size < HEADER ? 0 : HEADER;
	if (blockdev_read_bytes(m->lower, next, TRAILER + more, m->at + size - TRAILER))
		return false;
	len = get_le32(next + 4);
	unit = len <= MEMBER_MAX ? current_unit(m) : NULL;
	if (!unit)
		return false;
	unit->packed_len += size;
	unit->len += len;
	m->at += size;
	m->unpacked += len;
	m->ended = !len;
	memcpy(buf, next + TRAILER, HEADER);
	return true;
}

/*
 * List the members of a BGZF file as units.  Returns 1; 0: the file is not BGZF, or it is
 * damaged; -errno of the function that shows the progress.
 */
static int list_members(struct members *m, struct scratch *scratch)
{
	unsigned long shown = 0;
	uint8_t header[HEADER];
	int err = 0;

	if (blockdev_read_bytes(m->lower, header, HEADER, 0))
		return 0;
	while (m->at < m->size) {
		if (!take_member(m, header))
			return 0;
		if (m->list.nr != shown)
			err = scratch->ops->progress(scratch, m->lower->name, m->at, m->size);
		if (err)
			return err;
		shown = m->list.nr;
	}
	if (m->list.nr && !m->list.units[m->list.nr - 1].len)
		m->list.nr--;
	return m->ended && m->list.nr;
}

static int gzip_open(struct blockdev *lower, const struct format_options *options,
		     struct blockdev **bd)
{
	const struct packed_range range = {
		.lower = lower, .len = format_file_size(lower), .kind = STREAM_GZIP,
	};
	struct members m = { .lower = lower, .size = range.len };
	int err = format_refuse_snapshot(lower, options, "a compressed file");
	struct scratch *scratch = err ? NULL : unpack_scratch(lower, options);

	if (!scratch)
		return err ? err : -EOPNOTSUPP;
	err = list_members(&m, scratch);
	if (err == 1)
		return unpack_units(&range, scratch, m.list.units, m.list.nr, 0, bd);
	free(m.list.units);
	if (!err)
		return unpack_indexed(&range, scratch, bd);
	err = unpack_failed(scratch, lower->name, err);
	scratch->ops->put(scratch);
	return err;
}

const struct format format_gzip = {
	.name = "gzip", .probe = gzip_probe, .container = true, .open = gzip_open,
};
