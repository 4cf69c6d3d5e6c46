/* SPDX-License-Identifier: GPL-2.0 */
/*
 * internal.h - what the files of lib/lkl share
 */
#ifndef ANYFS_LKL_INTERNAL_H
#define ANYFS_LKL_INTERNAL_H

#include <lkl.h>
#include "error.h"
#include "kernel.h"

/* print.c */

/* The operations of lkl_init(), else the default ones. */
struct lkl_host_operations *classic_ops(void);
/* NULL: the default ones. */
void classic_set_ops(struct lkl_host_operations *ops);
/* Print through them; fits host_boot_opts.print. */
void classic_print(void *data, const char *text, size_t len);

/* disk.c */

/* Give @k, just booted, the disks that wait for a kernel.  0 or -errno. */
int classic_attach_queued(struct anyfs_kernel *k);
/* Close the disks that wait for a kernel. */
void classic_forget_queued(void);

/* device.c */

/*
 * A blockdev over a program's own struct lkl_dev_blk_ops.  0 or -errno with
 * text; the number of get_capacity if that failed.
 */
struct blockdev;
int classic_blockdev(const struct lkl_disk *disk, struct blockdev **bd);

#endif /* ANYFS_LKL_INTERNAL_H */
