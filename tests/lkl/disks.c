// SPDX-License-Identifier: GPL-2.0
/*
 * Disks that are descriptors: before and after the start, removed early and
 * late, mounted and unmounted by number.
 *
 *	disks EXT4 DISK	(a bare ext4 with /hello; a GPT disk: vfat, ext4 with /hello)
 */
#include "common.h"

static const char *ext4, *gpt;
static char mnt[32], path[64];

static struct lkl_disk open_disk(const char *image, int flags)
{
	struct lkl_disk disk = { 0 };

	disk.fd = open(image, flags);
	assert_true(disk.fd >= 0);
	return disk;
}

/* The library keeps its own descriptor. */
static int add(struct lkl_disk *disk, const char *image, int flags)
{
	int id;

	*disk = open_disk(image, flags);
	id = must(lkl_disk_add(disk));
	close(disk->fd);
	assert_non_null(disk->dev);
	return id;
}

static const char *path_in_mount(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", mnt, name);
	return path;
}

static void disks_can_be_added_before_the_kernel_starts(void **state)
{
	struct lkl_disk a, b;
	struct lkl_stat st;
	uint32_t dev;
	int id_a = add(&a, ext4, O_RDONLY), id_b = add(&b, gpt, O_RDWR);

	assert_int_equal(lkl_mount_dev(id_a, 0, "ext4", 0, NULL, mnt, sizeof(mnt)), -LKL_ENODEV);
	must(start_quietly(NULL));
	must(lkl_mount_dev(id_b, 2, "ext4", 0, NULL, mnt, sizeof(mnt)));
	assert_file(path_in_mount("hello"), "hello gpt\n");
	must(lkl_get_virtio_blkdev(id_b, 2, &dev));
	snprintf(path, sizeof(path), "/mnt/%08x", dev);
	assert_string_equal(mnt, path);
	snprintf(path, sizeof(path), "/dev/%08x", dev);
	must(lkl_sys_stat(path, &st));
	assert_int_equal(st.st_rdev, dev);
	must(lkl_umount_dev(id_b, 2, 0, 0));
	assert_int_equal(lkl_sys_stat(path, &st), -LKL_ENOENT);
	assert_int_equal(lkl_sys_stat(mnt, &st), -LKL_ENOENT);

	must(lkl_mount_dev(id_a, 0, "ext4", LKL_MS_RDONLY, NULL, mnt, sizeof(mnt)));
	assert_file(path_in_mount("hello"), "hello\n");
	assert_int_equal(lkl_disk_remove(a), -LKL_EBUSY);
	must(lkl_umount_dev(id_a, 0, 0, 0));
	must(lkl_disk_remove(a));
	assert_int_equal(lkl_get_virtio_blkdev(id_a, 0, &dev), -LKL_ENXIO);
	must(lkl_disk_remove(b));
	must(halt(NULL));
}

/* Removing a queued disk does not change the numbers of the others. */
static void removing_a_queued_disk_keeps_the_other_ids(void **state)
{
	struct lkl_disk a, b, c, d;
	int id_a = add(&a, ext4, O_RDONLY), id_b = add(&b, ext4, O_RDONLY);
	int id_c = add(&c, gpt, O_RDONLY), id_d;

	must(lkl_disk_remove(a));
	must(start_quietly(NULL));
	must(lkl_mount_dev(id_c, 2, "ext4", LKL_MS_RDONLY, NULL, mnt, sizeof(mnt)));
	assert_file(path_in_mount("hello"), "hello gpt\n");
	must(lkl_umount_dev(id_c, 2, 0, 0));
	must(lkl_mount_dev(id_b, 0, "ext4", LKL_MS_RDONLY, NULL, mnt, sizeof(mnt)));
	assert_file(path_in_mount("hello"), "hello\n");
	must(lkl_umount_dev(id_b, 0, 0, 0));
	id_d = add(&d, gpt, O_RDONLY);
	assert_int_equal(id_d, id_a);
	must(halt(NULL));
}

