// SPDX-License-Identifier: GPL-2.0
/*
 * super-xfs.c - the superblock of XFS
 *
 * Layout: "XFS Algorithms & Data Structures", superblocks.  A superblock has no times.  The names
 * of features are those of xfs_db's command "version", in lower case.
 */
#include "super.h"

#define SUPER_SIZE	264
#define SUPER_MAGIC	0x58465342	/* "XFSB" */

enum {
	SUPER_VERSION = 100, SUPER_QFLAGS = 176,
	SUPER_FEATURES2 = 200, SUPER_COMPAT = 208, SUPER_RO_COMPAT = 212,
	SUPER_INCOMPAT = 216, SUPER_LOG_INCOMPAT = 220, SUPER_META_UUID = 248,
};

enum { VERSION_NUMBER = 0xf, VERSION_MOREBITS = 0x8000, INCOMPAT_META_UUID = 4 };

static const struct feature_name version[] = {
	{ 0x10, "attr" }, { 0x20, "nlink" }, { 0x40, "quota" }, { 0x80, "align" },
	{ 0x100, "dalign" }, { 0x200, "shared" }, { 0x400, "logv2" }, { 0x800, "sector" },
	{ 0x1000, "extflg" }, { 0x2000, "dirv2" }, { 0x4000, "ascii_ci" },
	{ 0x8000, "morebits" },
	/* Feature bits of sb_features2. */
	{ 0x2ull << 32, "lazysbcount" }, { 0x8ull << 32, "attr2" },
	{ 0x10ull << 32, "parent" }, { 0x80ull << 32, "projid32bit" },
	{ 0x100ull << 32, "crc" }, { 0x200ull << 32, "ftype" }, { 0, NULL }
};

static const struct feature_name none[] = { { 0, NULL } };

static const struct feature_name ro_compat[] = {
	{ 0x1, "finobt" }, { 0x2, "rmapbt" }, { 0x4, "reflink" }, { 0x8, "inobtcnt" },
	{ 0, NULL }
};

static const struct feature_name incompat[] = {
	{ 0x1, "ftype" }, { 0x2, "sparse_inodes" }, { 0x4, "meta_uuid" }, { 0x8, "bigtime" },
	{ 0x10, "needsrepair" }, { 0x20, "nrext64" }, { 0x40, "exchange" },
	{ 0x80, "parent" }, { 0, NULL }
};

static const struct feature_name log_incompat[] = { { 0x1, "log_xattrs" }, { 0, NULL } };

static const struct feature_name quota[] = {
	{ 0x1, "user" }, { 0x2, "user-limits" }, { 0x8, "project" }, { 0x40, "group" },
	{ 0x80, "group-limits" }, { 0x200, "project-limits" }, { 0, NULL }
};

#define QUOTA_MASK	0x2cb		/* without the bits that say a quota was checked */

static void add_features(const uint8_t *s, struct facts *f)
{
	uint64_t bits = get_be16(s + SUPER_VERSION);
	unsigned int number = bits & VERSION_NUMBER;

	if (bits & VERSION_MOREBITS)
		bits |= (uint64_t)get_be32(s + SUPER_FEATURES2) << 32;
	fact_number(f, "version", number);
	fact_features(f, "features_version", bits & ~(uint64_t)VERSION_NUMBER, version);
	if (number != 5)
		return;
	fact_features(f, "features_compat", get_be32(s + SUPER_COMPAT), none);
	fact_features(f, "features_incompat", get_be32(s + SUPER_INCOMPAT), incompat);
	fact_features(f, "features_ro_compat", get_be32(s + SUPER_RO_COMPAT), ro_compat);
	fact_features(f, "features_log_incompat", get_be32(s + SUPER_LOG_INCOMPAT),
		      log_incompat);
	if (get_be32(s + SUPER_INCOMPAT) & INCOMPAT_META_UUID)
		fact_uuid(f, "metadata_uuid", s + SUPER_META_UUID);
}

bool super_xfs(struct anyfs_node *node, struct facts *f)
{
	uint8_t s[SUPER_SIZE];

	if (anyfs_node_read(node, s, sizeof(s), 0) || get_be32(s) != SUPER_MAGIC)
		return false;
	if (get_be16(s + SUPER_QFLAGS) & QUOTA_MASK)
		fact_features(f, "quota", get_be16(s + SUPER_QFLAGS) & QUOTA_MASK, quota);
	add_features(s, f);
	return true;
}
