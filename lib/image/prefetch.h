/* SPDX-License-Identifier: GPL-2.0 */
/*
 * prefetch.h - announce what will be read from a remote disk, so that it is fetched at the same
 * time
 *
 * The functions do nothing for other disks.  They may wait for a read, but start no threads.
 */
#ifndef ANYFS_IMAGE_PREFETCH_H
#define ANYFS_IMAGE_PREFETCH_H

#include "device.h"

/* probe.c */

/* Announce what probers read of @d. */
void probe_prefetch(const struct device *d);

/* ext4-prefetch.c */

/* If @d holds an ext4 and has a cache, announce what mounting it and looking up a name read. */
void ext4_prefetch(const struct device *d);

#endif /* ANYFS_IMAGE_PREFETCH_H */
