// SPDX-License-Identifier: GPL-2.0
/*
 * node-disk.c - the disk of an image, and its partitions
 *
 * The kernel decides which partitions exist.  The content of a disk without partitions is
 * the content of the whole disk.  If a partitioned disk is a file system as well (a
 * bootable ISO), that file system is p0.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "node.h"

static int disk_open_node(struct anyfs_node *n)
{
	struct blockdev *bd = disk_blockdev(n->image->ks->k, n->image->disk);

	if (!bd)
		return -ENODEV;
	device_of_blockdev(bd, 0, bd->capacity, &n->dev);
	n->dev.k = n->image->ks->k;
	n->dev.dev = host_disk_dev(n->dev.k, n->image->disk, 0);
	n->has_dev = true;
	n->lists = n->image->nr_parts != 0;
	return 0;
}

static int add_partition(struct anyfs_node *disk, unsigned int number)
{
	char name[16];
	struct anyfs_node *n;

	snprintf(name, sizeof(name), "p%u", number);
	n = node_add(disk->image, disk, &node_partition, name);
	if (!n)
		return -ENOMEM;
	n->part.number = number;
	return 0;
}

static int disk_list(struct anyfs_node *n)
{
	int rc = 0;

	if (!n->lists)
		return node_add_content(n);
	if (parts_is_hybrid(n->dev.bd))
		rc = add_partition(n, 0);
	for (unsigned int part = 1; !rc && part <= PART_MAX; part++)
		if (part_set_has(&n->image->parts, part))
			rc = add_partition(n, part);
	return rc;
}

static int shadow_of(struct anyfs_node *n, unsigned int part, uint64_t *dev)
{
	struct anyfs_kernel *k = n->image->ks->k;
	int shadow = block_shadow(k, n->image->disk);
	int64_t number = shadow < 0 ? shadow : host_disk_dev(k, shadow, part);

	if (number < 0)
		return kstate_error(k, number, n->object);
	*dev = number;
	return 0;
}

static int disk_shadow(struct anyfs_node *n, uint64_t *dev)
{
	return shadow_of(n, 0, dev);
}

const struct node_kind node_disk = {
	.id = ANYFS_NODE_DISK,
	.open = disk_open_node,
	.list = disk_list,
	.shadow = disk_shadow,
};

static int partition_open(struct anyfs_node *n)
{
	struct anyfs_kernel *k = n->image->ks->k;
	struct blockdev *bd = disk_blockdev(k, n->image->disk);
	uint64_t start, size;
	int rc = bd ? parts_extent(k, n->image->disk, n->part.number, &start, &size) : -ENODEV;
	int64_t dev = rc ? rc : parts_dev(k, n->image->disk, n->part.number);

	if (rc)
		return rc;
	if (dev < 0)
		return kstate_error(k, dev, n->object);
	device_of_blockdev(bd, start, size, &n->dev);
	n->dev.k = k;
	n->dev.dev = dev;
	n->has_dev = true;
	return 0;
}

static int partition_shadow(struct anyfs_node *n, uint64_t *dev)
{
	return shadow_of(n, n->part.number, dev);
}

const struct node_kind node_partition = {
	.id = ANYFS_NODE_PARTITION,
	.open = partition_open,
	.shadow = partition_shadow,
};
