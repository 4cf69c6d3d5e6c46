/* SPDX-License-Identifier: GPL-2.0 */
/*
 * instance.h - boot and end a kernel, for both lkl.h and anyfs.h
 *
 * The first kernel of the process can be booted with either interface, and be used
 * and ended with the other one.
 */
#ifndef ANYFS_LKL_INSTANCE_H
#define ANYFS_LKL_INSTANCE_H

#include "kernel.h"

/* first-kernel.c */

/*
 * Boot the process's first kernel and attach the disks that lkl_disk_add() has
 * queued.  0; -EALREADY if a kernel runs; or another -errno.  Errors set the error text.
 */
int instance_boot_first(const struct host_boot_opts *opts, struct anyfs_kernel **k);

/* shutdown.c */

/*
 * Sync the file system mounted at @point.  Call it before unmounting: the unmount
 * itself does not report write errors.  0 or -errno, without error text.
 */
int64_t instance_sync(struct anyfs_kernel *k, const char *point);

/* Flush the blockdev of @disk.  0 or -errno, with error text. */
int instance_flush(struct anyfs_kernel *k, int disk);

/*
 * Close all descriptors, sync, unmount everything, flush the disks and destroy @k.  No
 * other thread may use @k.  0 or the first error, with error text; @k is gone in any case.
 */
int instance_end(struct anyfs_kernel *k);

#endif /* ANYFS_LKL_INSTANCE_H */
