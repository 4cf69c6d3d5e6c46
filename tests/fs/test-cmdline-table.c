// SPDX-License-Identifier: GPL-2.0
/*
 * test-cmdline-table.c - partitions that a kernel parameter names
 *
 * Boards without a partition table on their flash pass one by blkdevparts=.
 */
#include "blocks.h"
#include <lkl/linux/fs.h>

static int boot_with_table(void **state)
{
	AnyfsKernelOpts opts = { .mem_mb = 64, .cmdline = "blkdevparts=vda:2M@1M(boot),-(rest)" };

	return anyfs_kernel_init(&opts);
}

static uint64_t size_of(uint32_t dev)
{
	int fd = open_dev(dev, LKL_O_RDONLY);
	uint64_t size = 0;

	assert_int_equal(lkl_sys_ioctl(fd, LKL_BLKGETSIZE64, (unsigned long)&size), 0);
	lkl_sys_close(fd);
	return size;
}

static void test_two_partitions(void **state)
{
	int disk = anyfs_disk_add_memory(8 * MIB);
	unsigned char byte;
	uint32_t dev;
	int fd;

	assert_true(disk >= 0);
	assert_int_equal(lkl_get_virtio_blkdev(disk, 2, &dev), 0);
	assert_int_equal(size_of(dev), 5 * MIB);
	assert_int_equal(lkl_get_virtio_blkdev(disk, 1, &dev), 0);
	assert_int_equal(size_of(dev), 2 * MIB);
	fill_dev(dev, 1);
	assert_int_equal(lkl_get_virtio_blkdev(disk, 0, &dev), 0);
	fd = open_dev(dev, LKL_O_RDONLY);
	for (unsigned int at = 0; at < MIB; at += 4099) {
		assert_int_equal(lkl_sys_pread64(fd, &byte, 1, MIB + at), 1);
		assert_int_equal(byte, pattern_byte(1, at));
	}
	lkl_sys_close(fd);
	assert_true(lkl_get_virtio_blkdev(disk, 3, &dev) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_two_partitions) };

	return cmocka_run_group_tests_name("cmdline-table", tests, boot_with_table, group_halt);
}
