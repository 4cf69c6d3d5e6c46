/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sector.h - detect the sector size of a disk image
 */
#ifndef ANYFS_IMAGE_SECTOR_H
#define ANYFS_IMAGE_SECTOR_H

#include <stdbool.h>
#include "blockdev.h"
#include "device.h"

/* Detect the sector size in bytes from the partition table; 0 if it cannot be detected. */
unsigned int sector_recognise(const struct device *d);
/* The same, only from the copy of the GPT at the end of the disk. */
unsigned int sector_by_backup(const struct device *d);
/* Whether the first sector is a DOS table with partitions. */
bool sector_is_dos_table(const struct device *d);

/* Whether @bd, which is not attached yet, can have sectors of @sector bytes. */
bool sector_is_possible(struct blockdev *bd, unsigned int sector);
/* Set the sector size; bytes after the last whole sector become inaccessible. */
void sector_set(struct blockdev *bd, unsigned int sector);

#endif /* ANYFS_IMAGE_SECTOR_H */
