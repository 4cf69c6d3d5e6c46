/* SPDX-License-Identifier: GPL-2.0 */
/*
 * leaving.h - disks and arrays whose image was closed while files of it were open
 */
#ifndef ANYFS_IMAGE_LEAVING_H
#define ANYFS_IMAGE_LEAVING_H

#include "image.h"
#include "md-array.h"

struct left_over {
	int disk;			/* the kernel's index */
	struct md_array array;		/* that, and no disk, if array.dev is not 0 */
	struct blockdev *bd;		/* a reference, given back when the disk is gone; or NULL */
	int64_t fd;			/* with bd: a descriptor to close then */
};

/* Let go of @what, which the kernel still uses, as soon as possible. */
void leaving_add(struct kstate *ks, const struct left_over *what);
/* Let go of what no kernel uses any more.  Any thread that holds no lock of lib/image. */
void leaving_reap(void);
/* The kernel is gone: free the list. */
void leaving_free(struct kstate *ks);

#endif /* ANYFS_IMAGE_LEAVING_H */
