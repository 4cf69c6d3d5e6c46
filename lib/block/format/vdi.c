// SPDX-License-Identifier: GPL-2.0
/*
 * vdi.c - VirtualBox's image format: blocks found by one table
 *
 * Specification: VDICore.h of VirtualBox (VDIHEADER1PLUS).  Numbers are little
 * endian.  Dynamic and fixed images are read.  A differencing image names its
 * parent by a UUID alone and is refused.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "mapped.h"

#define SIGNATURE	0xbeda107fu
#define HEADER_BYTES	0x200u
#define BLOCK_FREE	0xffffffffu	/* never written */
#define BLOCK_ZERO	0xfffffffeu	/* discarded: zeros */
#define ENTRIES		64u
#define TYPE_DYNAMIC	1u
#define TYPE_FIXED	2u
#define TYPE_DIFFERENCING	4u

struct vdi {
	struct mapped m;
	uint64_t table, data;		/* offsets in the file */
	uint64_t size;
	uint32_t block;			/* bytes */
	uint32_t extra;			/* bytes before each block in the file */
	uint32_t blocks;
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
	run->hole = first == BLOCK_FREE;
	run->from = m->lower;
	run->offset = v->data + v->extra + within;
	run->offset += first * ((uint64_t)v->block + v->extra);
	return 0;
}

static const struct mapped_ops vdi_ops = { .map = vdi_map };

static int damaged(const char *name, const char *reason)
{
	return error_set(-EINVAL, "%s: the VDI header is damaged: %s", name, reason);
}

/* The first HEADER_BYTES of an image.  0, or -errno with a text for @name. */
static int vdi_parse(const uint8_t *buf, uint64_t file_size, const char *name, struct vdi *v)
{
	uint32_t type = get_le32(buf + 0x4c);

	if (get_le32(buf + 0x40) != SIGNATURE)
		return error_set(-EINVAL, "%s: is not a VDI image", name);
	if (get_le32(buf + 0x44) >> 16 != 1)
		return error_set(-EOPNOTSUPP, "%s: version %u of VDI is not supported; convert it with VBoxManage clonemedium",
				 name, get_le32(buf + 0x44) >> 16);
	if (type == TYPE_DIFFERENCING)
		return error_set(-EOPNOTSUPP, "%s: holds the changes of another VDI image, which it does not name; merge them with VBoxManage clonemedium",
				 name);
	if (type != TYPE_DYNAMIC && type != TYPE_FIXED)
		return error_set(-EOPNOTSUPP, "%s: VDI images of type %u are not supported", name, type);
	v->table = get_le32(buf + 0x154);
	v->data = get_le32(buf + 0x158);
	v->size = get_le64(buf + 0x170);
	v->block = get_le32(buf + 0x178);
	v->extra = get_le32(buf + 0x17c);
	v->blocks = get_le32(buf + 0x180);
	if (v->block < 4096 || v->block > 256u << 20 || v->block & (v->block - 1))
		return damaged(name, "the size of a block makes no sense");
	if (v->extra % 512 || v->extra > 1u << 20)
		return damaged(name, "the room between blocks makes no sense");
	if (!v->size || v->size > (uint64_t)v->blocks * v->block)
		return damaged(name, "its table is too short for the disk");
	if (v->table + (uint64_t)v->blocks * 4 > file_size)
		return damaged(name, "its table ends behind the file");
	return 0;
}

static int vdi_open(struct blockdev *lower, const struct format_options *options,
		    struct blockdev **bd)
{
	uint64_t file_size = lower->capacity - lower->tail;
	uint8_t header[HEADER_BYTES];
	struct vdi *v;
	int err;

	if (options->snapshot)
		return error_set(-EOPNOTSUPP, "%s: a VDI image has no snapshots", lower->name);
	err = blockdev_read_bytes(lower, header, sizeof(header), 0);
	if (err)
		return error_set(err, "%s: cannot be read: %s", lower->name, error_name(err));
	v = calloc(1, sizeof(*v));
	err = v ? vdi_parse(header, file_size, lower->name, v) :
		  error_set(-ENOMEM, "%s: out of memory", lower->name);
	if (!err)
		err = mapped_init(&v->m, &vdi_ops, lower, v->size);
	if (err) {
		free(v);
		return err;
	}
	*bd = &v->m.bd;
	return 0;
}

static bool vdi_probe(const struct format_sample *s)
{
	return s->head_len >= HEADER_BYTES && get_le32(s->head + 0x40) == SIGNATURE;
}

const struct format format_vdi = { .name = "vdi", .probe = vdi_probe, .open = vdi_open };
