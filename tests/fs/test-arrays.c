// SPDX-License-Identifier: GPL-2.0
/*
 * test-arrays.c - RAID levels of md over disks in memory
 *
 * The arrays are made by the driver's ioctls, without superblocks.  If a level has redundancy,
 * members fail and the data is still there.
 */
#include "blocks.h"
#include <stdbool.h>
#include <lkl/linux/major.h>
#include <lkl/linux/raid/md_p.h>
#include <lkl/linux/raid/md_u.h>

#define CHUNK		(64 << 10)
#define DISK_MIB	8

struct level {
	int level;
	unsigned int disks;
	unsigned int may_fail;
	unsigned int layout;
	bool chunked;
};

static void stop(int fd)
{
	assert_int_equal(lkl_sys_ioctl(fd, LKL_STOP_ARRAY, 0), 0);
	lkl_sys_close(fd);
}

static void add_disk(int fd, unsigned int i, uint32_t dev)
{
	lkl_mdu_disk_info_t disk = {
		.number = i, .raid_disk = i, .major = major_of(dev), .minor = minor_of(dev),
		.state = 1 << LKL_MD_DISK_SYNC | 1 << LKL_MD_DISK_ACTIVE,
	};

	assert_int_equal(lkl_sys_ioctl(fd, LKL_ADD_NEW_DISK, (unsigned long)&disk), 0);
}

static void try_level(const struct level *l)
{
	uint32_t md = LKL_MD_MAJOR << 8, disks[8];
	lkl_mdu_array_info_t info = {
		.major_version = 0, .minor_version = 90, .level = l->level, .size = DISK_MIB << 10,
		.nr_disks = l->disks, .raid_disks = l->disks, .not_persistent = 1,
		.state = 1 << LKL_MD_SB_CLEAN, .active_disks = l->disks,
		.working_disks = l->disks, .layout = l->layout,
		.chunk_size = l->chunked ? CHUNK : 0,
	};
	int fd = open_dev(md, LKL_O_RDWR);
	long rc;

	print_message("RAID level %d, %u disks\n", l->level, l->disks);
	assert_int_equal(lkl_sys_ioctl(fd, LKL_SET_ARRAY_INFO, (unsigned long)&info), 0);
	for (unsigned int i = 0; i < l->disks; i++) {
		disks[i] = memory_disk(DISK_MIB);
		add_disk(fd, i, disks[i]);
	}
	rc = lkl_sys_ioctl(fd, LKL_RUN_ARRAY, 0);
	if (rc)
		fail_msg("RAID level %d does not run: %s", l->level, lkl_strerror(rc));
	fill_dev(md, 20 + l->level);
	assert_int_equal(compare_dev(md, 20 + l->level), 0);
	for (unsigned int i = 0; i < l->may_fail; i++) {
		unsigned int kernel_dev = major_of(disks[i]) << 8 | minor_of(disks[i]);

		assert_int_equal(lkl_sys_ioctl(fd, LKL_SET_DISK_FAULTY, kernel_dev), 0);
		assert_int_equal(compare_dev(md, 20 + l->level), 0);
	}
	if (l->may_fail) {
		fill_dev(md, 40 + l->level);
		assert_int_equal(compare_dev(md, 40 + l->level), 0);
	}
	stop(fd);
}

static void test_levels(void **state)
{
	static const struct level levels[] = {
		{ -1, 2, 0, 0, true },
		{ 0, 2, 0, 0, true },
		{ 1, 2, 1, 0, false },
		{ 4, 3, 1, 0, true },
		{ 5, 3, 1, 2, true },
		{ 6, 4, 2, 2, true },
		{ 10, 4, 1, 0x102, true },
	};

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		try_level(&levels[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_levels) };

	return cmocka_run_group_tests_name("arrays", tests, group_boot, group_halt);
}
