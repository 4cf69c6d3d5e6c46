// SPDX-License-Identifier: GPL-2.0
/*
 * super.c - choose the reader of a superblock by the type of the file system
 */
#include "super.h"

void super_read(struct anyfs_node *node, const char *fstype, struct facts *f)
{
	static const struct { const char *fstype; super_fn *read; } readers[] = {
		{ "ext2", super_ext },
		{ "ext3", super_ext },
		{ "ext4", super_ext },
		{ "ext4dev", super_ext },
		{ "xfs", super_xfs },
		{ "btrfs", super_btrfs },
		{ "f2fs", super_f2fs },
	};

	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (!strcmp(readers[i].fstype, fstype) && readers[i].read(node, f))
			return;
}
