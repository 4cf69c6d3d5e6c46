// SPDX-License-Identifier: GPL-2.0
/*
 * super-ext.c - the superblock of ext2, ext3 and ext4
 *
 * Layout: Documentation/filesystems/ext4/super.rst of the kernel.
 */
#include "super.h"

#define SUPER_OFFSET	1024
#define SUPER_SIZE	1024
#define SUPER_MAGIC	0xef53

enum {
	SUPER_LOG_BLOCK_SIZE = 0x18, SUPER_MTIME = 0x2c, SUPER_WTIME = 0x30, SUPER_MNT_COUNT = 0x34,
	SUPER_MAX_MNT_COUNT = 0x36, SUPER_MAGIC_AT = 0x38, SUPER_STATE = 0x3a,
	SUPER_LASTCHECK = 0x40, SUPER_CHECKINTERVAL = 0x44, SUPER_COMPAT = 0x5c,
	SUPER_INCOMPAT = 0x60, SUPER_RO_COMPAT = 0x64, SUPER_LAST_MOUNTED = 0x88,
	SUPER_JOURNAL_UUID = 0xd0, SUPER_JNL_BACKUP_TYPE = 0xfd, SUPER_MKFS_TIME = 0x108,
	SUPER_JNL_BLOCKS = 0x10c, SUPER_ERROR_COUNT = 0x194,
	SUPER_FIRST_ERROR = 0x198, SUPER_LAST_ERROR = 0x1cc, SUPER_USR_QUOTA = 0x240,
	SUPER_GRP_QUOTA = 0x244, SUPER_PRJ_QUOTA = 0x26c,
	/* The high bits of times, which do not fit into 32 bits. */
	SUPER_WTIME_HI = 0x274, SUPER_MTIME_HI, SUPER_MKFS_TIME_HI, SUPER_LASTCHECK_HI,
	SUPER_FIRST_ERROR_HI, SUPER_LAST_ERROR_HI,
};

enum {
	STATE_VALID = 1, STATE_ERROR = 2,
	COMPAT_HAS_JOURNAL = 4, INCOMPAT_RECOVER = 4,
	RO_COMPAT_QUOTA = 0x100,
};

/* A node of a tree of extents, and the journal's superblock. */
enum {
	EXTENT_MAGIC = 0xf30a, EXTENT_DEPTH = 6, EXTENT_ENTRIES = 12, EXTENT_SIZE = 12,
	EXTENT_DEPTH_MAX = 5,
	JOURNAL_START = 0x1c,
};

#define JOURNAL_MAGIC	0xc03b3998

/* The names that e2fsprogs uses. */
static const struct feature_name compat[] = {
	{ 0x1, "dir_prealloc" }, { 0x2, "imagic_inodes" }, { 0x4, "has_journal" },
	{ 0x8, "ext_attr" }, { 0x10, "resize_inode" }, { 0x20, "dir_index" },
	{ 0x40, "lazy_bg" }, { 0x80, "snapshot" }, { 0x200, "sparse_super2" },
	{ 0x400, "fast_commit" }, { 0x800, "stable_inodes" }, { 0x1000, "orphan_file" },
	{ 0, NULL }
};

static const struct feature_name incompat[] = {
	{ 0x1, "compression" }, { 0x2, "filetype" }, { 0x4, "needs_recovery" },
	{ 0x8, "journal_dev" }, { 0x10, "meta_bg" }, { 0x40, "extent" }, { 0x80, "64bit" },
	{ 0x100, "mmp" }, { 0x200, "flex_bg" }, { 0x400, "ea_inode" }, { 0x1000, "dirdata" },
	{ 0x2000, "metadata_csum_seed" }, { 0x4000, "large_dir" }, { 0x8000, "inline_data" },
	{ 0x10000, "encrypt" }, { 0x20000, "casefold" }, { 0, NULL }
};

static const struct feature_name ro_compat[] = {
	{ 0x1, "sparse_super" }, { 0x2, "large_file" }, { 0x8, "huge_file" },
	{ 0x10, "uninit_bg" }, { 0x20, "dir_nlink" }, { 0x40, "extra_isize" },
	{ 0x100, "quota" }, { 0x200, "bigalloc" }, { 0x400, "metadata_csum" },
	{ 0x800, "replica" }, { 0x1000, "read-only" }, { 0x2000, "project" },
	{ 0x4000, "shared_blocks" }, { 0x8000, "verity" }, { 0x10000, "orphan_present" },
	{ 0, NULL }
};

static uint64_t block_size(const uint8_t *s)
{
	return 1024ULL << (get_le32(s + SUPER_LOG_BLOCK_SIZE) & 7);
}

/*
 * The first block of the journal, from the copy of its inode's block map in the superblock.
 * 0 if it is unknown.
 */
