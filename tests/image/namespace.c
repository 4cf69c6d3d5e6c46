// SPDX-License-Identifier: GPL-2.0
/*
 * Images, mounts and the end of a kernel, on a disk with partitions.
 *
 *	namespace DISK DIRTY	(DISK: /p1 vfat with /x, /p2 ext4 with /etc/os and a
 *				 link /abs -> /etc/os; DIRTY: ext4 with a journal to replay)
 */
#include "../kernel/common.h"
#include <lkl/linux/stat.h>

static const char *disk_path, *dirty_path;

static struct anyfs_image *open_image(const char *path, unsigned int flags)
{
	struct anyfs_image *im = NULL;

	if (anyfs_image_open(NULL, path, flags, &im))
		fail_msg("%s", anyfs_strerror_last());
	return im;
}

static void check_content(struct anyfs_image *im, const char *path, const char *want)
{
	char buf[64] = "";
	int fd = anyfs_image_openat(im, path, LKL_O_RDONLY, 0);

	if (fd < 0)
		fail_msg("%s", anyfs_strerror_last());
	assert_true(lkl_sys_read(fd, buf, sizeof(buf) - 1) >= 0);
	assert_int_equal(lkl_sys_close(fd), 0);
	assert_string_equal(buf, want);
}

static void paths_lead_into_partitions(void **state)
{
	struct anyfs_image *im = open_image(disk_path, ANYFS_DISK_READONLY);
	char kpath[256];

	assert_int_equal(anyfs_image_is_partitioned(im), 1);
	check_content(im, "/p2/etc/os", "debian\n");
	check_content(im, "p1/x", "x\n");
	/* An absolute link stays in its file system, and so does "..". */
	check_content(im, "/p2/abs", "debian\n");
	check_content(im, "/p2/../../etc/os", "debian\n");
	assert_int_equal(anyfs_image_resolve(im, "/p2/etc", kpath, sizeof(kpath)), 0);
	assert_non_null(strstr(kpath, "/p2/etc"));
	assert_int_equal(anyfs_image_resolve(im, "/p2/etc", kpath, 4), -ENAMETOOLONG);
	assert_int_equal(anyfs_image_openat(im, "/p3", LKL_O_RDONLY, 0), -ENOENT);
	assert_non_null(strstr(anyfs_strerror_last(), "/p1, /p2"));
	assert_int_equal(anyfs_image_openat(im, "/p2/none", LKL_O_RDONLY, 0), -ENOENT);
	assert_int_equal(anyfs_image_openat(im, "/p2/etc/os", LKL_O_WRONLY, 0), -EROFS);
	assert_int_equal(anyfs_image_close(im), 0);
}

static void children_are_found_in_any_order(void **state)
{
	struct anyfs_image *im = open_image(disk_path, ANYFS_DISK_READONLY);
	static const unsigned int order[] = { 1, 1, 0, 1, 2, 0, 7, 1 };
	struct anyfs_node *disk = anyfs_image_node(im), *n;

	assert_null(anyfs_node_child(disk, 0));		/* not listed yet */
	assert_int_equal(anyfs_node_enter(disk), 0);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		n = anyfs_node_child(disk, order[i]);
		if (order[i] > 1)
			assert_null(n);
		else
			assert_string_equal(anyfs_node_path(n), order[i] ? "/p2" : "/p1");
	}
	assert_int_equal(anyfs_image_close(im), 0);
}

static void check_zeros(struct anyfs_node *n, uint64_t off, uint64_t end)
{
	char buf[4096];

	while (off < end) {
		size_t len = end - off < sizeof(buf) ? end - off : sizeof(buf);

		assert_int_equal(anyfs_node_read(n, buf, len, off), 0);
		for (size_t i = 0; i < len; i++)
			assert_int_equal(buf[i], 0);
		off += len;
	}
}

static void holes_of_the_image_are_not_data(void **state)
{
	struct anyfs_image *im = open_image(disk_path, ANYFS_DISK_READONLY);
	struct anyfs_node *disk = anyfs_image_node(im), *n;
	uint64_t off = 0, start, end, data = 0;
	int rc;

	assert_int_equal(anyfs_node_enter(disk), 0);
	n = anyfs_node_child(disk, 1);
	while (!(rc = anyfs_node_find_data(n, off, &start, &end))) {
		assert_true(start >= off && end > start && end <= anyfs_node_size(n));
		check_zeros(n, off, start);
		data += end - start;
		off = end;
	}
	assert_int_equal(rc, -ENXIO);
	check_zeros(n, off, anyfs_node_size(n));
	assert_true(data > 0 && data < anyfs_node_size(n) / 2);
	assert_int_equal(anyfs_node_find_data(n, anyfs_node_size(n), &start, &end), -ENXIO);
	assert_int_equal(anyfs_image_close(im), 0);
}

