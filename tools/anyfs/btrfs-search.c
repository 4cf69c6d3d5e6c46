// SPDX-License-Identifier: GPL-2.0
/*
 * btrfs-search.c - read items of the trees of a btrfs
 *
 * A call of the kernel returns as many items as fit into its buffer; the next call begins after
 * the last of them.
 */
#include <string.h>
#include "btrfs-search.h"

/* Pass on all items that one call has found; sets *@key to the start of the next call. */
static long take_items(const struct lkl_btrfs_ioctl_search_args *args,
		       struct lkl_btrfs_ioctl_search_key *key, btrfs_item_fn *fn, void *data)
{
	const char *p = args->buf;
	long rc = 0;

	for (unsigned int i = 0; i < args->key.nr_items && !rc; i++) {
		struct lkl_btrfs_ioctl_search_header h;

		memcpy(&h, p, sizeof(h));
		p += sizeof(h);
		rc = fn(data, &h, p);
		p += h.len;
		key->min_objectid = h.objectid;
		key->min_type = h.type;
		key->min_offset = h.offset + 1;
	}
	return rc;
}

long btrfs_search(int fd, const struct lkl_btrfs_ioctl_search_key *given, btrfs_item_fn *fn,
		  void *data)
{
	struct lkl_btrfs_ioctl_search_key key = *given;
	struct lkl_btrfs_ioctl_search_args args;
	long rc;

	do {
		args.key = key;
		args.key.nr_items = 4096;
		rc = lkl_sys_ioctl(fd, LKL_BTRFS_IOC_TREE_SEARCH, (long)&args);
		if (rc >= 0)
			rc = take_items(&args, &key, fn, data);
	} while (!rc && args.key.nr_items);
	return rc;
}
