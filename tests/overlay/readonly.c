// SPDX-License-Identifier: GPL-2.0
/*
 * After the replay of a journal everything is still read-only.
 *
 *	readonly DISK	(ext4 on /p1 and /p2; the replay of each journal sets
 *			 the text of "old" to "changed"; the one of /p2 is long)
 */
#include "../kernel/common.h"
#include <lkl/linux/mount.h>

static const char *disk_path;

static int add_disk(unsigned int replay_mb)
{
	const AnyfsDiskOpts opts = { .flags = ANYFS_DISK_READONLY, .replay_mb = replay_mb };
	int disk = anyfs_disk_add_with(disk_path, &opts);

	if (disk < 0)
		fail_msg("%s", anyfs_strerror_last());
	return disk;
}

static void mount_part(int disk, unsigned int part, AnyfsMount *m)
{
	/* No read-only flag for the mount: the disk is read-only. */
	if (anyfs_mount(disk, part, NULL, 0, NULL, m))
		fail_msg("%s", anyfs_strerror_last());
}

static long open_in(const AnyfsMount *m, const char *name, int flags)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", m->mount_point, name);
	return lkl_sys_open(path, flags, 0644);
}

static void check_old(const AnyfsMount *m, const char *want)
{
	char buf[64] = "";
	long fd = open_in(m, "old", LKL_O_RDONLY);

	assert_true(fd >= 0);
	assert_true(lkl_sys_read(fd, buf, sizeof(buf) - 1) >= 0);
	assert_int_equal(lkl_sys_close(fd), 0);
	assert_string_equal(buf, want);
}

static void check_replayed(const AnyfsMount *m)
{
	check_old(m, "changed\n");
	assert_non_null(strstr(m->note, "replayed into memory"));
}

static void check_read_only(const AnyfsMount *m)
{
	struct lkl_statfs sfs;

	assert_int_equal(open_in(m, "old", LKL_O_WRONLY), -LKL_EROFS);
	assert_int_equal(open_in(m, "new", LKL_O_WRONLY | LKL_O_CREAT), -LKL_EROFS);
	assert_true(lkl_sys_mount(NULL, m->mount_point, NULL, LKL_MS_REMOUNT, NULL) < 0);
	assert_int_equal(lkl_sys_statfs(m->mount_point, &sfs), 0);
	assert_true(sfs.f_flags & LKL_MS_RDONLY);
}

static void both_partitions_are_replayed_and_read_only(void **state)
{
	int disk = add_disk(0);
	AnyfsMount one, two, again;

	mount_part(disk, 1, &one);
	check_replayed(&one);
	check_read_only(&one);
	mount_part(disk, 2, &two);
	check_replayed(&two);
	check_read_only(&one);
	check_read_only(&two);
	mount_part(disk, 1, &again);
	check_replayed(&again);
	assert_int_equal(anyfs_umount(one.mount_point), 0);
	check_replayed(&again);
	assert_int_equal(anyfs_disk_remove(disk), -EBUSY);
	assert_int_equal(anyfs_umount(again.mount_point), 0);
	assert_int_equal(anyfs_umount(two.mount_point), 0);
	/* The replayed data stay until the disk is removed. */
	mount_part(disk, 1, &one);
	check_replayed(&one);
	assert_int_equal(anyfs_umount(one.mount_point), 0);
	assert_int_equal(anyfs_disk_remove(disk), 0);
}

static void devices_cannot_be_written(void **state)
{
	int disk = add_disk(0);
	char node[64], text[512] = "gone";
	AnyfsMount m;

	mount_part(disk, 1, &m);
	assert_int_equal(lkl_sys_mkdir("/mnt", 0755), 0);
	for (int id = disk; id <= disk + 1; id++) {
		for (const char *part = ""; part; part = *part ? NULL : "p1") {
			long fd;

			snprintf(node, sizeof(node), "/dev/disk%d%s", id, part);
			assert_true(lkl_sys_mount(node, "/mnt", "ext4", 0, NULL) < 0);
			fd = lkl_sys_open(node, LKL_O_WRONLY, 0);
			if (fd < 0)
				continue;
			assert_true(lkl_sys_write(fd, text, sizeof(text)) < 0);
			assert_int_equal(lkl_sys_close(fd), 0);
		}
	}
	assert_int_equal(anyfs_umount(m.mount_point), 0);
	assert_int_equal(anyfs_disk_remove(disk), 0);
}

