// SPDX-License-Identifier: GPL-2.0
/*
 * The log of a JFS, record by record: which images of blocks are applied, and which logs are
 * ignored.
 *
 * A disk of 128 blocks: the superblock is block 8, the inode of the inode map is in block 13, the
 * map has blocks 20 and 21, and the log has 16 pages from block 80 on.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "jfs.h"

#define BLOCKS	128u
#define LOG	80u
#define PAGES	16u
#define IAG	21u
#define TREE	30u			/* a tree's block */
#define INODES	40u			/* inodes 0...7 of the fileset */
#define FILE_INODE	5u
#define LIMIT	(1u << 20)

/* jfs_record.what */
#define INODE	0x0001u
#define XTREE	0x0002u
#define DTREE	0x0004u

static uint8_t disk[BLOCKS][JFS_BLOCK];
static uint32_t page, end;		/* of the log */
static uint32_t last[8];		/* of each transaction: the end of its last record */

static uint8_t *word(uint32_t block, uint32_t at)
{
	return disk[block] + at;
}

static void put_le16(uint8_t *p, uint16_t v)
{
	p[0] = v;
	p[1] = v >> 8;
}

static void put_extent(uint8_t *p, uint32_t block, uint32_t blocks)
{
	put_le32(p, blocks);
	put_le32(p + 4, block);
}

/* ---- write a log ------------------------------------------------------ */

static void mark_page(uint32_t sequence)
{
	put_le32(word(LOG + page, 0), sequence);
	put_le32(word(LOG + page, JFS_BLOCK - 8), sequence);
	put_le16(word(LOG + page, 6), 8);
	put_le16(word(LOG + page, JFS_BLOCK - 2), 8);
}

static void append(const void *data, size_t len)
{
	for (const uint8_t *p = data; len; p++, len--) {
		if (end == JFS_BLOCK - 8) {
			uint32_t sequence = get_le32(word(LOG + page, 0)) + 1;

			page = page == PAGES - 1 ? 2 : page + 1;
			mark_page(sequence);
			end = 8;
		}
		disk[LOG + page][end++] = *p;
	}
}

static uint32_t append_record(uint32_t tid, unsigned int type, const uint8_t *data, size_t len,
			      uint8_t descriptor[JFS_DESCRIPTOR])
{
	put_le32(descriptor, tid);
	put_le32(descriptor + 4, last[tid]);
	put_le16(descriptor + 8, type);
	put_le16(descriptor + 10, len);
	append(data, len);
	append(descriptor, JFS_DESCRIPTOR);
	put_le16(word(LOG + page, 6), end);
	put_le16(word(LOG + page, JFS_BLOCK - 2), end);
	last[tid] = tid ? page * JFS_BLOCK + end : 0;
	return page * JFS_BLOCK + end;
}

static void append_commit(uint32_t tid)
{
	uint8_t d[JFS_DESCRIPTOR] = { 0 };

	append_record(tid, JFS_LOG_COMMIT, NULL, 0, d);
}

static void append_sync(uint32_t address)
{
	uint8_t d[JFS_DESCRIPTOR] = { 0 };

	put_le32(d + 16, address);
	append_record(0, JFS_LOG_SYNCPT, NULL, 0, d);
}

static void describe(uint8_t *d, uint32_t owner, uint32_t inode, unsigned int what,
		     unsigned int detail, uint32_t block)
{
	put_le32(d + 16, owner);
	put_le32(d + 20, inode);
	put_le16(d + 24, what);
	put_le16(d + 26, detail);
	put_extent(d + 28, block, 1);
}

/* Fill @lines lines with @byte, from line @line on. */
static uint32_t append_image(uint32_t tid, unsigned int what, unsigned int l2line, uint32_t block,
			     unsigned int line, unsigned int lines, uint8_t byte)
{
	uint8_t d[JFS_DESCRIPTOR] = { 0 }, data[JFS_BLOCK + 4];
	size_t len = (size_t)lines << l2line;

	describe(d, JFS_FILESET, FILE_INODE, what, l2line, block);
	memset(data, byte, len);
	put_le16(data + len, line);
	put_le16(data + len + 2, lines);
	return append_record(tid, JFS_LOG_REDOPAGE, data, len + 4, d);
}

static uint32_t append_tree(uint32_t tid, unsigned int line, uint8_t byte)
{
	return append_image(tid, XTREE, 4, TREE, line, 1, byte);
}

static void append_inode(uint32_t tid, uint32_t links)
{
	uint8_t d[JFS_DESCRIPTOR] = { 0 }, data[128 + 4] = { 0 };

	describe(d, JFS_AGGREGATE, JFS_FILESET, INODE, 7, INODES);
	put_le32(data + JFS_NUMBER, FILE_INODE);
	put_extent(data + JFS_EXTENT, INODES, 4);
	put_le32(data + JFS_NLINK, links);
	put_le16(data + 128, FILE_INODE * 4);
	put_le16(data + 130, 1);
	append_record(tid, JFS_LOG_REDOPAGE, data, sizeof(data), d);
}