static void one_file_opened_twice_becomes_two_disks(void **state)
{
	struct anyfs_image *a = open_image(disk_path, ANYFS_DISK_READONLY);
	struct anyfs_image *b = open_image(disk_path, ANYFS_DISK_READONLY);

	assert_int_not_equal(anyfs_image_disk(a), anyfs_image_disk(b));
	check_content(a, "/p1/x", "x\n");
	check_content(b, "/p1/x", "x\n");
	assert_int_equal(anyfs_image_close(a), 0);
	check_content(b, "/p2/etc/os", "debian\n");
	assert_int_equal(anyfs_image_close(b), 0);
	assert_int_equal(anyfs_image_close(NULL), 0);
}

static void closing_an_image_with_an_open_file_returns_ebusy(void **state)
{
	struct anyfs_image *im = open_image(disk_path, ANYFS_DISK_READONLY);
	int fd = anyfs_image_openat(im, "/p1/x", LKL_O_RDONLY, 0);

	assert_true(fd >= 0);
	assert_int_equal(anyfs_image_close(im), -EBUSY);
	assert_int_equal(lkl_sys_close(fd), 0);
}

/* When the last file of a closed image is closed, its mount, disk and lock are removed. */
static void an_image_closed_in_use_is_released_with_its_last_file(void **state)
{
	char buf[8] = "";

	for (int i = 0; i < 20; i++) {
		struct anyfs_image *im = open_image(disk_path, 0), *again;
		int disk = anyfs_image_disk(im);
		int fd = anyfs_image_openat(im, i & 1 ? "/p1/x" : "/p2/etc/os", LKL_O_RDONLY, 0);

		assert_true(fd >= 0);
		assert_int_equal(anyfs_image_close(im), -EBUSY);
		assert_true(lkl_sys_read(fd, buf, sizeof(buf) - 1) > 0);
		assert_int_equal(anyfs_image_open(NULL, disk_path, 0, &again), -EBUSY);
		assert_int_equal(lkl_sys_close(fd), 0);
		/* The lock is exclusive: a lock that was left would prevent the next open. */
		again = open_image(disk_path, 0);
		assert_true(anyfs_image_disk(again) <= disk);
		assert_int_equal(anyfs_image_close(again), 0);
	}
}

static int shared_disk;

/* A memory disk may be removed while other threads ask for its size. */
static void *list_mount_and_ask(void *arg)
{
	intptr_t failed = 0;

	for (int round = 0; round < 30 && !failed; round++) {
		int own = anyfs_disk_add_memory(1 << 20);
		AnyfsPart *parts = NULL;
		AnyfsMount m;

		failed = own < 0 || anyfs_disk_parts(shared_disk, &parts) != 2 ||
			 anyfs_mount(shared_disk, 1, NULL, LKL_MS_RDONLY, NULL, &m) ||
			 anyfs_umount(m.mount_point);
		anyfs_free(parts);
		for (int other = 0; other < 8; other++)
			failed |= anyfs_disk_size(other) == 0;
		failed |= own >= 0 && anyfs_disk_remove(own);
		if (failed)
			print_message("%s\n", anyfs_strerror_last());
	}
	return (void *)failed;
}

static void threads_list_and_mount_one_disk_at_once(void **state)
{
	pthread_t threads[4];
	void *failed;

	shared_disk = anyfs_disk_add(disk_path, ANYFS_DISK_READONLY);
	assert_true(shared_disk >= 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, list_mount_and_ask, NULL), 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
	assert_int_equal(anyfs_disk_remove(shared_disk), 0);
}

static void partitions_are_reported_as_in_the_table(void **state)
{
	int disk = anyfs_disk_add(disk_path, ANYFS_DISK_READONLY);
	char table[8], tiny[2];
	AnyfsPart *parts;

	assert_true(disk >= 0);
	assert_int_equal(anyfs_disk_parts(disk, &parts), 2);
	assert_int_equal(parts[0].number, 1);
	assert_int_equal(parts[0].start, 1 << 20);
	assert_int_equal(parts[0].size, 16 << 20);
	assert_string_equal(parts[0].path, "/p1");
	assert_string_equal(parts[0].fstype, "vfat");
	assert_string_equal(parts[1].fstype, "ext4");
	assert_string_equal(parts[1].name, "root");
	anyfs_free(parts);
	assert_int_equal(anyfs_disk_table(disk, table, sizeof(table)), 0);
	assert_string_equal(table, "gpt");
	assert_int_equal(anyfs_disk_table(disk, tiny, sizeof(tiny)), -ERANGE);
	assert_int_equal(anyfs_disk_remove(disk), 0);
	assert_int_equal(anyfs_disk_parts(disk, &parts), -ENODEV);
}

