// SPDX-License-Identifier: GPL-2.0
/*
 * dmg.c - Apple's disk images (UDIF): chunks that are compressed one by one
 *
 * Specification: J. Metz, "Universal Disk Image Format (UDIF)", of keramics.  The last 512
 * bytes of the file lead to a property list in XML.  Its array "blkx" has a table of chunks
 * for each partition, in base64.  Numbers are big endian.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "dmg.h"
#include "error.h"
#include "listed.h"

#define SECTOR		512u
#define TRAILER		512u
#define PLIST_MAX	(64u << 20)	/* bytes */
#define TABLE_BYTES	204u
#define ENTRY_BYTES	40u
#define SECTORS_MAX	(1ull << 50)

enum chunk_type {
	CHUNK_ZERO = 0,
	CHUNK_RAW = 1,
	CHUNK_IGNORE = 2,
	CHUNK_COMMENT = 0x7ffffffe,
	CHUNK_ADC = 0x80000004,
	CHUNK_ZLIB = 0x80000005,
	CHUNK_BZIP2 = 0x80000006,
	CHUNK_LZFSE = 0x80000007,
	CHUNK_XZ = 0x80000008,
	CHUNK_END = 0xffffffff,
};

struct chunk {
	uint64_t start, nr;		/* range of the disk, sectors */
	uint64_t offset, len;		/* range of the file, bytes */
	uint32_t type;			/* enum chunk_type */
};

struct dmg {
	struct blockdev *lower;
	uint64_t size;			/* of the file, bytes */
	uint64_t data;			/* offset of the data fork */
	uint64_t plist, plist_len;	/* place of the property list, bytes */
	uint64_t sectors;		/* of the disk */
	struct chunk *chunks;		/* owned */
	unsigned int nr, room;		/* chunks in use, chunks allocated */
};

static int damaged(const struct dmg *d, const char *reason)
{
	return error_set(-EINVAL, "%s: the DMG image is damaged: %s", d->lower->name, reason);
}

static int no_memory(const struct dmg *d)
{
	return error_set(-ENOMEM, "%s: out of memory", d->lower->name);
}

static int read_trailer(struct dmg *d)
{
	uint8_t t[TRAILER];

	if (d->size < TRAILER || blockdev_read_bytes(d->lower, t, TRAILER, d->size - TRAILER) ||
	    memcmp(t, "koly", 4))
		return error_set(-EINVAL, "%s: is not a DMG image", d->lower->name);
	if (get_be32(t + 60) > 1)
		return error_set(-EOPNOTSUPP, "%s: is one of %u segments of a DMG image, which are not supported; join them with hdiutil convert",
				 d->lower->name, get_be32(t + 60));
	d->data = get_be64(t + 24);
	d->plist = get_be64(t + 216);
	d->plist_len = get_be64(t + 224);
	d->sectors = get_be64(t + 492);
	if (!d->plist_len)
		return error_set(-EOPNOTSUPP, "%s: is an old DMG image without a property list; convert it with qemu-img convert",
				 d->lower->name);
	if (d->data > d->size || d->plist > d->size || d->plist_len > d->size - d->plist ||
	    d->plist_len > PLIST_MAX)
		return damaged(d, "its property list is not inside the file");
	if (!d->sectors || d->sectors > SECTORS_MAX)
		return damaged(d, "the disk's size is invalid");
	return 0;
}

static int add_chunk(struct dmg *d, const struct chunk *c)
{
	if (d->nr == d->room) {
		unsigned int room = d->room ? d->room * 2 : 256;
		struct chunk *more = room > LISTED_MAX ? NULL :
				     realloc(d->chunks, room * sizeof(*more));

		if (!more)
			return no_memory(d);
		d->chunks = more;
		d->room = room;
	}
	d->chunks[d->nr++] = *c;
	return 0;
}

/* Take an entry of a table; @first is the table's first sector, @base the offset of its data. */
static int take_entry(struct dmg *d, const uint8_t *p, uint64_t first, uint64_t base)
{
	struct chunk c = {
		.type = get_be32(p), .start = get_be64(p + 8), .nr = get_be64(p + 16),
		.offset = get_be64(p + 24), .len = get_be64(p + 32),
	};

	if (c.type == CHUNK_COMMENT || c.type == CHUNK_END || !c.nr)
		return 0;
	if (first > d->sectors || c.start > d->sectors - first ||
	    c.nr > d->sectors - first - c.start)
		return damaged(d, "a chunk is not inside the disk");
	c.start += first;
	if (c.type != CHUNK_ZERO && c.type != CHUNK_IGNORE) {
		if (base > d->size || c.offset > d->size - base ||
		    c.len > d->size - base - c.offset)
			return damaged(d, "a chunk is not inside the file");
		c.offset += base;
	}
	return add_chunk(d, &c);
}

