/* SPDX-License-Identifier: GPL-2.0 */
/*
 * deferred-removal.h - remove disks and arrays whose image was closed while files of it were open
 */
#ifndef ANYFS_IMAGE_DEFERRED_REMOVAL_H
#define ANYFS_IMAGE_DEFERRED_REMOVAL_H

#include "image.h"
#include "md-array.h"

struct removal {
	int disk;			/* the kernel's index */
	struct md_array array;		/* an array instead of a disk, if array.dev is not 0 */
	struct blockdev *bd;		/* a reference, given back when the disk is gone; or NULL */
	int64_t fd;			/* with bd: a descriptor of the kernel, closed likewise */
};

/* Remove @what, which the kernel still uses, as soon as its last file is closed. */
void removal_defer(struct kstate *ks, const struct removal *what);
/*
 * Remove the deferred disks and arrays that no kernel uses.  The caller must hold no
 * lock of lib/image.
 */
void removal_retry(void);
/* Free the list of a kernel that has ended. */
void removal_free(struct kstate *ks);

#endif /* ANYFS_IMAGE_DEFERRED_REMOVAL_H */
