/* SPDX-License-Identifier: GPL-2.0 */
/*
 * incomplete.h - disks that are shorter than their partition table says
 */
#ifndef ANYFS_IMAGE_INCOMPLETE_H
#define ANYFS_IMAGE_INCOMPLETE_H

#include "image.h"

/*
 * Check @bd after it was attached as @disk and the kernel logged @lines.  If the kernel
 * rejected the GPT, add its partitions.  @note gets a message if disk and table do not
 * match, else "".  0 or -errno.
 */
int incomplete_check(struct anyfs_kernel *k, int disk, struct blockdev *bd,
		     const struct klog_lines *lines, char *note, size_t len);

/* Add the partitions of the GPT in @bd to @disk, which has the same bytes. */
int incomplete_add_parts(struct anyfs_kernel *k, int disk, struct blockdev *bd);

/* Describe how much of partition @part is missing: "" or "; truncated: ...". */
void incomplete_part(struct anyfs_kernel *k, int disk, struct blockdev *bd, unsigned int part,
		     char *text, size_t len);

#endif /* ANYFS_IMAGE_INCOMPLETE_H */