static void a_disk_can_be_removed_after_its_kernel_has_ended(void **state)
{
	struct lkl_disk old, fresh, never = { 0 };
	int id = add(&old, ext4, O_RDWR), id2;

	must(start_quietly(NULL));
	must(lkl_sys_halt());
	must(start_quietly(NULL));
	/* The lock was released with the kernel, and the number is free again. */
	id2 = add(&fresh, ext4, O_RDWR);
	assert_int_equal(id, id2);
	must(lkl_disk_remove(old));
	must(lkl_mount_dev(id2, 0, "ext4", 0, NULL, mnt, sizeof(mnt)));
	must(lkl_umount_dev(id2, 0, 0, 0));
	must(lkl_disk_remove(fresh));
	must(lkl_disk_remove(fresh));
	assert_int_equal(lkl_disk_remove(never), -LKL_EINVAL);
	never.dev = &never;
	assert_int_equal(lkl_disk_remove(never), -LKL_EINVAL);
	must(halt(NULL));
}

static void lkl_cleanup_empties_the_queue(void **state)
{
	struct lkl_disk a;
	uint32_t dev;
	int id = add(&a, ext4, O_RDWR);

	lkl_cleanup();
	must(start_quietly(NULL));
	assert_int_equal(lkl_get_virtio_blkdev(id, 0, &dev), -LKL_ENXIO);
	must(lkl_disk_remove(a));
	must(halt(NULL));
}

static void written_files_survive_unmount_and_halt(void **state)
{
	struct lkl_disk a;
	int id;

	must(start_quietly(NULL));
	id = add(&a, ext4, O_RDWR);
	must(lkl_mount_dev(id, 0, "ext4", 0, "errors=remount-ro", mnt, sizeof(mnt)));
	write_file(path_in_mount("new"), "written");
	must(lkl_umount_dev(id, 0, 0, 1000));
	must(lkl_disk_remove(a));
	id = add(&a, ext4, O_RDWR);
	must(lkl_mount_dev(id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)));
	assert_file(path_in_mount("new"), "written");
	write_file(path_in_mount("later"), "at the halt");
	/* The disk is mounted and a file is open: halting still writes everything back. */
	must(lkl_sys_open(path_in_mount("later"), LKL_O_RDONLY, 0));
	must(halt(NULL));
	must(start_quietly(NULL));
	id = add(&a, ext4, O_RDONLY);
	must(lkl_mount_dev(id, 0, "ext4", LKL_MS_RDONLY, NULL, mnt, sizeof(mnt)));
	assert_file(path_in_mount("later"), "at the halt");
	must(halt(NULL));
}

static void a_read_only_descriptor_is_a_read_only_disk(void **state)
{
	struct lkl_disk a;
	int id;

	must(start_quietly(NULL));
	id = add(&a, ext4, O_RDONLY);
	assert_int_equal(lkl_mount_dev(id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)), -LKL_EACCES);
	must(lkl_mount_dev(id, 0, "ext4", LKL_MS_RDONLY, NULL, mnt, sizeof(mnt)));
	assert_int_equal(lkl_sys_creat(path_in_mount("x"), 0644), -LKL_EROFS);
	must(halt(NULL));
}

struct closer {
	long fd;
	useconds_t after;
};

static void *close_later(void *arg)
{
	struct closer *c = arg;

	usleep(c->after);
	return (void *)lkl_sys_close(c->fd);
}