static int take_table(void *data, const uint8_t *table, size_t len)
{
	struct dmg *d = data;
	uint64_t first, base;
	uint32_t nr;
	int err = 0;

	if (len < TABLE_BYTES || memcmp(table, "mish", 4))
		return damaged(d, "a table of chunks has no header");
	first = get_be64(table + 8);
	base = get_be64(table + 24);
	nr = get_be32(table + 200);
	if (nr > (len - TABLE_BYTES) / ENTRY_BYTES)
		return damaged(d, "a table of chunks is cut off");
	if (base > d->size - d->data)
		return damaged(d, "the data of a table is not inside the file");
	for (uint32_t i = 0; i < nr && !err; i++)
		err = take_entry(d, table + TABLE_BYTES + i * ENTRY_BYTES, first, d->data + base);
	return err;
}

static int read_plist(struct dmg *d)
{
	char *text = malloc(d->plist_len + 1);
	int err;

	if (!text)
		return no_memory(d);
	err = blockdev_read_bytes(d->lower, text, d->plist_len, d->plist);
	if (err) {
		free(text);
		return format_unreadable(d->lower, err);
	}
	text[d->plist_len] = '\0';
	err = dmg_plist_tables(text, take_table, d);
	free(text);
	if (err == -EBADMSG)
		return damaged(d, "its property list has no tables of chunks");
	return err == -ENOMEM ? no_memory(d) : err;
}

static int by_start(const void *a, const void *b)
{
	const struct chunk *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static int set_kind(const struct dmg *d, const struct chunk *c, struct listed_range *r)
{
	r->kind = RUN_PACKED;
	switch (c->type) {
	case CHUNK_ZERO:
	case CHUNK_IGNORE:
		r->kind = RUN_ZERO;
		return 0;
	case CHUNK_RAW:
		r->kind = RUN_DATA;
		return c->len < r->len ? damaged(d, "a chunk is too short") : 0;
	case CHUNK_ADC:
		r->codec = CODEC_ADC;
		break;
	case CHUNK_ZLIB:
		r->codec = CODEC_ZLIB;
		break;
	case CHUNK_BZIP2:
		r->codec = CODEC_BZIP2;
		break;
	case CHUNK_LZFSE:
		r->codec = CODEC_LZFSE;
		break;
	case CHUNK_XZ:
		r->codec = CODEC_XZ;
		break;
	default:
		return error_set(-EOPNOTSUPP, "%s: has chunks of the unknown type 0x%x", d->lower->name,
				 c->type);
	}
	if (r->len > UNIT_MAX || !c->len || c->len > UNIT_MAX)
		return damaged(d, "the size of a chunk is invalid");
	r->packed_len = c->len;
	return 0;
}

static int add_range(struct listed *l, const struct dmg *d, const struct listed_range *r)
{
	int err = listed_add(l, r);

	return err ? error_set(err, "%s: has too many chunks", d->lower->name) : 0;
}

/* List the chunks in the order of the disk; sectors without a chunk are zeros. */
static int list_chunks(struct listed *l, const struct dmg *d)
{
	struct listed_range zeros = { .kind = RUN_ZERO };
	int err = 0;

	for (unsigned int i = 0; i < d->nr && !err; i++) {
		const struct chunk *c = &d->chunks[i];
		struct listed_range r = {
			.from = d->lower, .offset = c->offset, .len = c->nr * SECTOR,
		};

		if (c->start * SECTOR < listed_size(l))
			return damaged(d, "two chunks overlap");
		zeros.len = c->start * SECTOR - listed_size(l);
		err = add_range(l, d, &zeros);
		if (!err)
			err = set_kind(d, c, &r);
		if (!err)
			err = add_range(l, d, &r);
	}
	zeros.len = d->sectors * SECTOR - listed_size(l);
	return err ? err : add_range(l, d, &zeros);
}

static int make_disk(struct dmg *d, struct blockdev **bd)
{
	struct listed *l = listed_create();
	int err;

	if (!l)
		return no_memory(d);
	if (d->nr)
		qsort(d->chunks, d->nr, sizeof(*d->chunks), by_start);
	err = list_chunks(l, d);
	if (err) {
		listed_free(l);
		return err;
	}
	return listed_finish(l, d->lower, bd);
}

static int dmg_open(struct blockdev *lower, const struct format_options *options,
		    struct blockdev **bd)
{
	struct dmg d = { .lower = lower, .size = format_file_size(lower) };
	int err = format_refuse_snapshot(lower, options, "a DMG image");

	if (!err)
		err = read_trailer(&d);
	if (!err)
		err = read_plist(&d);
	if (!err)
		err = make_disk(&d, bd);
	free(d.chunks);
	return err;
}

static bool dmg_probe(const struct format_sample *s)
{
	return s->tail_len >= TRAILER && !memcmp(s->tail + s->tail_len - TRAILER, "koly", 4) &&
	       get_be32(s->tail + s->tail_len - TRAILER + 8) == TRAILER;
}

static unsigned int dmg_codecs(const struct format_sample *s)
{
	return FORMAT_ZLIB | FORMAT_STREAMS;
}

const struct format format_dmg = {
	.name = "dmg", .probe = dmg_probe, .codecs = dmg_codecs, .open = dmg_open,
};