static uint64_t journal_block(struct anyfs_node *node, const uint8_t *s)
{
	const uint8_t *map = s + SUPER_JNL_BLOCKS, *entry = map + EXTENT_ENTRIES;
	uint8_t buf[EXTENT_ENTRIES + EXTENT_SIZE];
	uint64_t block;

	if (s[SUPER_JNL_BACKUP_TYPE] != 1)
		return 0;
	if (get_le16(map) != EXTENT_MAGIC)
		return get_le32(map);
	for (int depth = get_le16(map + EXTENT_DEPTH); depth; depth--) {
		block = get_le32(entry + 4) | (uint64_t)get_le16(entry + 8) << 32;
		if (depth > EXTENT_DEPTH_MAX ||
		    anyfs_node_read(node, buf, sizeof(buf), block * block_size(s)))
			return 0;
		entry = buf + EXTENT_ENTRIES;
	}
	return get_le32(entry + 8) | (uint64_t)get_le16(entry + 6) << 32;
}

/* Whether the journal's superblock says that the journal has transactions. */
static bool journal_has_data(struct anyfs_node *node, const uint8_t *s)
{
	uint64_t block = journal_block(node, s);
	uint8_t j[JOURNAL_START + 4];

	return block && !anyfs_node_read(node, j, sizeof(j), block * block_size(s)) &&
		get_be32(j) == JOURNAL_MAGIC && get_be32(j + JOURNAL_START);
}

static const char *journal_state(struct anyfs_node *node, const uint8_t *s)
{
	if (get_le32(s + SUPER_INCOMPAT) & INCOMPAT_RECOVER)
		return "needs recovery";
	if (!(get_le32(s + SUPER_COMPAT) & COMPAT_HAS_JOURNAL))
		return "none";
	return journal_has_data(node, s) ? "not empty" : "clean";
}

static int64_t get_time(const uint8_t *s, int low, int high)
{
	return get_le32(s + low) | (int64_t)s[high] << 32;
}

static void add_times(const uint8_t *s, struct facts *f)
{
	fact_time(f, "created", get_time(s, SUPER_MKFS_TIME, SUPER_MKFS_TIME_HI));
	fact_time(f, "last_mounted", get_time(s, SUPER_MTIME, SUPER_MTIME_HI));
	fact_bytes(f, "last_mounted_on", s + SUPER_LAST_MOUNTED, 64);
	fact_time(f, "last_written", get_time(s, SUPER_WTIME, SUPER_WTIME_HI));
	fact_time(f, "last_checked", get_time(s, SUPER_LASTCHECK, SUPER_LASTCHECK_HI));
	fact_number(f, "mount_count", get_le16(s + SUPER_MNT_COUNT));
	/* -1 and 0: no check after a number of mounts. */
	if ((int16_t)get_le16(s + SUPER_MAX_MNT_COUNT) > 0)
		fact_number(f, "max_mount_count", get_le16(s + SUPER_MAX_MNT_COUNT));
	if (get_le32(s + SUPER_CHECKINTERVAL))
		fact_number(f, "check_interval", get_le32(s + SUPER_CHECKINTERVAL));
}

static void add_state(struct anyfs_node *node, const uint8_t *s, struct facts *f)
{
	uint16_t state = get_le16(s + SUPER_STATE);

	fact_text(f, "state", state & STATE_ERROR ? "errors" :
		  state & STATE_VALID ? "clean" : "not clean");
	fact_text(f, "journal", journal_state(node, s));
	fact_uuid(f, "journal_uuid", s + SUPER_JOURNAL_UUID);
	if (get_le32(s + SUPER_ERROR_COUNT)) {
		fact_number(f, "error_count", get_le32(s + SUPER_ERROR_COUNT));
		fact_time(f, "first_error", get_time(s, SUPER_FIRST_ERROR, SUPER_FIRST_ERROR_HI));
		fact_time(f, "last_error", get_time(s, SUPER_LAST_ERROR, SUPER_LAST_ERROR_HI));
	}
}

static void add_quota(const uint8_t *s, struct facts *f)
{
	static const struct feature_name kinds[] = {
		{ 1, "user" }, { 2, "group" }, { 4, "project" }, { 0, NULL }
	};
	uint64_t mask = 0;

	/* Without the feature, quotas are files that any mount may use or ignore. */
	if (!(get_le32(s + SUPER_RO_COMPAT) & RO_COMPAT_QUOTA))
		return;
	mask |= get_le32(s + SUPER_USR_QUOTA) ? 1 : 0;
	mask |= get_le32(s + SUPER_GRP_QUOTA) ? 2 : 0;
	mask |= get_le32(s + SUPER_PRJ_QUOTA) ? 4 : 0;
	fact_features(f, "quota", mask, kinds);
}

bool super_ext(struct anyfs_node *node, struct facts *f)
{
	uint8_t s[SUPER_SIZE];

	if (anyfs_node_read(node, s, sizeof(s), SUPER_OFFSET) ||
	    get_le16(s + SUPER_MAGIC_AT) != SUPER_MAGIC)
		return false;
	add_state(node, s, f);
	add_times(s, f);
	add_quota(s, f);
	fact_features(f, "features_compat", get_le32(s + SUPER_COMPAT), compat);
	fact_features(f, "features_incompat", get_le32(s + SUPER_INCOMPAT), incompat);
	fact_features(f, "features_ro_compat", get_le32(s + SUPER_RO_COMPAT), ro_compat);
	return true;
}
