// SPDX-License-Identifier: GPL-2.0
/*
 * vmdk.c - VMware's image format: a disk put together from extents
 *
 * Specification: VMware, "Virtual Disk Format 5.0".  The image that the user names is
 * either a sparse extent with a descriptor in it (monolithicSparse, streamOptimized), or
 * a descriptor: a text that names the files of the extents.  These files, and the parent
 * of an image that has only changes, are opened only if the user allowed that.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "find-start.h"
#include "vmdk.h"

struct part {
	uint64_t start, len;		/* on the disk, bytes */
	struct blockdev *bd;		/* a reference; NULL: zeros */
	uint64_t offset;		/* in bd, bytes */
};

struct vmdk {
	struct mapped m;
	unsigned int nr;
	struct part parts[];		/* in order, without gaps */
};

static int vmdk_map(struct mapped *m, uint64_t offset, uint64_t len, bool may_wait,
		    struct run *run)
{
	struct vmdk *v = (struct vmdk *)m;
	const struct part *p = &v->parts[find_start(&v->parts->start, sizeof(*v->parts), v->nr,
						    offset)];

	run->len = p->start + p->len - offset < len ? p->start + p->len - offset : len;
	run->kind = p->bd ? RUN_DATA : RUN_ZERO;
	run->hole = true;
	run->from = p->bd;
	run->offset = p->offset + (offset - p->start);
	return 0;
}

static void vmdk_close(struct mapped *m)
{
	struct vmdk *v = (struct vmdk *)m;

	for (unsigned int i = 0; i < v->nr; i++)
		blockdev_close(v->parts[i].bd);
}

static const struct mapped_ops vmdk_ops = { .map = vmdk_map, .close = vmdk_close };

/* ---- opening ----------------------------------------------------------------- */

static int open_parent(struct blockdev *lower, const struct format_options *options,
		       const struct vmdk_descriptor *d, struct blockdev **parent)
{
	char identity[48];

	*parent = NULL;
	if (d->parent_cid == VMDK_NO_CID)
		return 0;
	snprintf(identity, sizeof(identity), VMDK_IDENTITY, d->parent_cid);
	return format_open_parent(lower, options, d->parent, "vmdk", identity, parent);
}

static int open_tables(struct blockdev *file, unsigned int share, struct blockdev **bd)
{
	struct vmdk_embedded unused;
	int err = vmdk_sparse_open(file, &unused, bd);

	if (!err)
		meta_cache_limit(((struct mapped *)*bd)->meta, share);
	return err;
}

static int open_extent(struct blockdev *lower, const struct format_options *options,
		       const struct vmdk_descriptor *d, const struct vmdk_extent *e,
		       struct part *p)
{
	struct blockdev *file, *bd;
	int err;

	if (e->kind == VMDK_ZERO)
		return 0;
	err = format_open_named(lower, options, "extent", e->name, "raw", &file);
	if (err)
		return err;
	if (e->kind == VMDK_FLAT) {
		bd = blockdev_get(file);
		p->offset = e->offset;
	} else {
		err = open_tables(file, d->nr, &bd);
	}
	if (!err && (p->offset > bd->capacity || p->len > bd->capacity - p->offset)) {
		err = error_set(-EINVAL, "%s: the extent %s is shorter than the descriptor says; is it cut off?",
				lower->name, e->name);
		blockdev_close(bd);
	}
	blockdev_close(file);
	if (!err)
		p->bd = bd;
	return err;
}

static int open_extents(struct blockdev *lower, const struct format_options *options,
			const struct vmdk_descriptor *d, struct blockdev *parent, struct vmdk *v)
{
	uint64_t start = 0;
	int err = 0;

	if (!d->nr)
		return error_set(-EINVAL, "%s: the VMDK descriptor names no extents", lower->name);
	for (unsigned int i = 0; i < d->nr && !err; i++) {
		v->parts[i] = (struct part){ .start = start, .len = d->extents[i].len };
		v->nr = i + 1;
		start += d->extents[i].len;
		err = open_extent(lower, options, d, &d->extents[i], &v->parts[i]);
		if (!err && parent && d->extents[i].kind == VMDK_TABLES)
			vmdk_sparse_set_parent(v->parts[i].bd, parent, v->parts[i].start);
	}
	return err;
}

