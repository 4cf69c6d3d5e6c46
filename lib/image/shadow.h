/* SPDX-License-Identifier: GPL-2.0 */
/*
 * shadow.h - writable devices over read-only ones
 *
 * The shadow of a device has the same bytes.  Data written to it stays in memory
 * (attach.h).  Journals are replayed there.
 */
#ifndef ANYFS_IMAGE_SHADOW_H
#define ANYFS_IMAGE_SHADOW_H

#include <stdbool.h>
#include <stdint.h>
#include "kernel.h"

struct anyfs_node;

struct shadow {
	struct anyfs_kernel *k;
	int disk;			/* the disk whose shadow contains the data */
	unsigned int part;
	struct anyfs_node *node;	/* node mapped over the partition; NULL: the partition */
};

/* Get the kernel's number of the shadow; create it if there is none.  0 or -errno. */
int shadow_open(const struct shadow *s, uint64_t *dev);
/*
 * Discard the changes.  False if that is impossible because another device is mapped over
 * the same shadow.
 */
bool shadow_drop(const struct shadow *s);
/* Whether more was written than the memory limit allows. */
bool shadow_was_full(const struct shadow *s);
/* The memory limit in bytes. */
uint64_t shadow_limit(const struct shadow *s);

#endif /* ANYFS_IMAGE_SHADOW_H */
