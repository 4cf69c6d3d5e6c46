// SPDX-License-Identifier: GPL-2.0
/*
 * shadow.c - shadows of partitions and of devices mapped over them, see shadow.h
 */
#include <errno.h>
#include "attach.h"
#include "incomplete.h"
#include "node.h"
#include "shadow.h"

static int partition_shadow(const struct shadow *s, uint64_t *dev)
{
	int shadow = block_shadow(s->k, s->disk);
	int64_t number;
	int rc = 0;

	if (shadow < 0)
		return shadow;
	/* The kernel does not find the partitions of a damaged table: add them. */
	if (s->part && host_disk_dev(s->k, shadow, s->part) < 0)
		rc = incomplete_add_parts(s->k, shadow, disk_blockdev(s->k, s->disk));
	if (rc)
		return rc;
	number = host_disk_dev(s->k, shadow, s->part);
	if (number < 0)
		return number;
	*dev = number;
	return 0;
}

int shadow_open(const struct shadow *s, uint64_t *dev)
{
	return s->node ? node_shadow(s->node, dev) : partition_shadow(s, dev);
}

bool shadow_drop(const struct shadow *s)
{
	if (s->node)
		return false;
	return block_shadow_of(s->k, s->disk) < 0 || !block_drop_shadow(s->k, s->disk);
}

bool shadow_was_full(const struct shadow *s)
{
	return block_shadow_was_full(s->k, s->disk);
}

uint64_t shadow_limit(const struct shadow *s)
{
	return block_shadow_limit(block_attached(s->k, s->disk));
}
