// SPDX-License-Identifier: GPL-2.0
/*
 * Tables and superblocks are recognised in the same way on a file and on a blockdev without a
 * descriptor, and random data is not recognised.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "image.h"

#define MIB	(1ull << 20)

static char dir[] = "probe-XXXXXX";

static void shell(const char *command)
{
	if (system(command)) {
		print_message("failed: %s\n", command);
		fail();
	}
}

static int parttable(struct blockdev *bd, struct probe_table *t)
{
	struct device d;

	device_of_blockdev(bd, 0, bd->capacity, &d);
	return probe_parttable(&d, t);
}

static int superblock(struct blockdev *bd, uint64_t start, uint64_t size, struct probe_super *s)
{
	struct device d;

	device_of_blockdev(bd, start, size, &d);
	return probe_superblock(&d, s);
}

/* Probe the image twice: as a file, and as a copy in memory. */
static void open_both(const char *name, struct blockdev *bd[2])
{
	char buf[65536];
	uint64_t off;

	assert_int_equal(raw_open(name, 0, &bd[0]), 0);
	assert_true(blockdev_descriptor(bd[0], BLOCKDEV_FD_PROBE) >= 0);
	assert_int_equal(memory_open(bd[0]->capacity, &bd[1]), 0);
	assert_int_equal(blockdev_descriptor(bd[1], BLOCKDEV_FD_PROBE), -1);
	for (off = 0; off < bd[0]->capacity; off += sizeof(buf)) {
		assert_int_equal(blockdev_pread(bd[0], buf, sizeof(buf), off), 0);
		assert_int_equal(blockdev_pwrite(bd[1], buf, sizeof(buf), off), 0);
	}
}

static void close_both(struct blockdev *bd[2])
{
	blockdev_close(bd[0]);
	blockdev_close(bd[1]);
}

static void a_gpt_and_its_partitions_are_recognised(void **state)
{
	struct blockdev *bd[2];
	struct probe_super s;
	struct probe_table t;

	shell("truncate -s 48M gpt.img && sgdisk -o -n 2:2048:+16M -t 2:ef00 -c 2:boot "
	      "-n 5:0:+16M gpt.img >/dev/null");
	shell("truncate -s 16M fs && mkfs.vfat -n LABEL -i 1234abcd fs >/dev/null && "
	      "dd if=fs of=gpt.img bs=1M seek=1 conv=notrunc status=none");
	open_both("gpt.img", bd);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(parttable(bd[i], &t), 0);
		assert_string_equal(t.type, "gpt");
		assert_int_equal(t.nr, 2);
		assert_int_equal(t.entries[0].number, 2);
		assert_int_equal(t.entries[1].number, 5);
		assert_int_equal(t.entries[0].start, 1 * MIB);
		assert_int_equal(t.entries[0].size, 16 * MIB);
		assert_string_equal(t.entries[0].name, "boot");
		assert_string_equal(t.entries[0].type, "c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
		assert_int_equal(superblock(bd[i], t.entries[0].start,
					    t.entries[0].size, &s), 0);
		assert_int_equal(s.usage, PROBE_FILESYSTEM);
		assert_string_equal(s.fstype, "vfat");
		assert_string_equal(s.label, "LABEL");
		assert_string_equal(s.uuid, "1234-ABCD");
		assert_int_equal(superblock(bd[i], t.entries[1].start,
					    t.entries[1].size, &s), 0);
		assert_int_equal(s.usage, PROBE_NONE);
		assert_int_equal(superblock(bd[i], 0, bd[i]->capacity, &s), 0);
		assert_int_equal(s.usage, PROBE_NONE);
		probe_table_free(&t);
	}
	close_both(bd);
}

/*
 * Windows puts the file table 3 GiB after the beginning; move it beyond the ranges that the
 * probe reads.
 */
static void an_ntfs_label_is_found_in_a_distant_file_table(void **state)
{
	struct blockdev *bd[2];
	struct probe_super s;

	shell("truncate -s 64M ntfs.img && mkntfs -qF -c 4096 -L FAR ntfs.img >/dev/null 2>&1 && "
	      "at=$(($(od -An -tu8 -j48 -N8 ntfs.img))) && "
	      "dd if=ntfs.img of=ntfs.img bs=4096 skip=$at seek=8192 count=4 conv=notrunc status=none && "
	      "dd if=/dev/zero of=ntfs.img bs=4096 seek=$at count=4 conv=notrunc status=none && "
	      "printf '\\000\\040' | dd of=ntfs.img bs=1 seek=48 conv=notrunc status=none");
	open_both("ntfs.img", bd);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(superblock(bd[i], 0, bd[i]->capacity, &s), 0);
		assert_string_equal(s.fstype, "ntfs");
		assert_string_equal(s.label, "FAR");
	}
	close_both(bd);
}

static void a_file_system_without_a_table_is_recognised(void **state)
{
	struct blockdev *bd[2];
	struct probe_super s;
	struct probe_table t;

	shell("truncate -s 16M ext4.img && mkfs.ext4 -q -L $(printf 'a\\033b') ext4.img");
	open_both("ext4.img", bd);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(parttable(bd[i], &t), 0);
		assert_string_equal(t.type, "");
		assert_int_equal(t.nr, 0);
		probe_table_free(&t);
		assert_int_equal(superblock(bd[i], 0, bd[i]->capacity, &s), 0);
		assert_int_equal(s.usage, PROBE_FILESYSTEM);
		assert_string_equal(s.fstype, "ext4");
		assert_string_equal(s.label, "a\033b");
	}
	close_both(bd);
}

static void swap_is_no_file_system(void **state)
{
	struct blockdev *bd[2];
	struct probe_super s;

	shell("truncate -s 16M swap.img && chmod 600 swap.img && mkswap swap.img >/dev/null 2>&1");
	open_both("swap.img", bd);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(superblock(bd[i], 0, bd[i]->capacity, &s), 0);
		assert_int_equal(s.usage, PROBE_OTHER);
		assert_string_equal(s.fstype, "swap");
	}
	close_both(bd);
}

static void ranges_outside_the_disk_are_refused(void **state)
{
	struct probe_super s;
	struct blockdev *bd;

	assert_int_equal(memory_open(MIB, &bd), 0);
	assert_int_equal(superblock(bd, 2 * MIB, 1, &s), -ENXIO);
	assert_int_equal(superblock(bd, 512, MIB, &s), -ENXIO);
	assert_int_equal(superblock(bd, UINT64_MAX, UINT64_MAX, &s), -ENXIO);
	assert_int_equal(superblock(bd, 0, 0, &s), -ENXIO);
	blockdev_close(bd);
}

static int set_up(void **state)
{
	return !mkdtemp(dir) || chdir(dir);
}

static int tear_down(void **state)
{
	shell("rm -f *.img fs");
	return chdir("..") || rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gpt_and_its_partitions_are_recognised),
		cmocka_unit_test(a_file_system_without_a_table_is_recognised),
		cmocka_unit_test(an_ntfs_label_is_found_in_a_distant_file_table),
		cmocka_unit_test(swap_is_no_file_system),
		cmocka_unit_test(ranges_outside_the_disk_are_refused),
	};

	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
