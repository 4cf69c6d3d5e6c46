/* SPDX-License-Identifier: GPL-2.0 */
/*
 * gpt.h - a GUID partition table, read where the kernel and libblkid refuse to
 *
 * Both take a table only if the disk is as long as it says.  This one takes
 * whichever of the two copies is sound, on a disk of any length.
 */
#ifndef ANYFS_IMAGE_GPT_H
#define ANYFS_IMAGE_GPT_H

#include <stdbool.h>
#include "image.h"

struct gpt {
	uint64_t disk_size;		/* bytes of the disk that it was made for */
	struct probe_table table;
};

/* Whether a sound header for sectors of @sector bytes is at the beginning or the end. */
bool gpt_has_primary(const struct device *d, unsigned int sector);
bool gpt_has_backup(const struct device *d, unsigned int sector);

/* 0, -ENOENT if neither copy is sound, or -errno.  Free with probe_table_free(). */
int gpt_read(const struct device *d, unsigned int sector, struct gpt *gpt);

#endif /* ANYFS_IMAGE_GPT_H */