static void a_partition_can_be_mounted_twice(void **state)
{
	int disk = anyfs_disk_add(disk_path, ANYFS_DISK_READONLY);
	AnyfsMount a, b;

	assert_int_equal(anyfs_mount(disk, 2, NULL, 0, NULL, &a), 0);
	assert_int_equal(anyfs_mount(disk, 2, NULL, 0, NULL, &b), 0);
	assert_string_not_equal(a.mount_point, b.mount_point);
	assert_string_equal(a.note, "");
	assert_int_equal(anyfs_umount(a.mount_point), 0);
	assert_int_equal(anyfs_umount(a.mount_point), -ENOENT);
	assert_int_equal(anyfs_disk_remove(disk), -EBUSY);
	assert_int_equal(anyfs_umount(b.mount_point), 0);
	assert_int_equal(anyfs_disk_remove(disk), 0);
}

static void mounting_a_dirty_journal_sets_a_note(void **state)
{
	int disk = anyfs_disk_add(dirty_path, ANYFS_DISK_READONLY);
	AnyfsMount m;

	assert_true(disk >= 0);
	if (anyfs_mount(disk, 0, NULL, 0, NULL, &m))
		fail_msg("%s", anyfs_strerror_last());
	assert_non_null(strstr(m.note, "journal"));
	assert_int_equal(anyfs_umount(m.mount_point), 0);
	assert_int_equal(anyfs_disk_remove(disk), 0);
}

static void mount_errors_quote_the_kernel_log(void **state)
{
	int disk = anyfs_disk_add(disk_path, ANYFS_DISK_READONLY);
	AnyfsMount m;

	assert_int_equal(anyfs_mount(disk, 2, "vfat", 0, NULL, &m), -EINVAL);
	assert_non_null(strstr(anyfs_strerror_last(), "/p2"));
	assert_non_null(strstr(anyfs_strerror_last(), "the kernel says: FAT-fs"));
	assert_int_equal(anyfs_mount(disk, 2, "nonesuch", 0, NULL, &m), -ENODEV);
	assert_null(strstr(anyfs_strerror_last(), "FAT-fs"));
	assert_int_equal(anyfs_disk_remove(disk), 0);
}

/* The program's mounts, one on another, with an open file and a directory in use. */
static void shutdown_unmounts_all(void **state)
{
	struct anyfs_kernel *k = boot_kernel(), *old = anyfs_kernel_use(k);
	struct anyfs_image *im = open_image(disk_path, 0);
	char kpath[128], inner[160];

	assert_int_equal(anyfs_image_resolve(im, "/p2", kpath, sizeof(kpath)), 0);
	snprintf(inner, sizeof(inner), "%s/etc", kpath);
	assert_int_equal(lkl_sys_mount("none", inner, "tmpfs", 0, NULL), 0);
	assert_int_equal(lkl_sys_chdir(inner), 0);
	assert_true(lkl_sys_openat(LKL_AT_FDCWD, "file", LKL_O_CREAT | LKL_O_RDWR, 0600) >= 0);
	if (anyfs_kernel_shutdown(k))
		fail_msg("%s", anyfs_strerror_last());
	assert_int_equal(anyfs_image_close(im), -ENODEV);
	anyfs_kernel_use(old == k ? NULL : old);
}

static void calls_into_a_dead_kernel_fail(void **state)
{
	struct anyfs_kernel *k = boot_kernel();
	struct anyfs_image *im;

	anyfs_kernel_use(k);
	im = open_image(disk_path, ANYFS_DISK_READONLY);
	assert_int_equal(anyfs_kernel_crash(k, "a test"), -EIO);
	assert_int_equal(anyfs_kernel_is_running(k), 0);
	assert_true(anyfs_image_openat(im, "/p1/x", LKL_O_RDONLY, 0) < 0);
	assert_true(anyfs_image_close(im) < 0);
	assert_int_equal(anyfs_kernel_shutdown(k), -EIO);
	anyfs_kernel_use(NULL);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_lead_into_partitions),
		cmocka_unit_test(children_are_found_in_any_order),
		cmocka_unit_test(holes_of_the_image_are_not_data),
		cmocka_unit_test(one_file_opened_twice_becomes_two_disks),
		cmocka_unit_test(threads_list_and_mount_one_disk_at_once),
		cmocka_unit_test(partitions_are_reported_as_in_the_table),
		cmocka_unit_test(a_partition_can_be_mounted_twice),
		cmocka_unit_test(mounting_a_dirty_journal_sets_a_note),
		cmocka_unit_test(mount_errors_quote_the_kernel_log),
		cmocka_unit_test(shutdown_unmounts_all),
		cmocka_unit_test(calls_into_a_dead_kernel_fail),
		cmocka_unit_test(closing_an_image_with_an_open_file_returns_ebusy),
		cmocka_unit_test(an_image_closed_in_use_is_released_with_its_last_file),
	};

	if (argc != 3) {
		fprintf(stderr, "usage: namespace DISK DIRTY\n");
		return 2;
	}
	disk_path = argv[1];
	dirty_path = argv[2];
	return cmocka_run_group_tests(tests, group_boot, group_halt);
}
