// SPDX-License-Identifier: GPL-2.0
/*
 * unpack-index.c - random access to deflate streams: an index of places where they can be
 * continued
 *
 * A deflate stream can be continued after any of its blocks with the 32 KiB that were
 * unpacked before, its window.  One pass over the stream finds the size of the disk, checks
 * the checksums of gzip, and cuts the stream into units, at blocks or where a member
 * begins.  A window is stored in the scratch file where its bytes belong on the disk.
 *
 * The pass also stores the first unpacked bytes, as far as the scratch file has room, so that a
 * small image is unpacked only once.  The rest of the file is a hole until units are read.
 */
#include <errno.h>
#include <stdlib.h>
#include "codec.h"
#include "error.h"
#include "unpack.h"

/*
 * Unpacked bytes of a unit, at least.  The units of large disks grow with the offset, by
 * 1/2^17, so that the list of a disk of 16 TiB needs at most 80 MiB of memory.  It needs that much
 * if a member of gzip ends soon after the start of each resumed unit: then two units have only
 * UNIT_BYTES together, and up to half of the list's memory is not used.
 */
#define UNIT_BYTES	(2u << 20)
#define GROWTH_SHIFT	17

struct index {
	const struct packed_range *range;
	struct scratch *scratch;
	struct unit_list list;
	uint64_t kept;			/* unpacked bytes that were stored, not counting windows */
	uint64_t complete;		/* the scratch file has all bytes before this offset */
	bool write_failed;
};

static int store_window(struct index *x, const struct unpack_point *point, unsigned int *bits)
{
	uint8_t window[CODEC_WINDOW];
	size_t len = codec_module()->window(point->stream, window, bits);
	int err = x->scratch->ops->write(x->scratch, window, len, point->unpacked - len);

	x->write_failed = err;
	return err;
}

/* True if the last unit is to end at @point. */
static bool ends_unit(const struct codec_unit *last, const struct unpack_point *point)
{
	uint64_t len = point->unpacked - last->start, grown = last->start >> GROWTH_SHIFT;

	/* A unit that began after a block is unpacked as raw deflate: up to its member's end. */
	if (last->resumed && !point->stream)
		return true;
	return len >= UNIT_BYTES && len >= grown;
}

static int keep_bytes(void *data, const void *buf, size_t len, uint64_t at)
{
	struct index *x = data;
	int err;

	if (at >= x->complete)
		return 0;
	if (len > x->scratch->keep - x->kept) {
		x->complete = at;
		return 0;
	}
	x->kept += len;
	err = x->scratch->ops->write(x->scratch, buf, len, at);
	x->write_failed = err;
	return err;
}

static int add_point(void *data, const struct unpack_point *point)
{
	struct index *x = data;
	struct codec_unit *last = &x->list.units[x->list.nr - 1], unit = {
		.offset = x->range->offset + point->packed, .start = point->unpacked,
		.resumed = point->stream,
	};
	unsigned int bits = 0;
	int err = 0;

	if (last->start == point->unpacked) {
		/* The last unit is still empty; begin it with a member if possible. */
		if (!point->stream)
			*last = unit;
		return 0;
	}
	if (!ends_unit(last, point))
		return 0;
	if (point->stream)
		err = store_window(x, point, &bits);
	unit.bits = bits;
	return err ? err : unit_list_add(&x->list, &unit);
}

static int show_progress(void *data, uint64_t done)
{
	struct index *x = data;

	return x->scratch->ops->progress(x->scratch, x->range->lower->name, done, x->range->len);
}

/* The units are complete, and have @size unpacked bytes together: set their lengths. */
static void set_lengths(struct index *x, uint64_t size)
{
	uint64_t packed = x->range->offset + x->range->len;
	struct unit_list *list = &x->list;

	if (list->units[list->nr - 1].start == size)
		list->nr--;
	for (unsigned long i = list->nr; i-- > 0;) {
		struct codec_unit *unit = &list->units[i];

		unit->packed_len = packed - unit->offset;
		unit->len = size - unit->start;
		packed = unit->offset;
		size = unit->start;
	}
}

/* Returns the number of unpacked bytes, or -errno with error text. */
static int64_t make_index(struct index *x)
{
	const struct unpack_sink sink = {
		.write = keep_bytes, .progress = show_progress, .point = add_point, .data = x,
	};
	const struct codec_unit first = { .offset = x->range->offset };
	int64_t size = unit_list_add(&x->list, &first);
	const char *name = x->range->lower->name;

	if (!size)
		size = unpack_stream(x->range, x->scratch->limit, &sink);
	if (x->write_failed)
		return x->scratch->ops->explain(x->scratch, name, size);
	return size > 0 ? size : unpack_failed(x->scratch, name, size ? size : -ENODATA);
}

/* The number of units, from the first on, that the pass has stored completely. */
static unsigned long count_complete(const struct index *x)
{
	unsigned long nr = 0;

	while (nr < x->list.nr && x->list.units[nr].start + x->list.units[nr].len <= x->complete)
		nr++;
	return nr;
}

int unpack_indexed(const struct packed_range *range, struct scratch *scratch,
		   struct blockdev **bd)
{
	struct packed_range units = *range;
	struct index x = { .range = range, .scratch = scratch, .complete = UINT64_MAX };
	int64_t size = make_index(&x);

	if (size < 0) {
		free(x.list.units);
		scratch->ops->put(scratch);
		return size;
	}
	set_lengths(&x, size);
	units.cut = true;
	return unpack_units(&units, scratch, x.list.units, x.list.nr, count_complete(&x), bd);
}
