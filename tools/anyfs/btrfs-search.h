/* SPDX-License-Identifier: GPL-2.0 */
/*
 * btrfs-search.h - read items of the trees of a btrfs
 */
#ifndef ANYFS_BTRFS_SEARCH_H
#define ANYFS_BTRFS_SEARCH_H

#include <lkl.h>
#include <lkl/linux/btrfs.h>
#include <lkl/linux/btrfs_tree.h>

/* Called for an item of @h->len bytes.  0 to go on, or -errno. */
typedef long btrfs_item_fn(void *data, const struct lkl_btrfs_ioctl_search_header *h,
			   const void *item);

/*
 * Call @fn for each item in the range of @key, in ascending order.  @fd is open on the btrfs, a
 * descriptor of the library kernel.  0 or -errno.
 */
long btrfs_search(int fd, const struct lkl_btrfs_ioctl_search_key *key, btrfs_item_fn *fn,
		  void *data);

#endif /* ANYFS_BTRFS_SEARCH_H */