static void a_busy_unmount_waits(void **state)
{
	struct closer c = { .after = 50000 };
	struct lkl_disk a;
	pthread_t t;
	void *rc;
	int id;

	must(start_quietly(NULL));
	id = add(&a, ext4, O_RDONLY);
	must(lkl_mount_dev(id, 0, "ext4", LKL_MS_RDONLY, NULL, mnt, sizeof(mnt)));
	c.fd = must(lkl_sys_open(path_in_mount("hello"), LKL_O_RDONLY, 0));
	assert_int_equal(lkl_umount_dev(id, 0, 0, 20), -LKL_EBUSY);
	assert_file(path_in_mount("hello"), "hello\n");
	assert_int_equal(lkl_umount_timeout(mnt, 0, 0), -LKL_EBUSY);
	assert_int_equal(pthread_create(&t, NULL, close_later, &c), 0);
	assert_int_equal(lkl_umount_dev(id, 0, 0, 60000), 0);
	pthread_join(t, &rc);
	assert_null(rc);

	must(lkl_mount_dev(id, 0, "ext4", LKL_MS_RDONLY, NULL, mnt, sizeof(mnt)));
	must(lkl_sys_open(path_in_mount("hello"), LKL_O_RDONLY, 0));
	must(lkl_umount_dev(id, 0, LKL_MNT_DETACH, 0));
	must(halt(NULL));
}

static void bad_mounts_and_disks_are_refused(void **state)
{
	static char options[5000];
	struct lkl_disk a, bad = { .fd = -1 };
	char tiny[8];
	int id, fds[2];

	must(start_quietly(NULL));
	id = add(&a, gpt, O_RDONLY);
	memset(options, 'x', sizeof(options) - 1);
	assert_int_equal(lkl_mount_dev(id, 9, "ext4", 0, NULL, mnt, sizeof(mnt)), -LKL_ENXIO);
	assert_int_equal(lkl_mount_dev(id + 1, 0, "ext4", 0, NULL, mnt, sizeof(mnt)), -LKL_ENXIO);
	assert_int_equal(lkl_mount_dev(id, 2, "nonesuch", LKL_MS_RDONLY, NULL, mnt, sizeof(mnt)), -LKL_ENODEV);
	assert_int_equal(lkl_mount_dev(id, 1, "ext4", LKL_MS_RDONLY, NULL, mnt, sizeof(mnt)), -LKL_EINVAL);
	assert_int_equal(lkl_mount_dev(id, 2, NULL, 0, NULL, mnt, sizeof(mnt)), -LKL_EINVAL);
	assert_int_equal(lkl_mount_dev(id, 2, "ext4", 0, NULL, tiny, sizeof(tiny)), -LKL_ENAMETOOLONG);
	assert_int_equal(lkl_mount_dev(id, 2, "ext4", 0, options, mnt, sizeof(mnt)), -LKL_E2BIG);
	assert_int_equal(lkl_umount_dev(id, 2, 0, 0), -LKL_ENOENT);
	must(lkl_mount_dev(id, 1, "vfat", LKL_MS_RDONLY, NULL, mnt, sizeof(mnt)));
	assert_int_equal(lkl_mount_dev(id, 1, "vfat", LKL_MS_RDONLY, NULL, mnt, sizeof(mnt)), -LKL_EBUSY);
	assert_file(path_in_mount("hello"), "hello fat\n");

	assert_int_equal(lkl_disk_add(&bad), -LKL_EBADF);
	assert_null(bad.dev);
	assert_int_equal(pipe(fds), 0);
	bad.fd = fds[0];
	assert_int_equal(lkl_disk_add(&bad), -LKL_EINVAL);
	/* The image is open for reading: it cannot be opened for writing. */
	bad = open_disk(gpt, O_RDWR);
	assert_int_equal(lkl_disk_add(&bad), -LKL_EBUSY);
	close(bad.fd);
	must(halt(NULL));
}

