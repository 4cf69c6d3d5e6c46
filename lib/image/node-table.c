// SPDX-License-Identifier: GPL-2.0
/*
 * node-table.c - a partition table inside a partition or a volume
 *
 * The kernel scans only the tables of disks.  Here libblkid reads the table, and the
 * device mapper maps each partition as a range of the device that contains it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "mapper.h"
#include "node.h"

static int table_open(struct anyfs_node *n)
{
	n->lists = true;
	return 0;
}

static const struct node_kind node_slice;

/* Entries that extend beyond the device or only contain other entries are not shown. */
static bool is_usable(const struct probe_entry *e, const struct device *d)
{
	return !e->extended && e->size && e->start < d->size && e->size <= d->size - e->start;
}

static int table_list(struct anyfs_node *n)
{
	const struct device *d = &n->parent->dev;
	struct probe_table t;
	int rc = probe_parttable(d, &t);

	if (rc)
		return error_set(rc, "%s: reading the partition table: %s", n->object,
				 error_name(rc));
	snprintf(n->part.type, sizeof(n->part.type), "%s", t.type);
	for (unsigned int i = 0; !rc && i < t.nr; i++) {
		const struct probe_entry *e = &t.entries[i];
		struct anyfs_node *c;
		char name[16];

		if (!is_usable(e, d))
			continue;
		snprintf(name, sizeof(name), "p%u", e->number);
		c = node_add(n->image, n, &node_slice, name);
		if (!c) {
			rc = -ENOMEM;
			break;
		}
		c->part.number = e->number;
		c->part.start = e->start;
		c->part.size = e->size;
		memcpy(c->part.type, e->type, sizeof(c->part.type));
		memcpy(c->part.name, e->name, sizeof(c->part.name));
		memcpy(c->part.partuuid, e->uuid, sizeof(c->part.partuuid));
	}
	probe_table_free(&t);
	return rc;
}

const struct node_kind node_table = {
	.id = ANYFS_NODE_TABLE,
	.open = table_open,
	.list = table_list,
};

struct slice {
	/* Over the device that contains the table, and over the shadow of that device. */
	struct mapper own, shadow;
};

/* Map the range of node @n on the device @of. */
static int map_range(const struct anyfs_node *n, uint64_t of, bool read_only, struct mapper *m)
{
	char params[64], dev[32], why[MAPPER_WHY];
	struct mapper_target t = {
		.len = n->part.size / 512, .type = "linear", .params = params,
	};
	int rc;

	mapper_dev(of, dev, sizeof(dev));
	snprintf(params, sizeof(params), "%s %llu", dev,
		 (unsigned long long)n->part.start / 512);
	rc = mapper_create(n->image->ks->k, &t, 1, read_only ? MAPPER_READONLY : 0, m, why);
	return rc ? error_set(rc, "%s: the kernel cannot map the partition: %s%s%s", n->object,
			      error_name(rc), *why ? ": " : "", why) : 0;
}

static int slice_open(struct anyfs_node *n)
{
	const struct device *in = &n->parent->parent->dev;
	struct slice *s = calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return error_set(-ENOMEM, "%s: out of memory", n->object);
	rc = map_range(n, in->dev, !in->can_write, &s->own);
	if (!rc && in->bd) {
		device_of_blockdev(in->bd, in->start + n->part.start, n->part.size, &n->dev);
		n->dev.k = in->k;
		n->dev.dev = s->own.dev;
	} else if (!rc) {
		rc = device_open(in->k, s->own.dev, false, &n->dev);
		if (rc)
			kstate_error(in->k, rc, n->object);
	}
	if (rc) {
		mapper_remove(&s->own);
		free(s);
		return rc;
	}
	n->has_dev = true;
	n->data = s;
	return 0;
}

static int slice_shadow(struct anyfs_node *n, uint64_t *dev)
{
	struct slice *s = n->data;
	uint64_t in;
	int rc = 0;

	if (!*s->shadow.name) {
		rc = node_shadow(n->parent->parent, &in);
		if (!rc)
			rc = map_range(n, in, false, &s->shadow);
	}
	*dev = s->shadow.dev;
	return rc;
}

static void slice_free(struct anyfs_node *n)
{
	free(n->data);
	n->data = NULL;
}

static int slice_close(struct anyfs_node *n)
{
	struct slice *s = n->data;
	int rc, err;

	device_close(&n->dev);
	rc = mapper_remove(&s->shadow);
	err = mapper_remove(&s->own);
	slice_free(n);
	if (rc || err)
		error_set(rc ? rc : err, "%s: still in use", n->object);
	return rc ? rc : err;
}

static const struct node_kind node_slice = {
	.id = ANYFS_NODE_PARTITION,
	.open = slice_open,
	.shadow = slice_shadow,
	.close = slice_close,
	.free = slice_free,
};
