/* SPDX-License-Identifier: GPL-2.0 */
/*
 * instance.h - beginning and end of a kernel, for lkl.h and anyfs.h alike
 *
 * Both interfaces make the process's first kernel and both end one; a kernel
 * that one of them made is the other's too.
 */
#ifndef ANYFS_LKL_INSTANCE_H
#define ANYFS_LKL_INSTANCE_H

#include "kernel.h"

/* first-kernel.c */

/*
 * Boot the process's first kernel, which gets the disks that lkl_disk_add()
 * has queued.  -EALREADY if there is one.  Errors have text.
 */
int instance_boot_first(const struct host_boot_opts *opts, struct anyfs_kernel **k);

/* shutdown.c */

/*
 * Store what was written to the file system mounted at @point: write errors
 * show here and nowhere later.  0 or -errno, without text.
 */
int64_t instance_sync(struct anyfs_kernel *k, const char *point);

/* Make durable what @disk's blockdev was given.  0 or -errno, with text. */
int instance_flush(struct anyfs_kernel *k, int disk);

/*
 * Close descriptors, sync, unmount all, flush the disks and destroy @k.  0 or
 * the first thing that went wrong, with text.  No other thread is using it.
 */
int instance_end(struct anyfs_kernel *k);

#endif /* ANYFS_LKL_INSTANCE_H */
