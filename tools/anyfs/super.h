/* SPDX-License-Identifier: GPL-2.0 */
/*
 * super.h - read the superblocks of file systems for anyfs info
 *
 * The kernel reports few of these values, and none of a file system that cannot be mounted.
 * The readers use the bytes of the image itself: a journal that is replayed in memory does not
 * change them.  Every value may be hostile; only texts and numbers are taken.
 */
#ifndef ANYFS_SUPER_H
#define ANYFS_SUPER_H

#include <string.h>
#include "anyfs.h"
#include "bytes.h"
#include "facts.h"

/*
 * Add the facts of the file system @node.  False: its superblock cannot be read, or is not
 * of this file system; nothing was added then.
 */
typedef bool super_fn(struct anyfs_node *node, struct facts *f);

super_fn super_ext, super_xfs, super_btrfs, super_f2fs;

/* Add the facts of the file system @node of the type @fstype, if a reader knows the type. */
void super_read(struct anyfs_node *node, const char *fstype, struct facts *f);

/* super-btrfs.c */

/* Add what the kernel says of the mounted btrfs with the descriptor @fd: its quotas. */
void super_btrfs_mounted(int fd, struct facts *f);

#endif /* ANYFS_SUPER_H */
