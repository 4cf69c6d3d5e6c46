// SPDX-License-Identifier: GPL-2.0
/*
 * verity.c - read a disk of 1 MiB of zeros through dm-verity
 *
 *	verity DATA HASHES ROOT-HASH good|bad
 *
 * HASHES has a super block of 4 KiB before the tree; no salt.
 */
#include "dm.h"

static uint32_t add_image(const char *path)
{
	int disk = anyfs_disk_add(path, ANYFS_DISK_READONLY);
	uint32_t dev = 0;

	if (disk < 0)
		fail_msg("%s", anyfs_strerror_last());
	assert_int_equal(lkl_get_virtio_blkdev(disk, 0, &dev), 0);
	return dev;
}

static char **args;

static void test_verity(void **state)
{
	static unsigned char zeros[MIB], buf[MIB];
	uint32_t data = add_image(args[1]), hashes = add_image(args[2]), dev;
	long n;
	int fd;

	dm_flags = LKL_DM_READONLY_FLAG;
	dev = dm_map("verity", SECTORS(1), "verity", "1 %u:%u %u:%u 4096 4096 256 1 sha256 %s -",
		     DEV(data), DEV(hashes), args[3]);
	fd = open_dev(dev, LKL_O_RDONLY);
	n = lkl_sys_pread64(fd, buf, 128 * 1024, 0);
	assert_int_equal(n, 128 * 1024);
	assert_memory_equal(buf, zeros, n);
	n = lkl_sys_pread64(fd, buf, 4096, 500000 / 4096 * 4096);
	assert_int_equal(n, strcmp(args[4], "good") ? -EIO : 4096);
	lkl_sys_close(fd);
	dm_unmap("verity");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_verity) };

	if (argc != 5) {
		fprintf(stderr, "usage: verity DATA HASHES ROOT-HASH good|bad\n");
		return 2;
	}
	args = argv;
	return cmocka_run_group_tests_name("verity", tests, group_boot, group_halt);
}