/* ---- write a disk -------------------------------------------------------------- */

static void make_super(void)
{
	uint8_t *super = disk[8], *log = disk[LOG + 1];

	memcpy(super, "JFS1", 4);
	put_le32(super + 8, LOG * 8);
	put_le32(super + 16, JFS_BLOCK);
	put_le16(super + 22, 3);
	put_le32(super + 36, 0x800);
	put_le32(super + 40, 1);
	put_le32(super + 68, 7);
	put_extent(super + 72, LOG, PAGES);
	put_le32(log, 0x87654321);
	put_le32(log + 4, 1);
	put_le32(log + 8, 7);
	put_le32(log + 12, PAGES);
	put_le32(log + 16, JFS_BLOCK);
}

static void make_map(void)
{
	uint8_t *root = disk[13] + JFS_ROOT;

	put_le32(disk[13] + JFS_NUMBER, JFS_FILESET);
	root[16] = 0x02;
	put_le16(root + 18, 3);
	put_extent(root + 2 * 16 + 8, 20, 2);
}

/* The log was in use before: its pages have old numbers, and the log begins in the middle. */
static int set_up(void **state)
{
	(void)state;
	memset(disk, 0, sizeof(disk));
	memset(last, 0, sizeof(last));
	make_super();
	make_map();
	for (uint32_t i = 0; i < PAGES - 2; i++) {
		page = 2 + (i + 10) % (PAGES - 2);
		mark_page(i);
	}
	page = 12;
	mark_page(PAGES - 2);
	end = 8;
	append_sync(0);
	return 0;
}

static int replay(void)
{
	struct jfs_replay *r;
	struct device d;
	struct blockdev *bd;
	int rc;

	assert_int_equal(memory_open(sizeof(disk), &bd), 0);
	assert_int_equal(blockdev_pwrite(bd, disk, sizeof(disk), 0), 0);
	device_of_blockdev(bd, 0, bd->capacity, &d);
	rc = jfs_replay_prepare(&d, LIMIT, &r);
	if (!rc)
		assert_int_equal(jfs_replay_write(r, &d), 0);
	else
		assert_null(r);
	assert_int_equal(blockdev_pread(bd, disk, sizeof(disk), 0), 0);
	jfs_replay_free(r);
	blockdev_close(bd);
	return rc;
}

static uint8_t tree(unsigned int line)
{
	return disk[TREE][line * 16];
}

/* ---- logs that are replayed ----------------------------------------------------------- */

static void the_newest_committed_image_is_applied(void **state)
{
	append_tree(1, 3, 'a');
	append_tree(1, 4, 'a');
	append_commit(1);
	append_tree(2, 4, 'b');
	append_commit(2);
	append_tree(3, 3, 'c');
	assert_int_equal(replay(), 0);
	assert_int_equal(tree(3), 'a');
	assert_int_equal(tree(4), 'b');
	assert_int_equal(tree(5), 0);
}

static void records_before_the_sync_point_are_ignored(void **state)
{
	uint32_t here;

	append_tree(1, 3, 'a');
	append_commit(1);
	here = append_tree(2, 4, 'b');
	append_commit(2);
	append_sync(here);
	assert_int_equal(replay(), 0);
	assert_int_equal(tree(3), 0);
	assert_int_equal(tree(4), 'b');
}

static void the_log_wraps_around(void **state)
{
	for (unsigned int i = 0; i < 400; i++)
		append_image(1, XTREE, 4, TREE, 10, 4, i);
	append_commit(1);
	assert_true(page < 12);
	assert_int_equal(replay(), 0);
	assert_int_equal(tree(10), 399 % 256);
}

static void records_after_a_torn_write_are_ignored(void **state)
{
	append_tree(1, 3, 'a');
	append_commit(1);
	append_tree(2, 3, 'b');
	append_commit(2);
	/* The header of the page is new, its trailer is from the first commit. */
	put_le16(word(LOG + page, JFS_BLOCK - 2), last[1] % JFS_BLOCK);
	assert_int_equal(replay(), 0);
	assert_int_equal(tree(3), 'a');
}

static void freed_blocks_are_not_written(void **state)
{
	uint8_t d[JFS_DESCRIPTOR] = { 0 }, list[16 + 4] = { 0 };

	append_tree(1, 3, 'a');
	append_image(1, DTREE, 5, TREE + 1, 3, 1, 'a');
	append_commit(1);
	put_extent(list + 8, TREE, 1);
	describe(d, JFS_FILESET, 9, 0x0008, 1, 0);
	append_record(2, JFS_LOG_UPDATEMAP, list, sizeof(list), d);
	describe(d, JFS_FILESET, 9, DTREE, 5, TREE + 1);
	append_record(2, JFS_LOG_NOREDOPAGE, NULL, 0, d);
	append_commit(2);
	append_tree(3, 4, 'c');
	append_commit(3);
	assert_int_equal(replay(), 0);
	assert_int_equal(tree(3), 0);
	assert_int_equal(tree(4), 'c');
	assert_int_equal(disk[TREE + 1][3 * 32], 0);
}

