/* SPDX-License-Identifier: GPL-2.0 */
/*
 * internal.h - shared by the files of lib/lkl
 */
#ifndef ANYFS_LKL_INTERNAL_H
#define ANYFS_LKL_INTERNAL_H

#include <lkl.h>
#include "error.h"
#include "kernel.h"

/* print.c */

/* The operations set by lkl_init(), else the default ones. */
struct lkl_host_operations *program_host_ops(void);
/* Set the operations; NULL: the default ones. */
void set_program_host_ops(struct lkl_host_operations *ops);
/* Call the print operation; a function for host_boot_opts.print. */
void print_by_host_ops(void *data, const char *text, size_t len);

/* disk.c */

/* Attach the disks that wait for a kernel to @k, which has just booted.  0 or -errno. */
int queued_disks_attach(struct anyfs_kernel *k);
/* Close the disks that wait for a kernel. */
void queued_disks_close(void);

/* device.c */

/*
 * Create a blockdev that calls the program's own struct lkl_dev_blk_ops.  0 or -errno,
 * with error text; if get_capacity fails, its negative result.
 */
struct blockdev;
int dev_ops_blockdev(const struct lkl_disk *disk, struct blockdev **bd);

#endif /* ANYFS_LKL_INTERNAL_H */