static void anyfs_functions_work_on_the_same_disks(void **state)
{
	AnyfsKernelOpts opts = { .mem_mb = 32 };
	struct lkl_disk a, b;
	AnyfsMount m;
	int waiting = add(&b, gpt, O_RDONLY), id;

	/* The first kernel gets the queued disks, whichever function boots it. */
	assert_int_equal(anyfs_kernel_init(&opts), 0);
	assert_int_equal(anyfs_mount(waiting, 2, NULL, LKL_MS_RDONLY, NULL, &m), 0);
	assert_int_equal(anyfs_umount(m.mount_point), 0);
	id = add(&a, ext4, O_RDONLY);
	assert_int_equal(anyfs_mount(id, 0, NULL, LKL_MS_RDONLY, NULL, &m), 0);
	assert_string_equal(m.fstype, "ext4");
	assert_int_equal(lkl_disk_remove(a), -LKL_EBUSY);
	assert_int_equal(anyfs_umount(m.mount_point), 0);
	assert_int_equal(anyfs_disk_remove(id), 0);
	/* The disk was removed through the other interface, and its number is reused. */
	assert_int_equal(anyfs_disk_add(ext4, ANYFS_DISK_READONLY), id);
	must(lkl_disk_remove(a));
	must(lkl_mount_dev(id, 0, "ext4", LKL_MS_RDONLY, NULL, mnt, sizeof(mnt)));
	assert_int_equal(anyfs_disk_remove(id), -EBUSY);
	assert_int_equal(anyfs_umount(mnt), 0);
	assert_int_equal(anyfs_disk_remove(id), 0);
	assert_int_equal(anyfs_kernel_halt(), 0);
	lkl_cleanup();
}

/* A program's own operations can call the built-in ones. */
static int requests;

static int counted_request(struct lkl_disk disk, struct lkl_blk_req *req)
{
	requests++;
	return lkl_dev_blk_ops.request(disk, req);
}

static void the_built_in_operations_can_be_called(void **state)
{
	struct lkl_dev_blk_ops own = {
		.get_capacity = lkl_dev_blk_ops.get_capacity, .request = counted_request,
	};
	struct lkl_disk disk = open_disk(ext4, O_RDWR), same = open_disk(gpt, O_RDONLY);
	unsigned long long size = 0;
	int id, id_same;

	assert_int_equal(lkl_dev_blk_ops.get_capacity(disk, &size), 0);
	assert_int_equal(size, lseek(disk.fd, 0, SEEK_END));
	assert_true(lkl_dev_blk_ops.get_capacity((struct lkl_disk){ .fd = -1 }, &size) < 0);
	disk.ops = &own;
	same.ops = &lkl_dev_blk_ops;	/* the same as NULL */
	id = must(lkl_disk_add(&disk));
	id_same = must(lkl_disk_add(&same));
	must(start_quietly(NULL));
	must(lkl_mount_dev(id_same, 2, "ext4", LKL_MS_RDONLY, NULL, mnt, sizeof(mnt)));
	assert_file(path_in_mount("hello"), "hello gpt\n");
	must(lkl_umount_dev(id_same, 2, 0, 0));
	must(lkl_mount_dev(id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)));
	write_file(path_in_mount("counted"), "counted");
	must(lkl_umount_dev(id, 0, 0, 0));
	assert_true(requests > 0);
	requests = 0;
	must(lkl_mount_dev(id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)));
	assert_file(path_in_mount("counted"), "counted");
	must(lkl_sys_unlink(path_in_mount("counted")));
	must(lkl_umount_dev(id, 0, 0, 0));
	must(halt(NULL));
	close(disk.fd);
	close(same.fd);
}

