// SPDX-License-Identifier: GPL-2.0
/*
 * ewf.c - EnCase's image format (E01): chunks found by tables in segment files
 *
 * Specification: J. Metz, "Expert Witness Compression Format (EWF) specification", of
 * libewf.  An image is one file or several, whose names follow from that of the first.
 * Each is a row of sections; a "table" section says where the chunks of the "sectors"
 * section before it are.  Numbers are little endian.
 *
 * libewf is not used, because it opens files by name and calls the operating system; formats
 * must read through a blockdev, in the sandbox and in wasm.  Images of version 2 (Ex01) are
 * not read, only named in an error (lib/image/content.c): Debian's libewf, 20140813, cannot write
 * them, so there was no image to test a reader with.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "find-start.h"
#include "mapped.h"

#define FILE_HEADER	13u
#define SECTION		76u
#define TABLE_HEADER	24u
#define SECTIONS_MAX	65536u		/* of one file */
#define TABLES_MAX	(1u << 20)
#define PACKED_FLAG	0x80000000u

/* A table section: the places of chunks that follow each other on the disk. */
struct table {
	uint64_t first;			/* number of its first chunk */
	uint32_t nr;			/* number of chunks */
	struct blockdev *file;		/* segment file with the table; borrowed */
	uint64_t entries;		/* offset of its entries in that file */
	uint64_t base;			/* offset in that file to which entries are relative */
	uint64_t end;			/* offset in that file at which the chunks' data ends */
};

struct ewf {
	struct mapped m;
	struct blockdev **files;	/* references */
	unsigned int nr_files;
	struct table *tables;
	unsigned int nr, room;		/* tables in use, tables allocated */
	uint64_t chunks;		/* sum of the chunks of all tables */
	uint64_t wanted;		/* chunks of the disk */
	uint64_t size;			/* of the disk, bytes */
	uint32_t chunk;			/* size of a chunk, bytes */
};

static const struct table *find_table(const struct ewf *e, uint64_t chunk)
{
	return &e->tables[find_start(&e->tables->first, sizeof(*e->tables), e->nr, chunk)];
}

static int ewf_map(struct mapped *m, uint64_t offset, uint64_t len, bool may_wait,
		   struct run *run)
{
	struct ewf *e = (struct ewf *)m;
	uint64_t chunk = offset / e->chunk, within = offset % e->chunk, start, end, left;
	const struct table *t = find_table(e, chunk);
	uint32_t i = chunk - t->first;
	uint8_t raw[8];
	int err = meta_read_from(m, t->file, t->entries + (uint64_t)i * 4, raw,
				 i + 1 < t->nr ? 8 : 4, may_wait);

	if (err)
		return err;
	start = t->base + (get_le32(raw) & ~PACKED_FLAG);
	end = i + 1 < t->nr ? t->base + (get_le32(raw + 4) & ~PACKED_FLAG) : t->end;
	left = e->size - chunk * e->chunk;
	run->unit = chunk * e->chunk;
	run->unit_len = left < e->chunk ? left : e->chunk;
	if (end <= start || end > format_file_size(t->file) || end - start > UNIT_MAX)
		return -EIO;
	run->hole = false;
	run->from = t->file;
	run->len = run->unit_len - within < len ? run->unit_len - within : len;
	if (get_le32(raw) & PACKED_FLAG) {
		run->kind = RUN_PACKED;
		run->offset = start;
		run->packed_len = end - start;
		run->codec = CODEC_ZLIB;
		return 0;
	}
	run->kind = RUN_DATA;
	run->offset = start + within;
	return end - start >= run->unit_len ? 0 : -EIO;
}

static void ewf_close(struct mapped *m)
{
	struct ewf *e = (struct ewf *)m;

	for (unsigned int i = 0; i < e->nr_files; i++)
		blockdev_close(e->files[i]);
	free(e->files);
	free(e->tables);
}

static const struct mapped_ops ewf_ops = { .map = ewf_map, .close = ewf_close };

/* ---- opening --------------------------------------------------------------------- */

static int damaged(const struct blockdev *file, const char *reason)
{
	return error_set(-EINVAL, "%s: the EWF image is damaged: %s", file->name, reason);
}

