/* SPDX-License-Identifier: GPL-2.0 */
/*
 * md-array.h - arrays of our kernel's RAID driver (MD)
 *
 * An array is started from members that have superblocks.  The members are not written to
 * before the array is written to.  The array is never resynchronised or rebuilt: that is
 * left to the machine that the array belongs to.
 *
 * Reference: Documentation/admin-guide/md.rst, include/uapi/linux/raid/md_u.h.
 */
#ifndef ANYFS_IMAGE_MD_ARRAY_H
#define ANYFS_IMAGE_MD_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "kernel.h"

struct md_array {
	struct anyfs_kernel *k;
	uint64_t dev;			/* the kernel's number, like st_dev; 0: not started */
};

#define MD_WHY	256

/* Parameters that the superblocks do not contain. */
struct md_start {
	int major, minor;		/* version of the superblocks */
	bool degraded;			/* start with members missing after an interrupted use */
};

/*
 * Start the array of the members @devs.  0, or -errno; then @why, MD_WHY bytes, has the line
 * of the kernel's log that gives the cause, or "".
 */
int md_array_start(struct anyfs_kernel *k, const uint64_t *devs, unsigned int nr,
		   const struct md_start *how, struct md_array *a, char *why);
/*
 * Set whether arrays that start from now on may lack members although their last use was
 * interrupted, so that parity may be stale.  It holds for arrays of the device mapper too.  0 or
 * -errno.
 */
int md_allow_dirty_degraded(struct anyfs_kernel *k, bool allow);
/* Stop the array.  -EBUSY while it is in use.  0 if it was not started. */
int md_array_stop(struct md_array *a);

#endif /* ANYFS_IMAGE_MD_ARRAY_H */