static void the_second_device_is_not_a_disk_of_the_user(void **state)
{
	int disk = add_disk(0), other;
	AnyfsMount m, hidden;

	mount_part(disk, 1, &m);
	assert_int_equal(anyfs_mount(disk + 1, 1, NULL, 0, NULL, &hidden), -ENODEV);
	assert_int_equal(anyfs_disk_size(disk + 1), -ENODEV);
	assert_int_equal(anyfs_disk_remove(disk + 1), -ENODEV);
	other = add_disk(0);
	assert_int_not_equal(other, disk);
	assert_int_equal(anyfs_disk_remove(other), 0);
	assert_int_equal(anyfs_umount(m.mount_point), 0);
	assert_int_equal(anyfs_disk_remove(disk), 0);
}

static void a_replay_that_needs_too_much_memory_is_refused(void **state)
{
	int disk = add_disk(1);
	AnyfsMount m;

	mount_part(disk, 2, &m);
	assert_non_null(strstr(m.note, "not replayed"));
	assert_non_null(strstr(m.note, "memory"));
	check_old(&m, "original\n");
	check_read_only(&m);
	assert_int_equal(anyfs_umount(m.mount_point), 0);
	/* A partial replay leaves nothing behind. */
	mount_part(disk, 1, &m);
	check_replayed(&m);
	assert_int_equal(anyfs_umount(m.mount_point), 0);
	assert_int_equal(anyfs_disk_remove(disk), 0);
}

static void a_kernel_with_a_replayed_journal_can_end(void **state)
{
	struct anyfs_kernel *k;
	struct anyfs_image *im;
	int fd;

	assert_int_equal(anyfs_kernel_boot(NULL, &k), 0);
	assert_int_equal(anyfs_image_open(k, disk_path, ANYFS_DISK_READONLY, &im), 0);
	anyfs_kernel_use(k);
	fd = anyfs_image_openat(im, "/p1/old", LKL_O_RDONLY, 0);
	assert_true(fd >= 0);
	assert_int_equal(lkl_sys_close(fd), 0);
	assert_int_equal(anyfs_kernel_shutdown(k), 0);
	assert_int_equal(anyfs_image_close(im), -ENODEV);

	assert_int_equal(anyfs_kernel_boot(NULL, &k), 0);
	assert_int_equal(anyfs_image_open(k, disk_path, ANYFS_DISK_READONLY, &im), 0);
	assert_true(anyfs_image_openat(im, "/p2/old", LKL_O_RDONLY, 0) >= 0);
	assert_int_equal(anyfs_kernel_crash(k, "test"), -EIO);
	anyfs_image_close(im);
	assert_int_equal(anyfs_kernel_shutdown(k), -EIO);
	anyfs_kernel_use(NULL);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		{ "both partitions are replayed and stay read-only",
		  both_partitions_are_replayed_and_read_only, NULL, NULL, NULL },
		{ "their devices cannot be written", devices_cannot_be_written, NULL, NULL, NULL },
		{ "the second device is not a disk of the user",
		  the_second_device_is_not_a_disk_of_the_user, NULL, NULL, NULL },
		{ "a replay that needs too much memory is refused with a message",
		  a_replay_that_needs_too_much_memory_is_refused, NULL, NULL, NULL },
		{ "a kernel with a replayed journal can end",
		  a_kernel_with_a_replayed_journal_can_end, NULL, NULL, NULL },
	};

	if (argc != 2) {
		fprintf(stderr, "usage: readonly DISK\n");
		return 2;
	}
	disk_path = argv[1];
	return cmocka_run_group_tests(tests, group_boot, group_halt);
}
