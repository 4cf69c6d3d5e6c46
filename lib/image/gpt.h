/* SPDX-License-Identifier: GPL-2.0 */
/*
 * gpt.h - read a GUID partition table that the kernel and libblkid reject
 *
 * The kernel and libblkid accept a table only if the disk is as long as the table says.
 * This parser accepts either copy if it is valid, on a disk of any length.
 */
#ifndef ANYFS_IMAGE_GPT_H
#define ANYFS_IMAGE_GPT_H

#include <stdbool.h>
#include "image.h"

struct gpt {
	uint64_t disk_size;		/* bytes of the disk that the table was made for */
	struct probe_table table;
};

/* Whether a valid header for sectors of @sector bytes is at the beginning, or at the end. */
bool gpt_has_primary(const struct device *d, unsigned int sector);
bool gpt_has_backup(const struct device *d, unsigned int sector);

/* 0, -ENOENT if neither copy is valid, or -errno.  Free with probe_table_free(). */
int gpt_read(const struct device *d, unsigned int sector, struct gpt *gpt);

/*
 * Set *@table to the disk's table, for sectors of its block size; it stays as it is if there is
 * none.  0 or -errno.
 */
int gpt_find_table(const struct device *d, struct probe_table *table);

#endif /* ANYFS_IMAGE_GPT_H */
