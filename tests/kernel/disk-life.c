// SPDX-License-Identifier: GPL-2.0
/*
 * Disks are added and removed while the kernel runs; a disk in use cannot be removed.
 *
 *	disk-life IMAGE		(a bare ext4 file system with /hello)
 */
#include "common.h"
#include <unistd.h>

static const char *image;

static int add_disk(unsigned int flags)
{
	int disk = anyfs_disk_add(image, flags);

	if (disk < 0)
		fail_msg("%s", anyfs_strerror_last());
	return disk;
}

static void a_mounted_disk_is_busy(void **state)
{
	int disk = add_disk(ANYFS_DISK_READONLY);
	AnyfsMount m;
	char path[128];
	int fd;

	assert_int_equal(anyfs_mount(disk, 0, "ext4", LKL_MS_RDONLY, NULL, &m), 0);
	assert_int_equal(anyfs_disk_remove(disk), -EBUSY);
	snprintf(path, sizeof(path), "%s/hello", m.mount_point);
	fd = lkl_sys_open(path, LKL_O_RDONLY, 0);
	assert_true(fd >= 0);
	assert_int_equal(anyfs_umount(m.mount_point), -EBUSY);
	assert_int_equal(lkl_sys_close(fd), 0);
	assert_int_equal(anyfs_umount(m.mount_point), 0);
	assert_int_equal(anyfs_disk_remove(disk), 0);
	assert_int_equal(anyfs_disk_remove(disk), -ENODEV);
}

static void a_disk_can_be_added_and_removed_a_hundred_times(void **state)
{
	for (int i = 0; i < 100; i++) {
		int disk = add_disk(ANYFS_DISK_READONLY);
		AnyfsMount m;

		assert_int_equal(anyfs_mount(disk, 0, NULL, 0, NULL, &m), 0);
		assert_string_equal(m.fstype, "ext4");
		assert_int_equal(anyfs_umount(m.mount_point), 0);
		assert_int_equal(anyfs_disk_remove(disk), 0);
	}
}

static void twelve_disks_exist_at_once(void **state)
{
	int disks[12];

	for (int i = 0; i < 12; i++)
		disks[i] = i % 2 ? anyfs_disk_add_memory(1 << 20) : add_disk(ANYFS_DISK_READONLY);
	for (int i = 0; i < 12; i++) {
		assert_true(disks[i] >= 0);
		for (int j = 0; j < i; j++)
			assert_int_not_equal(disks[i], disks[j]);
	}
	for (int i = 11; i >= 0; i--)
		assert_int_equal(anyfs_disk_remove(disks[i]), 0);
}

static void a_read_only_disk_refuses_writes(void **state)
{
	int disk = add_disk(ANYFS_DISK_READONLY);
	AnyfsMount m;
	char path[128];

	assert_int_equal(anyfs_mount(disk, 0, "ext4", 0, NULL, &m), 0);
	snprintf(path, sizeof(path), "%s/new", m.mount_point);
	assert_int_equal(lkl_sys_open(path, LKL_O_WRONLY | LKL_O_CREAT, 0644), -EROFS);
	assert_int_equal(lkl_sys_mkdir(path, 0755), -EROFS);
	assert_int_equal(anyfs_umount(m.mount_point), 0);
	assert_int_equal(anyfs_disk_remove(disk), 0);
}

/* A writer excludes all others, in this process and in other processes; readers share. */
static void writers_lock_the_image(void **state)
{
	struct anyfs_kernel *other = boot_kernel();
	int disk = add_disk(0), second;

	anyfs_kernel_use(other);
	assert_int_equal(anyfs_disk_add(image, 0), -EBUSY);
	assert_non_null(strstr(anyfs_strerror_last(), image));
	assert_int_equal(anyfs_disk_add(image, ANYFS_DISK_READONLY), -EBUSY);
	anyfs_kernel_use(NULL);
	assert_int_equal(anyfs_disk_remove(disk), 0);

	disk = add_disk(ANYFS_DISK_READONLY);
	anyfs_kernel_use(other);
	second = add_disk(ANYFS_DISK_READONLY);
	assert_int_equal(anyfs_disk_add(image, 0), -EBUSY);
	assert_int_equal(anyfs_disk_remove(second), 0);
	assert_int_equal(anyfs_kernel_shutdown(other), 0);
	anyfs_kernel_use(NULL);
	assert_int_equal(anyfs_disk_remove(disk), 0);
}

static void bad_mounts_are_refused(void **state)
{
	int disk = add_disk(ANYFS_DISK_READONLY);
	AnyfsMount m;

	assert_int_equal(anyfs_mount(disk, 7, NULL, 0, NULL, &m), -ENXIO);
	assert_int_equal(anyfs_mount(disk, 0, "nosuchfs", 0, NULL, &m), -ENODEV);
	assert_int_equal(anyfs_mount(disk, 0, "vfat", 0, NULL, &m), -EINVAL);
	assert_int_equal(anyfs_mount(disk, 0, "ext4", 0, "no-such-option", &m), -EINVAL);
	assert_int_equal(anyfs_mount(disk + 100, 0, "ext4", 0, NULL, &m), -ENODEV);
	assert_int_equal(anyfs_umount("/lklmnt/not-there") < 0, 1);
	assert_int_equal(anyfs_disk_remove(disk), 0);
}

static void an_empty_disk_has_no_file_system(void **state)
{
	int disk = anyfs_disk_add_memory(1 << 20);
	AnyfsMount m;

	assert_true(disk >= 0);
	assert_int_equal(anyfs_disk_size(disk), 1 << 20);
	assert_int_equal(anyfs_mount(disk, 0, NULL, 0, NULL, &m), -EMEDIUMTYPE);
	assert_int_equal(anyfs_disk_remove(disk), 0);
}

/* Removing a disk closes all its descriptors. */
static void removing_a_disk_closes_its_descriptors(void **state)
{
	int before = dup(0), after;

	assert_true(before >= 0);
	close(before);
	for (int i = 0; i < 20; i++)
		assert_int_equal(anyfs_disk_remove(add_disk(0)), 0);
	after = dup(0);
	close(after);
	assert_int_equal(after, before);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mounted_disk_is_busy),
		cmocka_unit_test(a_disk_can_be_added_and_removed_a_hundred_times),
		cmocka_unit_test(twelve_disks_exist_at_once),
		cmocka_unit_test(a_read_only_disk_refuses_writes),
		cmocka_unit_test(writers_lock_the_image),
		cmocka_unit_test(bad_mounts_are_refused),
		cmocka_unit_test(an_empty_disk_has_no_file_system),
		cmocka_unit_test(removing_a_disk_closes_its_descriptors),
	};

	if (argc != 2) {
		fprintf(stderr, "usage: disk-life IMAGE\n");
		return 2;
	}
	image = argv[1];
	return cmocka_run_group_tests(tests, group_boot, group_halt);
}