static uint32_t adler32(const uint8_t *p, size_t len)
{
	uint32_t a = 1, b = 0;

	while (len--) {
		a = (a + *p++) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

static int take_volume(struct ewf *e, struct blockdev *file, uint64_t at)
{
	uint64_t sectors;
	uint32_t per_chunk, sector;
	uint8_t buf[24];

	if (blockdev_read_bytes(file, buf, sizeof(buf), at))
		return damaged(file, "its volume section is cut off");
	e->wanted = get_le32(buf + 4);
	per_chunk = get_le32(buf + 8);
	sector = get_le32(buf + 12);
	sectors = get_le64(buf + 16);
	if (!per_chunk || !sector || sector % 512 || sector > 4096 ||
	    per_chunk > UNIT_MAX / sector || !sectors || sectors > 1ull << 45)
		return damaged(file, "the size of its chunks is invalid");
	e->chunk = per_chunk * sector;
	e->size = sectors * sector;
	if (e->wanted != (sectors + per_chunk - 1) / per_chunk)
		return damaged(file, "the number of its chunks is invalid");
	return 0;
}

static int add_table(struct ewf *e, const struct table *t)
{
	if (e->nr == e->room) {
		unsigned int room = e->room ? e->room * 2 : 16;
		struct table *more = room > TABLES_MAX ? NULL :
				     realloc(e->tables, room * sizeof(*more));

		if (!more)
			return error_set(-ENOMEM, "%s: out of memory", t->file->name);
		e->tables = more;
		e->room = room;
	}
	e->tables[e->nr++] = *t;
	e->chunks += t->nr;
	return 0;
}

/* Read the table of @len bytes at @at; the data of its chunks ends at @end. */
static int take_table(struct ewf *e, struct blockdev *file, uint64_t at, uint64_t len,
		      uint64_t end)
{
	struct table t = { .first = e->chunks, .file = file, .entries = at + TABLE_HEADER };
	uint8_t head[TABLE_HEADER];

	if (len < TABLE_HEADER || blockdev_read_bytes(file, head, sizeof(head), at))
		return damaged(file, "a table is cut off");
	if (adler32(head, 20) != get_le32(head + 20))
		return damaged(file, "a table has a wrong sum");
	t.nr = get_le32(head);
	t.base = get_le64(head + 8);
	/* If there is no section of sectors, the data follows the table. */
	t.end = end ? end : at + len;
	if (!t.nr)
		return 0;
	if ((uint64_t)t.nr * 4 > len - TABLE_HEADER || t.base > format_file_size(file) ||
	    t.nr > e->wanted - e->chunks)
		return damaged(file, "a table is invalid");
	return add_table(e, &t);
}

/* Take one section; *@sectors is the end of the last section of sectors. */
static int take_section(struct ewf *e, struct blockdev *file, const uint8_t *s, uint64_t at,
			uint64_t *sectors)
{
	uint64_t next = get_le64(s + 16), data = at + SECTION;

	if (adler32(s, 72) != get_le32(s + 72))
		return damaged(file, "a section has a wrong sum");
	if (!e->size && (!strcmp((const char *)s, "volume") || !strcmp((const char *)s, "disk")))
		return take_volume(e, file, data);
	if (!strcmp((const char *)s, "sectors")) {
		*sectors = next;
	} else if (!strcmp((const char *)s, "table")) {
		if (!e->size)
			return damaged(file, "a table comes before its volume section");
		return take_table(e, file, data, next > data ? next - data : 0, *sectors);
	}
	return 0;
}

/* Read the sections of @file; *@more: another file follows. */
static int read_file(struct ewf *e, struct blockdev *file, unsigned int number, bool *more)
{
	uint64_t at = FILE_HEADER, next, sectors = 0;
	uint8_t s[SECTION + 1] = { 0 };
	int err;

	if (blockdev_read_bytes(file, s, FILE_HEADER, 0) || memcmp(s, "EVF\x09\x0d\x0a\xff", 8))
		return error_set(-EINVAL, "%s: is not an EWF image", file->name);
	if (get_le16(s + 9) != number)
		return damaged(file, "its segment number does not match its name");
	for (unsigned int i = 0; i < SECTIONS_MAX; i++) {
		if (blockdev_read_bytes(file, s, SECTION, at))
			return damaged(file, "it is cut off");
		s[15] = '\0';
		err = take_section(e, file, s, at, &sectors);
		if (err)
			return err;
		*more = !strcmp((const char *)s, "next");
		if (*more || !strcmp((const char *)s, "done"))
			return 0;
		next = get_le64(s + 16);
		if (next <= at)
			return damaged(file, "its sections form a loop");
		at = next;
	}
	return damaged(file, "it has too many sections");
}

static int read_files(struct ewf *e)
{
	bool more = true;
	int err = 0;

	for (unsigned int i = 0; i < e->nr_files && more && !err; i++)
		err = read_file(e, e->files[i], i + 1, &more);
	if (err)
		return err;
	if (more)
		return error_set(-ENOENT, "%s: segment file %u of the image is missing",
				 e->files[0]->name, e->nr_files + 1);
	if (!e->size || e->chunks != e->wanted)
		return damaged(e->files[0], "it does not have all chunks of the disk");
	return 0;
}

static int take_files(struct ewf *e, struct blockdev *lower, const struct format_options *options)
{
	e->files = calloc(1 + options->nr_parts, sizeof(*e->files));
	if (!e->files)
		return error_set(-ENOMEM, "%s: out of memory", lower->name);
	e->files[e->nr_files++] = blockdev_get(lower);
	for (unsigned int i = 0; i < options->nr_parts; i++)
		e->files[e->nr_files++] = blockdev_get(options->parts[i]);
	return 0;
}

static int ewf_open(struct blockdev *lower, const struct format_options *options,
		    struct blockdev **bd)
{
	struct ewf *e = calloc(1, sizeof(*e));
	int err = e ? format_refuse_snapshot(lower, options, "an EWF image") :
		      error_set(-ENOMEM, "%s: out of memory", lower->name);

	if (!err)
		err = take_files(e, lower, options);
	if (!err)
		err = read_files(e);
	if (!err)
		err = codec_load(FORMAT_ZLIB, lower->name);
	if (!err)
		err = mapped_init(&e->m, &ewf_ops, lower, e->size);
	if (err) {
		if (e)
			ewf_close(&e->m);
		free(e);
		return err;
	}
	*bd = &e->m.bd;
	return 0;
}

static bool ewf_probe(const struct format_sample *s)
{
	return s->head_len >= FILE_HEADER && !memcmp(s->head, "EVF\x09\x0d\x0a\xff", 8);
}

static unsigned int ewf_codecs(const struct format_sample *s)
{
	return FORMAT_ZLIB;
}

const struct format format_ewf = {
	.name = "ewf", .probe = ewf_probe, .codecs = ewf_codecs, .parts = true, .open = ewf_open,
};