static int open_parts(struct blockdev *lower, const struct format_options *options,
		 const struct vmdk_descriptor *d, struct blockdev *parent, struct blockdev **bd)
{
	struct vmdk *v = calloc(1, sizeof(*v) + d->nr * sizeof(v->parts[0]));
	int err;

	if (!v)
		return error_set(-ENOMEM, "%s: out of memory", lower->name);
	err = open_extents(lower, options, d, parent, v);
	if (!err)
		err = mapped_init(&v->m, &vmdk_ops, lower,
				  v->parts[v->nr - 1].start + v->parts[v->nr - 1].len);
	if (err) {
		vmdk_close(&v->m);
		free(v);
		return err;
	}
	*bd = &v->m.bd;
	return 0;
}

/* Parse the descriptor of @len bytes at @offset.  On success, vmdk_free_descriptor() follows. */
static int read_descriptor(struct blockdev *lower, uint64_t offset, size_t len,
			   struct vmdk_descriptor *d)
{
	char *text = malloc(len + 1);
	int err = text ? blockdev_read_bytes(lower, text, len, offset) : -ENOMEM;

	if (err) {
		free(text);
		return format_unreadable(lower, err);
	}
	err = vmdk_parse_descriptor(text, len, lower->name, d);
	if (err)
		vmdk_free_descriptor(d);
	return err;
}

static void set_identity(struct blockdev *bd, const struct vmdk_descriptor *d)
{
	struct mapped *m = (struct mapped *)bd;

	snprintf(m->identity, sizeof(m->identity), VMDK_IDENTITY, d->cid);
}

static int open_described(struct blockdev *lower, const struct format_options *options,
			  struct blockdev **bd)
{
	uint64_t size = format_file_size(lower);
	struct vmdk_descriptor d;
	struct blockdev *parent;
	int err;

	if (size > VMDK_DESCRIPTOR_MAX)
		return error_set(-EINVAL, "%s: is too long for a VMDK descriptor", lower->name);
	err = read_descriptor(lower, 0, size, &d);
	if (err)
		return err;
	err = open_parent(lower, options, &d, &parent);
	if (!err)
		err = open_parts(lower, options, &d, parent, bd);
	if (!err)
		set_identity(*bd, &d);
	if (parent)
		blockdev_close(parent);
	vmdk_free_descriptor(&d);
	return err;
}

/* The sparse extent @bd is the whole disk; its descriptor may name a parent. */
static int use_embedded(struct blockdev *lower, const struct format_options *options,
			const struct vmdk_embedded *embedded, struct blockdev *bd)
{
	struct vmdk_descriptor d;
	struct blockdev *parent;
	int err = read_descriptor(lower, embedded->offset, embedded->len, &d);

	if (err)
		return err;
	err = open_parent(lower, options, &d, &parent);
	if (!err) {
		set_identity(bd, &d);
		if (parent)
			vmdk_sparse_set_parent(bd, parent, 0);
		blockdev_close(parent);
	}
	vmdk_free_descriptor(&d);
	return err;
}

static int open_monolithic(struct blockdev *lower, const struct format_options *options,
			   struct blockdev **bd)
{
	struct vmdk_embedded embedded;
	int err = vmdk_sparse_open(lower, &embedded, bd);

	if (!err && embedded.len) {
		err = use_embedded(lower, options, &embedded, *bd);
		if (err)
			blockdev_close(*bd);
	}
	return err;
}

static int vmdk_open(struct blockdev *lower, const struct format_options *options,
		     struct blockdev **bd)
{
	uint64_t size = format_file_size(lower);
	uint8_t head[512];
	size_t len = size < sizeof(head) ? size : sizeof(head);
	int err = format_refuse_snapshot(lower, options, "a VMDK image");

	if (err)
		return err;
	err = blockdev_read_bytes(lower, head, len, 0);
	if (err)
		return format_unreadable(lower, err);
	return vmdk_is_descriptor(head, len) ? open_described(lower, options, bd) :
					       open_monolithic(lower, options, bd);
}

static bool vmdk_probe(const struct format_sample *s)
{
	return vmdk_is_descriptor(s->head, s->head_len) || vmdk_is_sparse(s->head, s->head_len);
}

static unsigned int vmdk_codecs(const struct format_sample *s)
{
	/* The flag of a hosted extent that has compressed grains. */
	return s->head_len >= 512 && s->head[0] == 'K' && (s->head[10] & 1) ? FORMAT_ZLIB : 0;
}

const struct format format_vmdk = {
	.name = "vmdk", .qemu = "vmdk", .probe = vmdk_probe, .codecs = vmdk_codecs,
	.open = vmdk_open,
};
