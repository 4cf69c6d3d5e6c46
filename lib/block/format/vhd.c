// SPDX-License-Identifier: GPL-2.0
/*
 * vhd.c - Virtual PC's image format: fixed, or blocks found by one table
 *
 * Specification: Microsoft, "Virtual Hard Disk Image Format Specification",
 * version 1.0.  Numbers are big endian.  A footer of 512 bytes ends the file; a
 * dynamic image has a copy of it at the beginning.  A differencing image stores only
 * the sectors that are set in its bitmaps; the others are read from its parent.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "mapped.h"
#include "text.h"

#define FOOTER_BYTES	512u
#define HEADER_BYTES	1024u
#define TYPE_FIXED	2u
#define TYPE_DYNAMIC	3u
#define TYPE_DIFFERENCING	4u
#define UNALLOCATED	0xffffffffu
#define SECTOR		512u
#define NAME_MAX_BYTES	1024u
#define LOCATORS	8u
#define BITMAP_STEP	512u		/* bytes of a bitmap that are read together */

struct vhd {
	struct mapped m;
	bool fixed;			/* no table: the disk's bytes are stored as they are */
	bool differencing;		/* sectors that are not stored are those of the parent */
	uint64_t size;			/* of the disk, bytes */
	uint64_t header, table;		/* offsets in the file: dynamic header, block table */
	uint32_t block;			/* bytes */
	uint32_t bitmap;		/* bytes of the sector bitmap before each block */
	uint32_t blocks;		/* entries of the table */
	struct blockdev *parent;	/* a reference, or NULL */
	char parent_name[NAME_MAX_BYTES], parent_guid[GUID_TEXT];
};

/*
 * @run is in the block whose bitmap begins at @block of the file: shorten it to sectors that are
 * all stored here, or all read from the parent.
 */
static int map_sectors(struct vhd *v, uint64_t offset, uint64_t block, bool may_wait,
		       struct run *run)
{
	uint64_t bit = offset % v->block / SECTOR, nr = run->len / SECTOR, n = 1;
	uint8_t raw[BITMAP_STEP];
	bool here;
	int err;

	if (nr > BITMAP_STEP * 8 - bit % 8)
		nr = BITMAP_STEP * 8 - bit % 8;
	err = meta_read(&v->m, block + bit / 8, raw, (bit % 8 + nr + 7) / 8, may_wait);
	if (err)
		return err;
	bit %= 8;
	here = raw[0] >> (7 - bit) & 1;
	while (n < nr && (raw[(bit + n) / 8] >> (7 - (bit + n) % 8) & 1) == here)
		n++;
	run->len = n * SECTOR;
	if (!here)
		run_inherit(run, v->parent, offset);
	return 0;
}

static int vhd_map(struct mapped *m, uint64_t offset, uint64_t len, bool may_wait,
		   struct run *run)
{
	struct vhd *v = (struct vhd *)m;
	uint64_t index = offset / (v->fixed ? v->size : v->block);
	uint64_t within = v->fixed ? offset : offset % v->block;
	uint8_t raw[4];
	uint32_t entry;
	int err;

	run->kind = RUN_DATA;
	run->from = m->lower;
	run->offset = offset;
	run->len = len;
	if (v->fixed)
		return 0;
	err = meta_read(m, v->table + index * 4, raw, sizeof(raw), may_wait);
	if (err)
		return err;
	entry = get_be32(raw);
	if (len > v->block - within)
		run->len = v->block - within;
	run->hole = false;
	run->offset = (uint64_t)entry * SECTOR + v->bitmap + within;
	if (entry == UNALLOCATED)
		run_inherit(run, v->parent, offset);
	else if (v->parent)
		return map_sectors(v, offset, (uint64_t)entry * SECTOR, may_wait, run);
	return 0;
}

static void vhd_close(struct mapped *m)
{
	blockdev_close(((struct vhd *)m)->parent);
}

static const struct mapped_ops vhd_ops = { .map = vhd_map, .close = vhd_close };

static int damaged(const char *name, const char *reason)
{
	return error_set(-EINVAL, "%s: the VHD image is damaged: %s", name, reason);
}

/* Check the inverted sum of all bytes except the four bytes of the sum at @at. */
static bool sum_is_right(const uint8_t *buf, size_t len, size_t at)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i++)
		if (i < at || i >= at + 4)
			sum += buf[i];
	return ~sum == get_be32(buf + at);
}

static bool is_footer(const uint8_t *buf)
{
	return !memcmp(buf, "conectix", 8) && get_be32(buf + 12) >> 16 == 1 &&
	       sum_is_right(buf, FOOTER_BYTES, 64);
}

static int parse_footer(const uint8_t *buf, uint64_t file_size, const char *name, struct vhd *v)
{
	uint32_t type = get_be32(buf + 60);

	v->size = get_be64(buf + 48);
	v->header = get_be64(buf + 16);
	v->fixed = type == TYPE_FIXED;
	v->differencing = type == TYPE_DIFFERENCING;
	guid_text(buf + 68, v->m.identity);
	if (!v->fixed && !v->differencing && type != TYPE_DYNAMIC)
		return error_set(-EOPNOTSUPP, "%s: VHD images of type %u are not supported", name, type);
	if (!v->size || v->size % SECTOR || v->size > 1ull << 50)
		return damaged(name, "the disk's size is invalid");
	if (v->fixed && v->size > file_size - FOOTER_BYTES)
		return damaged(name, "the file is shorter than the disk; is it cut off?");
	return 0;
}

