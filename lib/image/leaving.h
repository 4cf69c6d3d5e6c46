/* SPDX-License-Identifier: GPL-2.0 */
/*
 * leaving.h - remove disks and arrays whose image was closed while files of it were open
 */
#ifndef ANYFS_IMAGE_LEAVING_H
#define ANYFS_IMAGE_LEAVING_H

#include "image.h"
#include "md-array.h"

struct left_over {
	int disk;			/* the kernel's index */
	struct md_array array;		/* an array instead of a disk, if array.dev is not 0 */
	struct blockdev *bd;		/* a reference, given back when the disk is gone; or NULL */
	int64_t fd;			/* with bd: a descriptor to close then */
};

/* Remove @what, which the kernel still uses, as soon as possible. */
void leaving_add(struct kstate *ks, const struct left_over *what);
/* Remove all that no kernel uses any more.  The caller must hold no lock of lib/image. */
void leaving_reap(void);
/* The kernel has ended: free the list. */
void leaving_free(struct kstate *ks);

#endif /* ANYFS_IMAGE_LEAVING_H */