static void a_disk_can_be_mounted_by_device_number(void **state)
{
	struct lkl_disk disk;
	char by_number[32];
	uint32_t dev;
	int id = add(&disk, gpt, O_RDONLY);

	must(start_quietly(NULL));
	must(lkl_get_virtio_blkdev(id, 2, &dev));
	must(lkl_mount_blkdev(dev, "ext4", LKL_MS_RDONLY, NULL, by_number, sizeof(by_number)));
	snprintf(mnt, sizeof(mnt), "/mnt/%08x", dev);
	assert_string_equal(by_number, mnt);
	assert_file(path_in_mount("hello"), "hello gpt\n");
	must(lkl_umount_blkdev(dev, 0, 1000));
	assert_int_equal(lkl_sys_access(mnt, 0), -LKL_ENOENT);
	assert_true(lkl_umount_blkdev(dev, 0, 0) < 0);
	assert_true(lkl_mount_blkdev(LKL_MKDEV(254, 200), "ext4", LKL_MS_RDONLY, NULL, mnt,
				     sizeof(mnt)) < 0);
	assert_int_equal(lkl_mount_blkdev(dev, NULL, 0, NULL, mnt, sizeof(mnt)), -LKL_EINVAL);
	must(halt(NULL));
}

/* The program may hold a write lock on the descriptor that it passes. */
static void a_write_lock_of_the_program_itself_does_not_conflict(void **state)
{
	static const int commands[] = { F_SETLK, F_OFD_SETLK };
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	for (int i = 0; i < 2; i++) {
		struct lkl_disk disk = open_disk(ext4, O_RDWR), other = open_disk(ext4, O_RDWR);

		lock.l_type = F_WRLCK;
		assert_int_equal(fcntl(disk.fd, commands[i], &lock), 0);
		must(lkl_disk_add(&disk));
		must(lkl_disk_remove(disk));
		/* A read lock is not enough, because it does not exclude readers. */
		lock.l_type = F_RDLCK;
		assert_int_equal(fcntl(disk.fd, commands[i], &lock), 0);
		assert_int_equal(lkl_disk_add(&disk), -LKL_EBUSY);
		assert_non_null(strstr(anyfs_strerror_last(), "this program itself holds a read lock"));
		lock.l_type = F_WRLCK;
		assert_int_equal(fcntl(disk.fd, commands[i], &lock), 0);
		/*
		 * Such a lock belongs to the open file description, so it conflicts with
		 * another one even in the same process.
		 */
		if (commands[i] == F_OFD_SETLK)
			assert_int_equal(lkl_disk_add(&other), -LKL_EBUSY);
		close(other.fd);
		close(disk.fd);
	}
}

static void lkl_mount_fs_mounts_file_systems_without_a_disk(void **state)
{
	must(start_quietly(NULL));
	assert_int_equal(lkl_mount_fs("proc"), 0);
	assert_int_equal(lkl_mount_fs("proc"), 1);
	must(lkl_sys_access("/proc/self/status", 0));
	assert_int_equal(lkl_umount_timeout("/proc", 0, 100), 0);
	assert_int_equal(lkl_mount_fs("nonesuch"), -LKL_ENODEV);
	assert_int_equal(lkl_sys_access("/nonesuch", 0), -LKL_ENOENT);
	must(halt(NULL));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(disks_can_be_added_before_the_kernel_starts),
		cmocka_unit_test(removing_a_queued_disk_keeps_the_other_ids),
		cmocka_unit_test(a_disk_can_be_removed_after_its_kernel_has_ended),
		cmocka_unit_test(lkl_cleanup_empties_the_queue),
		cmocka_unit_test(written_files_survive_unmount_and_halt),
		cmocka_unit_test(a_read_only_descriptor_is_a_read_only_disk),
		cmocka_unit_test(a_busy_unmount_waits),
		cmocka_unit_test(bad_mounts_and_disks_are_refused),
		cmocka_unit_test(anyfs_functions_work_on_the_same_disks),
		cmocka_unit_test(lkl_mount_fs_mounts_file_systems_without_a_disk),
		cmocka_unit_test(the_built_in_operations_can_be_called),
		cmocka_unit_test(a_disk_can_be_mounted_by_device_number),
		cmocka_unit_test(a_write_lock_of_the_program_itself_does_not_conflict),
	};

	if (argc != 3)
		return 2;
	ext4 = argv[1];
	gpt = argv[2];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
