// SPDX-License-Identifier: GPL-2.0
/*
 * vdi.c - VirtualBox's image format: blocks found by one table
 *
 * Specification: VDICore.h of VirtualBox (VDIHEADER1PLUS).  Numbers are little endian.
 * Dynamic, fixed and differencing images are read.  A differencing image identifies its
 * parent only by a UUID, so the parent is searched for among the files that may be opened.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "mapped.h"
#include "text.h"

#define SIGNATURE	0xbeda107fu
#define HEADER_BYTES	0x200u
#define UUID_CREATED	0x188u
#define UUID_MODIFIED	0x198u
#define UUID_PARENT	0x1a8u		/* the parent's UUID_CREATED and UUID_MODIFIED */
#define BLOCK_FREE	0xffffffffu	/* never written */
#define BLOCK_ZERO	0xfffffffeu	/* discarded: zeros */
#define ENTRIES		64u
#define TYPE_DYNAMIC	1u
#define TYPE_FIXED	2u
#define TYPE_DIFFERENCING	4u

struct vdi {
	struct mapped m;
	uint64_t table, data;		/* offsets in the file: block table, first block */
	uint64_t size;			/* of the disk, bytes */
	uint32_t block;			/* bytes */
	uint32_t extra;			/* bytes before each block in the file */
	uint32_t blocks;		/* entries of the table */
	bool differencing;		/* blocks that are not stored are those of the parent */
	uint8_t parent_uuids[32];	/* recorded UUIDs of the parent and of its last change */
	struct blockdev *parent;	/* a reference, or NULL */
};

static int vdi_map(struct mapped *m, uint64_t offset, uint64_t len, bool may_wait,
		   struct run *run)
{
	struct vdi *v = (struct vdi *)m;
	uint64_t index = offset / v->block, within = offset % v->block;
	uint64_t nr = (within + len + v->block - 1) / v->block, i;
	uint8_t raw[ENTRIES * 4];
	uint32_t first, entry;
	int err;

	if (nr > ENTRIES)
		nr = ENTRIES;
	if (nr > v->blocks - index)
		nr = v->blocks - index;
	err = meta_read(m, v->table + index * 4, raw, nr * 4, may_wait);
	if (err)
		return err;
	first = get_le32(raw);
	for (i = 1; i < nr; i++) {
		entry = get_le32(raw + i * 4);
		if (first >= BLOCK_ZERO ? entry != first : v->extra || entry != first + i)
			break;
	}
	run->len = i * v->block - within < len ? i * v->block - within : len;
	run->kind = first >= BLOCK_ZERO ? RUN_ZERO : RUN_DATA;
	run->hole = false;
	run->from = m->lower;
	run->offset = v->data + v->extra + within;
	run->offset += first * ((uint64_t)v->block + v->extra);
	if (first == BLOCK_FREE)
		run_inherit(run, v->parent, offset);
	return 0;
}

static void vdi_close(struct mapped *m)
{
	blockdev_close(((struct vdi *)m)->parent);
}

static const struct mapped_ops vdi_ops = { .map = vdi_map, .close = vdi_close };

static int damaged(const char *name, const char *reason)
{
	return error_set(-EINVAL, "%s: the VDI header is damaged: %s", name, reason);
}

/* Parse the first HEADER_BYTES of an image.  0, or -errno with error text for @name. */
static int vdi_parse(const uint8_t *buf, uint64_t file_size, const char *name, struct vdi *v)
{
	uint32_t type = get_le32(buf + 0x4c);

	if (get_le32(buf + 0x40) != SIGNATURE)
		return error_set(-EINVAL, "%s: is not a VDI image", name);
	if (get_le32(buf + 0x44) >> 16 != 1)
		return error_set(-EOPNOTSUPP, "%s: version %u of VDI is not supported; convert it with VBoxManage clonemedium",
				 name, get_le32(buf + 0x44) >> 16);
	v->differencing = type == TYPE_DIFFERENCING;
	memcpy(v->parent_uuids, buf + UUID_PARENT, sizeof(v->parent_uuids));
	if (type != TYPE_DYNAMIC && type != TYPE_FIXED && !v->differencing)
		return error_set(-EOPNOTSUPP, "%s: VDI images of type %u are not supported", name, type);
	v->table = get_le32(buf + 0x154);
	v->data = get_le32(buf + 0x158);
	v->size = get_le64(buf + 0x170);
	v->block = get_le32(buf + 0x178);
	v->extra = get_le32(buf + 0x17c);
	v->blocks = get_le32(buf + 0x180);
	if (v->block < 4096 || v->block > 256u << 20 || v->block & (v->block - 1))
		return damaged(name, "the size of a block is invalid");
	if (v->extra % 512 || v->extra > 1u << 20)
		return damaged(name, "the room between blocks is invalid");
	if (!v->size || v->size > (uint64_t)v->blocks * v->block)
		return damaged(name, "its table is too short for the disk");
	if (v->table + (uint64_t)v->blocks * 4 > file_size)
		return damaged(name, "its table ends after the end of the file");
	return 0;
}

/* Whether the image that begins with @head is the parent of @data. */
static bool is_parent(const uint8_t *head, size_t len, const void *data)
{
	const struct vdi *v = data;

	return len >= HEADER_BYTES && get_le32(head + 0x40) == SIGNATURE &&
	       !memcmp(head + UUID_CREATED, v->parent_uuids, 16);
}

static int open_parent(struct blockdev *lower, const struct format_options *options,
		       struct vdi *v)
{
	char guid[GUID_TEXT], modified[GUID_TEXT], name[GUID_TEXT + 16];
	int err;

	guid_text(v->parent_uuids, guid);
	guid_text(v->parent_uuids + 16, modified);
	snprintf(name, sizeof(name), "with UUID %s", guid);
	if (!options->find_other)
		return format_open_named(lower, options, "parent", name, "vdi", &v->parent);
	err = options->find_other(options->data, lower, is_parent, v, name, "vdi", &v->parent);
	return err ? err : format_check_parent(lower, modified, &v->parent);
}

static int vdi_open(struct blockdev *lower, const struct format_options *options,
		    struct blockdev **bd)
{
	uint64_t file_size = format_file_size(lower);
	uint8_t header[HEADER_BYTES];
	struct vdi *v;
	int err;

	err = format_refuse_snapshot(lower, options, "a VDI image");
	if (err)
		return err;
	err = blockdev_read_bytes(lower, header, sizeof(header), 0);
	if (err)
		return format_unreadable(lower, err);
	v = calloc(1, sizeof(*v));
	err = v ? vdi_parse(header, file_size, lower->name, v) :
		  error_set(-ENOMEM, "%s: out of memory", lower->name);
	if (!err && v->differencing)
		err = open_parent(lower, options, v);
	if (!err)
		err = mapped_init(&v->m, &vdi_ops, lower, v->size);
	if (err) {
		blockdev_close(v ? v->parent : NULL);
		free(v);
		return err;
	}
	guid_text(header + UUID_MODIFIED, v->m.identity);
	*bd = &v->m.bd;
	return 0;
}

static bool vdi_probe(const struct format_sample *s)
{
	return s->head_len >= HEADER_BYTES && get_le32(s->head + 0x40) == SIGNATURE;
}

const struct format format_vdi = {
	.name = "vdi", .qemu = "vdi", .probe = vdi_probe, .open = vdi_open,
};
