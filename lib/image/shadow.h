/* SPDX-License-Identifier: GPL-2.0 */
/*
 * shadow.h - writable devices over what is only read
 *
 * The shadow of a device has the same bytes.  What is written to it stays in
 * memory (attach.h).  Journals are replayed there.
 */
#ifndef ANYFS_IMAGE_SHADOW_H
#define ANYFS_IMAGE_SHADOW_H

#include <stdbool.h>
#include <stdint.h>
#include "kernel.h"

struct anyfs_node;

struct shadow {
	struct anyfs_kernel *k;
	int disk;			/* whose shadow has the bytes */
	unsigned int part;
	struct anyfs_node *node;	/* what is mapped over that; NULL: the partition itself */
};

/* The kernel's number of the device, which is made if there is none.  0 or -errno. */
int shadow_open(const struct shadow *s, uint64_t *dev);
/*
 * Forget what was written.  False: that is not possible, since something else is
 * mapped over the same shadow.
 */
bool shadow_drop(const struct shadow *s);
/* Whether more was written than the limit allows. */
bool shadow_was_full(const struct shadow *s);
/* Bytes that it may take. */
uint64_t shadow_limit(const struct shadow *s);

#endif /* ANYFS_IMAGE_SHADOW_H */
