/* SPDX-License-Identifier: GPL-2.0 */
/*
 * incomplete.h - disks that are shorter than their partition table says
 */
#ifndef ANYFS_IMAGE_INCOMPLETE_H
#define ANYFS_IMAGE_INCOMPLETE_H

#include "image.h"

/*
 * @bd was attached as @disk, and the kernel said @said about it.  Give the kernel
 * the partitions of a GPT that it refuses.  If the disk is not what its table is
 * for, *@note says how; else it becomes "".  0 or -errno.
 */
int incomplete_check(struct anyfs_kernel *k, int disk, struct blockdev *bd,
		     const struct klog_lines *said, char *note, size_t len);

/* Give @disk, which has the bytes of @bd, the partitions that incomplete_check() added. */
int incomplete_add_parts(struct anyfs_kernel *k, int disk, struct blockdev *bd);

/* How much of partition @part is missing: "" or "; its end is cut off: ...". */
void incomplete_part(struct anyfs_kernel *k, int disk, struct blockdev *bd, unsigned int part,
		     char *text, size_t len);

#endif /* ANYFS_IMAGE_INCOMPLETE_H */
