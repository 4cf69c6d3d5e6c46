// SPDX-License-Identifier: GPL-2.0
/*
 * vhdx.c - Hyper-V's image format: blocks found by one table
 *
 * Specification: [MS-VHDX].  Fixed, dynamic and differencing images are read, with
 * sectors of 512 and 4096 bytes.  The table (BAT) has an entry for each block, and after each
 * chunk of blocks an entry for a bitmap.  In differencing images, the bitmap says
 * which sectors of partly stored blocks are stored.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "vhdx.h"

#define MIB		(1ull << 20)
#define ENTRIES		64u
#define BITMAP_STEP	512u		/* bytes of a bitmap that are read together */

/* Values of the state in an entry of the block allocation table. */
enum state { NOT_PRESENT, UNDEFINED, ZERO, UNMAPPED, PRESENT = 6, PARTLY = 7 };

struct vhdx {
	struct mapped m;
	struct vhdx_header h;
	struct vhdx_log *log;		/* or NULL */
	struct blockdev *parent;	/* a reference, or NULL */
};

static int read_table(struct vhdx *v, uint64_t offset, uint8_t *buf, size_t len, bool may_wait)
{
	int err = meta_read(&v->m, offset, buf, len, may_wait);

	if (!err)
		vhdx_log_apply(v->log, offset, buf, len);
	return err;
}

static enum state state_of(uint64_t entry)
{
	switch (entry & 7) {
	case PRESENT:
	case PARTLY:
	case ZERO:
		return entry & 7;
	case UNMAPPED:
	case UNDEFINED:
		return ZERO;
	default:
		return NOT_PRESENT;
	}
}

/*
 * Number of entries at @raw, at most @nr, of the same kind and, for data, with adjacent
 * blocks.
 */
static unsigned int count_alike(const struct vhdx *v, const uint8_t *raw, unsigned int nr)
{
	uint64_t first = get_le64(raw), entry;
	enum state state = state_of(first);
	unsigned int i;

	for (i = 1; i < nr && state != PARTLY; i++) {
		entry = get_le64(raw + i * 8);
		if (state_of(entry) != state ||
		    (state == PRESENT && entry != first + (uint64_t)i * v->h.block))
			break;
	}
	return i;
}

/* The block of @run stores only some sectors: find out which. */
static int map_partly(struct vhdx *v, uint64_t offset, bool may_wait, struct run *run)
{
	uint64_t chunk = offset / v->h.block / v->h.chunk_ratio;
	uint64_t bit = offset / v->h.sector % (MIB * 8), nr = run->len / v->h.sector, n = 1;
	uint8_t raw[BITMAP_STEP];
	uint64_t entry;
	bool here;
	int err = read_table(v, v->h.bat_offset + (chunk * (v->h.chunk_ratio + 1) +
						   v->h.chunk_ratio) * 8, raw, 8, may_wait);

	if (err)
		return err;
	entry = get_le64(raw);
	if ((entry & 7) != PRESENT)
		return -EIO;
	if (nr > BITMAP_STEP * 8 - bit % 8)
		nr = BITMAP_STEP * 8 - bit % 8;
	err = read_table(v, (entry & ~(MIB - 1)) + bit / 8, raw, (bit % 8 + nr + 7) / 8, may_wait);
	if (err)
		return err;
	bit %= 8;
	here = raw[0] >> bit & 1;
	while (n < nr && (raw[(bit + n) / 8] >> (bit + n) % 8 & 1) == here)
		n++;
	run->len = n * v->h.sector;
	if (!here)
		run_inherit(run, v->parent, offset);
	return 0;
}

static int vhdx_map(struct mapped *m, uint64_t offset, uint64_t len, bool may_wait,
		    struct run *run)
{
	struct vhdx *v = (struct vhdx *)m;
	uint64_t index = offset / v->h.block, within = offset % v->h.block;
	uint64_t nr = (within + len + v->h.block - 1) / v->h.block;
	uint64_t at = index + index / v->h.chunk_ratio;
	uint8_t raw[ENTRIES * 8];
	enum state state;
	int err;

	if (nr > ENTRIES)
		nr = ENTRIES;
	if (nr > v->h.chunk_ratio - index % v->h.chunk_ratio)
		nr = v->h.chunk_ratio - index % v->h.chunk_ratio;
	err = read_table(v, v->h.bat_offset + at * 8, raw, nr * 8, may_wait);
	if (err)
		return err;
	nr = count_alike(v, raw, nr);
	state = state_of(get_le64(raw));
	run->len = nr * v->h.block - within < len ? nr * v->h.block - within : len;
	run->hole = false;
	run->kind = state == ZERO ? RUN_ZERO : RUN_DATA;
	run->from = m->lower;
	run->offset = (get_le64(raw) & ~(MIB - 1)) + within;
	if (state == NOT_PRESENT)
		run_inherit(run, v->parent, offset);
	else if (state == PARTLY)
		return v->parent ? map_partly(v, offset, may_wait, run) : -EIO;
	return 0;
}

static void vhdx_close(struct mapped *m)
{
	struct vhdx *v = (struct vhdx *)m;

	vhdx_log_free(v->log);
	blockdev_close(v->parent);
}

static const struct mapped_ops vhdx_ops = { .map = vhdx_map, .close = vhdx_close };

static int open_parent(struct vhdx *v, struct blockdev *lower,
		       const struct format_options *options)
{
	char identity[48] = "";

	if (!v->h.has_parent)
		return 0;
	if (*v->h.parent_guid)
		snprintf(identity, sizeof(identity), "data GUID %s", v->h.parent_guid);
	return format_open_parent(lower, options, v->h.parent, "", identity, &v->parent);
}

static int vhdx_open(struct blockdev *lower, const struct format_options *options,
		     struct blockdev **bd)
{
	int err = format_refuse_snapshot(lower, options, "a VHDX image");
	struct vhdx *v = err ? NULL : calloc(1, sizeof(*v));

	if (err)
		return err;
	err = v ? vhdx_read_header(lower, &v->h, &v->log) :
		  error_set(-ENOMEM, "%s: out of memory", lower->name);
	if (!err)
		err = open_parent(v, lower, options);
	if (!err)
		err = mapped_init(&v->m, &vhdx_ops, lower, v->h.size);
	if (err) {
		if (v)
			vhdx_close(&v->m);
		free(v);
		return err;
	}
	v->m.bd.limits.logical_block = v->h.sector;
	snprintf(v->m.identity, sizeof(v->m.identity), "data GUID %s", v->h.data_guid);
	*bd = &v->m.bd;
	return 0;
}

static bool vhdx_probe(const struct format_sample *s)
{
	return s->head_len >= 8 && !memcmp(s->head, "vhdxfile", 8);
}

const struct format format_vhdx = {
	.name = "vhdx", .qemu = "vhdx", .probe = vhdx_probe, .open = vhdx_open,
};
