// SPDX-License-Identifier: GPL-2.0
/*
 * A disk as a whole and one of its partitions, mounted at the same time.
 *
 *	hybrid ISO	(with an ISO as partition 0 and a FAT as partition 2)
 */
#include "../kernel/common.h"

static const char *iso;

static void the_whole_disk_and_a_partition_mount_in_any_order(void **state)
{
	for (unsigned int first = 0; first <= 2; first += 2) {
		int disk = anyfs_disk_add(iso, 0);
		AnyfsMount a, b;

		assert_true(disk >= 0);
		if (anyfs_mount(disk, first, NULL, 0, NULL, &a) ||
		    anyfs_mount(disk, 2 - first, NULL, 0, NULL, &b))
			fail_msg("%s", anyfs_strerror_last());
		assert_string_equal(first ? b.fstype : a.fstype, "iso9660");
		assert_string_equal(first ? a.fstype : b.fstype, "vfat");
		assert_int_equal(anyfs_disk_remove(disk), -EBUSY);
		assert_int_equal(anyfs_umount(a.mount_point), 0);
		assert_int_equal(anyfs_disk_remove(disk), -EBUSY);
		assert_int_equal(anyfs_umount(b.mount_point), 0);
		assert_int_equal(anyfs_disk_remove(disk), 0);
		/* The lock of the file is free. */
		disk = anyfs_disk_add(iso, 0);
		assert_true(disk >= 0);
		assert_int_equal(anyfs_disk_remove(disk), 0);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_disk_and_a_partition_mount_in_any_order),
	};

	if (argc != 2)
		return 2;
	iso = argv[1];
	return cmocka_run_group_tests(tests, group_boot, group_halt);
}
