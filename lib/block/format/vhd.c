// SPDX-License-Identifier: GPL-2.0
/*
 * vhd.c - Virtual PC's image format: fixed, or blocks found by one table
 *
 * Specification: Microsoft, "Virtual Hard Disk Image Format Specification",
 * version 1.0.  Numbers are big endian.  A footer of 512 bytes ends the file; a
 * dynamic image has a copy of it at the beginning.  A differencing image is
 * refused.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "mapped.h"

#define FOOTER_BYTES	512u
#define HEADER_BYTES	1024u
#define TYPE_FIXED	2u
#define TYPE_DYNAMIC	3u
#define TYPE_DIFFERENCING	4u
#define NOWHERE		0xffffffffu
#define SECTOR		512u

struct vhd {
	struct mapped m;
	bool fixed;
	uint64_t size;
	uint64_t header, table;		/* offsets in the file */
	uint32_t block;			/* bytes */
	uint32_t bitmap;		/* bytes before each block */
	uint32_t blocks;
};

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
	run->hole = entry == NOWHERE;
	run->kind = run->hole ? RUN_ZERO : RUN_DATA;
	run->offset = (uint64_t)entry * SECTOR + v->bitmap + within;
	return 0;
}

static const struct mapped_ops vhd_ops = { .map = vhd_map };

static int damaged(const char *name, const char *reason)
{
	return error_set(-EINVAL, "%s: the VHD image is damaged: %s", name, reason);
}

/* The sum of all bytes but the four of the sum at @at, inverted. */
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
	if (type == TYPE_DIFFERENCING)
		return error_set(-EOPNOTSUPP, "%s: holds the changes of another VHD image; merge them first (Merge-VHD)",
				 name);
	if (!v->fixed && type != TYPE_DYNAMIC)
		return error_set(-EOPNOTSUPP, "%s: VHD images of type %u are not supported", name, type);
	if (!v->size || v->size % SECTOR || v->size > 1ull << 50)
		return damaged(name, "the disk's size makes no sense");
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
		return damaged(name, "the size of a block makes no sense");
	v->bitmap = (v->block / SECTOR / 8 + SECTOR - 1) / SECTOR * SECTOR;
	if (v->size > (uint64_t)v->blocks * v->block)
		return damaged(name, "its table is too short for the disk");
	if (v->table > file_size || (uint64_t)v->blocks * 4 > file_size - v->table)
		return damaged(name, "its table ends behind the file");
	return 0;
}

/* The footer, or its copy, whichever is sound. */
static int read_footer(struct blockdev *lower, uint64_t file_size, uint8_t *buf)
{
	/* A footer may lack its last byte: very old ones have 511. */
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
		return error_set(err, "%s: cannot be read: %s", lower->name, error_name(err));
	return is_footer(buf) ? 0 : error_set(-EINVAL, "%s: is not a VHD image, or its footer is damaged",
					      lower->name);
}

static int read_headers(struct blockdev *lower, struct vhd *v)
{
	uint64_t file_size = lower->capacity - lower->tail;
	uint8_t buf[HEADER_BYTES];
	int err = read_footer(lower, file_size, buf);

	if (!err)
		err = parse_footer(buf, file_size, lower->name, v);
	if (err || v->fixed)
		return err;
	err = blockdev_read_bytes(lower, buf, HEADER_BYTES, v->header);
	if (err)
		return damaged(lower->name, "its second header is behind the end of the file");
	return parse_header(buf, file_size, lower->name, v);
}

static int vhd_open(struct blockdev *lower, const struct format_options *options,
		    struct blockdev **bd)
{
	struct vhd *v;
	int err;

	if (options->snapshot)
		return error_set(-EOPNOTSUPP, "%s: a VHD image has no snapshots", lower->name);
	v = calloc(1, sizeof(*v));
	err = v ? read_headers(lower, v) : error_set(-ENOMEM, "%s: out of memory", lower->name);
	if (!err)
		err = mapped_init(&v->m, &vhd_ops, lower, v->size);
	if (err) {
		free(v);
		return err;
	}
	*bd = &v->m.bd;
	return 0;
}

/* A fixed image has its footer alone. */
static bool vhd_probe(const struct format_sample *s)
{
	return (s->head_len >= FOOTER_BYTES && is_footer(s->head)) ||
	       (s->tail_len >= FOOTER_BYTES && is_footer(s->tail + s->tail_len - FOOTER_BYTES));
}

const struct format format_vhd = { .name = "vhd", .probe = vhd_probe, .open = vhd_open };
