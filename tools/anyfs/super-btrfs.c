// SPDX-License-Identifier: GPL-2.0
/*
 * super-btrfs.c - the superblock of btrfs, and its quotas
 *
 * Layout: struct btrfs_super_block in the kernel's <linux/btrfs_tree.h>.  It has no times.  The
 * names of features are those of the kernel's sysfs.
 */
#include <endian.h>
#include <stdio.h>
#include <lkl.h>
#include <lkl/linux/btrfs.h>
#include <lkl/linux/btrfs_tree.h>
#include "super.h"

#define SUPER_OFFSET	65536

static const struct feature_name none[] = { { 0, NULL } };

static const struct feature_name compat_ro[] = {
	{ 0x1, "free_space_tree" }, { 0x2, "free_space_tree_valid" }, { 0x4, "verity" },
	{ 0x8, "block_group_tree" }, { 0, NULL }
};

static const struct feature_name incompat[] = {
	{ 0x1, "mixed_backref" }, { 0x2, "default_subvol" }, { 0x4, "mixed_groups" },
	{ 0x8, "compress_lzo" }, { 0x10, "compress_zstd" }, { 0x20, "big_metadata" },
	{ 0x40, "extended_iref" }, { 0x80, "raid56" }, { 0x100, "skinny_metadata" },
	{ 0x200, "no_holes" }, { 0x400, "metadata_uuid" }, { 0x800, "raid1c34" },
	{ 0x1000, "zoned" }, { 0x2000, "extent_tree_v2" }, { 0x4000, "raid_stripe_tree" },
	{ 0x10000, "simple_quota" }, { 0, NULL }
};

static const char *const checksums[] = { "crc32c", "xxhash64", "sha256", "blake2b" };

static void add_members(const struct lkl_btrfs_super_block *s, struct facts *f)
{
	uint16_t type = le16toh(s->csum_type);

	/* Files that were synced since the last transaction are in the log tree. */
	fact_text(f, "journal", s->log_root ? "needs recovery" : "clean");
	fact_number(f, "generation", le64toh(s->generation));
	fact_number(f, "devices", le64toh(s->num_devices));
	fact_number(f, "device_id", le64toh(s->dev_item.devid));
	fact_uuid(f, "device_uuid", s->dev_item.uuid);
	if (le64toh(s->incompat_flags) & LKL_BTRFS_FEATURE_INCOMPAT_METADATA_UUID)
		fact_uuid(f, "metadata_uuid", s->metadata_uuid);
	if (type < sizeof(checksums) / sizeof(checksums[0]))
		fact_text(f, "checksum", checksums[type]);
	fact_features(f, "features_compat", le64toh(s->compat_flags), none);
	fact_features(f, "features_incompat", le64toh(s->incompat_flags), incompat);
	fact_features(f, "features_ro_compat", le64toh(s->compat_ro_flags), compat_ro);
}

bool super_btrfs(struct anyfs_node *node, struct facts *f)
{
	struct lkl_btrfs_super_block s;

	if (anyfs_node_read(node, &s, sizeof(s), SUPER_OFFSET) ||
	    le64toh(s.magic) != LKL_BTRFS_MAGIC)
		return false;
	add_members(&s, f);
	return true;
}

void super_btrfs_mounted(int fd, struct facts *f)
{
	static const struct feature_name flags[] = {
		{ 1, "on" }, { 2, "rescan" }, { 4, "inconsistent" }, { 8, "simple" }, { 0, NULL }
	};
	struct lkl_btrfs_ioctl_search_args args = { .key = {
		.tree_id = LKL_BTRFS_QUOTA_TREE_OBJECTID,
		.min_type = LKL_BTRFS_QGROUP_STATUS_KEY, .max_type = LKL_BTRFS_QGROUP_STATUS_KEY,
		.max_offset = UINT64_MAX, .max_transid = UINT64_MAX, .nr_items = 1,
	} };
	const struct lkl_btrfs_ioctl_search_header *h = (const void *)args.buf;
	struct lkl_btrfs_qgroup_status_item status = { 0 };

	/* Without quotas there is no such tree (ENOENT). */
	if (lkl_sys_ioctl(fd, LKL_BTRFS_IOC_TREE_SEARCH, (long)&args) < 0 || !args.key.nr_items ||
	    h->type != LKL_BTRFS_QGROUP_STATUS_KEY || h->len < offsetof(typeof(status), rescan))
		return;
	memcpy(&status, h + 1, offsetof(typeof(status), rescan));
	fact_features(f, "quota", le64toh(status.flags), flags);
}
