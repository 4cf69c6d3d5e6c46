/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sector.h - how long the sectors of a disk in a file are
 */
#ifndef ANYFS_IMAGE_SECTOR_H
#define ANYFS_IMAGE_SECTOR_H

#include <stdbool.h>
#include "blockdev.h"
#include "device.h"

/* Bytes of a sector by the partition table of a disk, 0 if nothing tells. */
unsigned int sector_recognise(const struct device *d);
/* The same by the copy of a GPT at the end of the disk alone. */
unsigned int sector_by_backup(const struct device *d);
/* Whether the first sector is a DOS table that has partitions. */
bool sector_is_dos_table(const struct device *d);

/* Whether @bd, not attached yet, can have sectors of @sector bytes. */
bool sector_is_possible(struct blockdev *bd, unsigned int sector);
/* Let it have them; bytes behind the last whole one are cut off. */
void sector_set(struct blockdev *bd, unsigned int sector);

#endif /* ANYFS_IMAGE_SECTOR_H */