static int parse_header(const uint8_t *buf, uint64_t file_size, const char *name, struct vhd *v)
{
	if (memcmp(buf, "cxsparse", 8) || !sum_is_right(buf, HEADER_BYTES, 36))
		return damaged(name, "its second header has a wrong sum");
	v->table = get_be64(buf + 16);
	v->blocks = get_be32(buf + 28);
	v->block = get_be32(buf + 32);
	if (v->block < 4096 || v->block > 256u << 20 || v->block & (v->block - 1))
		return damaged(name, "the size of a block is invalid");
	v->bitmap = (v->block / SECTOR / 8 + SECTOR - 1) / SECTOR * SECTOR;
	if (v->size > (uint64_t)v->blocks * v->block)
		return damaged(name, "its table is too short for the disk");
	if (v->table > file_size || (uint64_t)v->blocks * 4 > file_size - v->table)
		return damaged(name, "its table ends after the end of the file");
	return 0;
}

/* Read the footer, or its copy if the footer is damaged. */
static int read_footer(struct blockdev *lower, uint64_t file_size, uint8_t *buf)
{
	/* Very old images have a footer of only 511 bytes. */
	uint64_t last = file_size / SECTOR * SECTOR == file_size ? file_size - SECTOR :
			file_size / SECTOR * SECTOR;
	int err = 0;

	memset(buf, 0, FOOTER_BYTES);
	if (file_size - last >= FOOTER_BYTES - 1)
		err = blockdev_read_bytes(lower, buf, file_size - last, last);
	if (!err && is_footer(buf))
		return 0;
	if (!err)
		err = blockdev_read_bytes(lower, buf, FOOTER_BYTES, 0);
	if (err)
		return format_unreadable(lower, err);
	return is_footer(buf) ? 0 : error_set(-EINVAL, "%s: is not a VHD image, or its footer is damaged",
					      lower->name);
}

/* Take the parent's file name from the locator at @entry, if it has a relative path. */
static void read_locator(struct blockdev *lower, const uint8_t *entry, struct vhd *v)
{
	uint32_t len = get_be32(entry + 8);
	uint8_t raw[NAME_MAX_BYTES];

	if (memcmp(entry, "W2ru", 4) || len > sizeof(raw) ||
	    blockdev_read_bytes(lower, raw, len, get_be64(entry + 16)))
		return;
	if (!utf16_text(raw, len, false, v->parent_name, sizeof(v->parent_name)))
		v->parent_name[0] = '\0';
	windows_path(v->parent_name);
}

/* Read the parent's name and identity from the second header, at @buf. */
static void read_parent(struct blockdev *lower, const uint8_t *buf, struct vhd *v)
{
	char name[NAME_MAX_BYTES];

	guid_text(buf + 40, v->parent_guid);
	for (unsigned int i = 0; i < LOCATORS; i++)
		read_locator(lower, buf + 576 + i * 24, v);
	if (!*v->parent_name && utf16_text(buf + 64, 512, true, name, sizeof(name)))
		strcpy(v->parent_name, windows_base(name));
}

static int read_headers(struct blockdev *lower, struct vhd *v)
{
	uint64_t file_size = format_file_size(lower);
	uint8_t buf[HEADER_BYTES];
	int err = read_footer(lower, file_size, buf);

	if (!err)
		err = parse_footer(buf, file_size, lower->name, v);
	if (err || v->fixed)
		return err;
	err = blockdev_read_bytes(lower, buf, HEADER_BYTES, v->header);
	if (err)
		return damaged(lower->name, "its second header is after the end of the file");
	err = parse_header(buf, file_size, lower->name, v);
	if (!err && v->differencing)
		read_parent(lower, buf, v);
	return err;
}

static int vhd_open(struct blockdev *lower, const struct format_options *options,
		    struct blockdev **bd)
{
	struct vhd *v;
	int err;

	err = format_refuse_snapshot(lower, options, "a VHD image");
	if (err)
		return err;
	v = calloc(1, sizeof(*v));
	err = v ? read_headers(lower, v) : error_set(-ENOMEM, "%s: out of memory", lower->name);
	if (!err && v->differencing)
		err = format_open_parent(lower, options, v->parent_name, "vhd", v->parent_guid,
					 &v->parent);
	if (!err)
		err = mapped_init(&v->m, &vhd_ops, lower, v->size);
	if (err) {
		blockdev_close(v ? v->parent : NULL);
		free(v);
		return err;
	}
	*bd = &v->m.bd;
	return 0;
}

/* A fixed image has only a footer. */
static bool vhd_probe(const struct format_sample *s)
{
	return (s->head_len >= FOOTER_BYTES && is_footer(s->head)) ||
	       (s->tail_len >= FOOTER_BYTES && is_footer(s->tail + s->tail_len - FOOTER_BYTES));
}

const struct format format_vhd = {
	.name = "vhd", .qemu = "vpc", .probe = vhd_probe, .open = vhd_open,
};
