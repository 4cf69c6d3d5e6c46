// SPDX-License-Identifier: GPL-2.0
/*
 * super-f2fs.c - the superblock and the checkpoint of F2FS
 *
 * Layout: include/linux/f2fs_fs.h of the kernel.  Superblock and checkpoint have no times.  There
 * are two checkpoints, written in turn; the newer one of those that are complete is valid.
 */
#include <zlib.h>
#include "super.h"

#define SUPER_OFFSET	1024
#define SUPER_SIZE	3072
#define SUPER_MAGIC	0xf2f52010u
#define BLOCK		4096

enum {
	SUPER_LOG_BLOCKSIZE = 16, SUPER_LOG_BLOCKS_PER_SEG = 20, SUPER_CP_BLKADDR = 76,
	SUPER_VERSION = 1668, SUPER_INIT_VERSION = 1924, SUPER_FEATURE = 2180,
	SUPER_QF_INO = 2745,
};

enum { CP_VERSION = 0, CP_FLAGS = 132, CP_BLOCKS = 136, CP_CHECKSUM_OFFSET = 164 };

static const struct feature_name features[] = {
	{ 0x1, "encrypt" }, { 0x2, "blkzoned" }, { 0x4, "atomic_write" }, { 0x8, "extra_attr" },
	{ 0x10, "project_quota" }, { 0x20, "inode_checksum" },
	{ 0x40, "flexible_inline_xattr" }, { 0x80, "quota_ino" }, { 0x100, "inode_crtime" },
	{ 0x200, "lost_found" }, { 0x400, "verity" }, { 0x800, "sb_checksum" },
	{ 0x1000, "casefold" }, { 0x2000, "compression" }, { 0x4000, "ro" }, { 0, NULL }
};

static const struct feature_name cp_flags[] = {
	{ 0x1, "unmount" }, { 0x2, "orphan_inodes" }, { 0x4, "compacted_summary" },
	{ 0x8, "error" }, { 0x10, "fsck" }, { 0x20, "fastboot" }, { 0x40, "crc" },
	{ 0x80, "nat_bits" }, { 0x100, "trimmed" }, { 0x200, "no_crc_recovery" },
	{ 0x400, "large_nat_bitmap" }, { 0x800, "quota_need_fsck" },
	{ 0x1000, "disabled" }, { 0x2000, "disabled_quick" }, { 0x4000, "resizefs" },
	{ 0, NULL }
};

enum { CP_UNMOUNT = 1, CP_ERROR = 8, CP_FSCK = 16 };

/* The kernel's crc32() with the magic number as the seed and without inversions. */
static bool checksum_is_right(const uint8_t *block)
{
	uint32_t at = get_le32(block + CP_CHECKSUM_OFFSET);

	if (at < CP_CHECKSUM_OFFSET + 4 || at > BLOCK - 4)
		return false;
	return (uint32_t)~crc32((uint32_t)~SUPER_MAGIC, block, at) == get_le32(block + at);
}

/* Read the checkpoint at block @start.  False unless its first and last block belong together. */
static bool read_checkpoint(struct anyfs_node *node, uint64_t start, uint8_t *first)
{
	uint8_t last[BLOCK];
	uint32_t nr;

	if (anyfs_node_read(node, first, BLOCK, start * BLOCK) || !checksum_is_right(first))
		return false;
	nr = get_le32(first + CP_BLOCKS);
	return nr && !anyfs_node_read(node, last, BLOCK, (start + nr - 1) * BLOCK) &&
	       checksum_is_right(last) &&
	       get_le64(first + CP_VERSION) == get_le64(last + CP_VERSION);
}

static void add_checkpoint(struct anyfs_node *node, const uint8_t *s, struct facts *f)
{
	uint64_t start = get_le32(s + SUPER_CP_BLKADDR);
	uint8_t blocks[2][BLOCK], *cp = NULL;
	uint32_t flags;

	/*
	 * mkfs of Debian and Android makes no other block size, and a kernel with pages of 4 KiB
	 * mounts no other.
	 */
	if (get_le32(s + SUPER_LOG_BLOCKSIZE) != 12 ||
	    get_le32(s + SUPER_LOG_BLOCKS_PER_SEG) != 9)
		return;
	for (int i = 0; i < 2; i++)
		if (read_checkpoint(node, start + i * 512, blocks[i]) &&
		    (!cp || get_le64(blocks[i] + CP_VERSION) > get_le64(cp + CP_VERSION)))
			cp = blocks[i];
	if (!cp)
		return;
	flags = get_le32(cp + CP_FLAGS);
	fact_text(f, "state", flags & (CP_ERROR | CP_FSCK) ? "errors" :
		  flags & CP_UNMOUNT ? "clean" : "not clean");
	fact_number(f, "checkpoint", get_le64(cp + CP_VERSION));
	fact_features(f, "checkpoint_flags", flags, cp_flags);
}

static void add_quota(const uint8_t *s, struct facts *f)
{
	static const struct feature_name kinds[] = {
		{ 1, "user" }, { 2, "group" }, { 4, "project" }, { 0, NULL }
	};
	uint64_t mask = 0;

	for (int i = 0; i < 3; i++)
		mask |= get_le32(s + SUPER_QF_INO + 4 * i) ? 1u << i : 0;
	if (mask)
		fact_features(f, "quota", mask, kinds);
}

/* The version of a kernel: the first line of at most 256 bytes. */
static void add_version(const uint8_t *text, const char *key, struct facts *f)
{
	const uint8_t *end = memchr(text, '\n', 256);

	fact_bytes(f, key, text, end ? (size_t)(end - text) : 256);
}

bool super_f2fs(struct anyfs_node *node, struct facts *f)
{
	uint8_t s[SUPER_SIZE];

	if (anyfs_node_read(node, s, sizeof(s), SUPER_OFFSET) || get_le32(s) != SUPER_MAGIC)
		return false;
	add_checkpoint(node, s, f);
	add_quota(s, f);
	add_version(s + SUPER_INIT_VERSION, "made_by", f);
	add_version(s + SUPER_VERSION, "last_used_by", f);
	fact_features(f, "features", get_le32(s + SUPER_FEATURE), features);
	return true;
}
