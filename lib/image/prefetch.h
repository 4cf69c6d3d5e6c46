/* SPDX-License-Identifier: GPL-2.0 */
/*
 * prefetch.h - announce what will be read from a remote disk, so that it is fetched at the same
 * time
 *
 * The functions do nothing for other disks, and start no threads.
 */
#ifndef ANYFS_IMAGE_PREFETCH_H
#define ANYFS_IMAGE_PREFETCH_H

#include "device.h"

/* probe.c */

/* Announce what probers read of @d. */
void probe_prefetch(const struct device *d);

#endif /* ANYFS_IMAGE_PREFETCH_H */