static void trees_of_deleted_inodes_are_not_written(void **state)
{
	append_tree(1, 3, 'a');
	append_inode(1, 1);
	append_commit(1);
	append_inode(2, 0);
	append_commit(2);
	assert_int_equal(replay(), 0);
	assert_int_equal(tree(3), 0);
	assert_int_equal(get_le32(word(IAG, 3072)), 0);
}

static void a_logged_inode_extent_is_entered_in_the_inode_map(void **state)
{
	append_inode(1, 1);
	append_commit(1);
	assert_int_equal(replay(), 0);
	assert_int_equal(get_le32(word(INODES, FILE_INODE * 512 + JFS_NUMBER)), FILE_INODE);
	assert_int_equal(get_le32(word(IAG, 3072)), 4);
	assert_int_equal(get_le32(word(IAG, 3076)), INODES);
}

static void a_cleanly_closed_log_is_not_replayed(void **state)
{
	append_tree(1, 3, 'a');
	append_commit(1);
	put_le32(word(LOG + 1, 28), 1);
	assert_int_equal(replay(), 0);
	assert_int_equal(tree(3), 0);
}

/* ---- logs that are ignored --------------------------------------------------------- */

static void refused(int err)
{
	assert_int_equal(replay(), err);
	assert_int_equal(tree(3), 0);
}

static void a_block_inside_the_log_is_refused(void **state)
{
	append_tree(1, 3, 'a');
	append_image(1, XTREE, 4, LOG, 3, 1, 'a');
	append_commit(1);
	refused(-EUCLEAN);
}

static void lines_beyond_the_end_of_a_block_are_refused(void **state)
{
	append_tree(1, 3, 'a');
	append_image(1, DTREE, 5, TREE + 1, 127, 2, 'a');
	append_commit(1);
	refused(-EUCLEAN);
}

static void a_broken_chain_of_records_is_refused(void **state)
{
	append_tree(1, 3, 'a');
	append_tree(1, 4, 'a');
	/* Assign the last record to another transaction. */
	put_le32(word(LOG + page, end - JFS_DESCRIPTOR), 2);
	append_commit(1);
	refused(-EUCLEAN);
}

static void a_missing_log_page_is_refused(void **state)
{
	for (unsigned int i = 0; i < 400; i++)
		append_tree(1, 3, i);
	append_commit(1);
	put_le32(word(LOG + 14, 0), 1);
	put_le32(word(LOG + 14, JFS_BLOCK - 8), 1);
	refused(-EUCLEAN);
}

static void a_log_on_another_device_is_refused(void **state)
{
	put_le32(word(8, 36), 0);
	refused(-EOPNOTSUPP);
}

static void a_damaged_file_system_is_refused(void **state)
{
	put_le32(word(8, 40), 3);
	refused(-EUCLEAN);
}

static void damaged_words_are_applied_or_refused(void **state)
{
	static const uint32_t values[] = { 0, 1, 0x7fff, 0xffff, 0x800800, 0x7fffffff, 0xffffffff };

	for (unsigned int at = 0; at < 400; at += 4) {
		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
			int rc;

			set_up(NULL);
			append_inode(1, 1);
			append_tree(1, 3, 'a');
			append_commit(1);
			put_le32(word(LOG + 12, at), values[i]);
			rc = replay();
			assert_true(!rc || rc == -EUCLEAN);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_newest_committed_image_is_applied, set_up),
		cmocka_unit_test_setup(records_before_the_sync_point_are_ignored, set_up),
		cmocka_unit_test_setup(the_log_wraps_around, set_up),
		cmocka_unit_test_setup(records_after_a_torn_write_are_ignored, set_up),
		cmocka_unit_test_setup(freed_blocks_are_not_written, set_up),
		cmocka_unit_test_setup(trees_of_deleted_inodes_are_not_written, set_up),
		cmocka_unit_test_setup(a_logged_inode_extent_is_entered_in_the_inode_map, set_up),
		cmocka_unit_test_setup(a_cleanly_closed_log_is_not_replayed, set_up),
		cmocka_unit_test_setup(a_block_inside_the_log_is_refused, set_up),
		cmocka_unit_test_setup(lines_beyond_the_end_of_a_block_are_refused, set_up),
		cmocka_unit_test_setup(a_broken_chain_of_records_is_refused, set_up),
		cmocka_unit_test_setup(a_missing_log_page_is_refused, set_up),
		cmocka_unit_test_setup(a_log_on_another_device_is_refused, set_up),
		cmocka_unit_test_setup(a_damaged_file_system_is_refused, set_up),
		cmocka_unit_test_setup(damaged_words_are_applied_or_refused, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
