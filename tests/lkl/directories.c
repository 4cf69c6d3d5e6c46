// SPDX-License-Identifier: GPL-2.0
/*
 * Directories: every entry once, rewinding, errors, and directories that
 * outlive their kernel.
 */
#include "common.h"

#define ENTRIES	3000

static int count_named(struct lkl_dir *dir, char *seen)
{
	struct lkl_linux_dirent64 *de;
	int n = 0, number;

	while ((de = lkl_readdir(dir))) {
		if (sscanf(de->d_name, "entry-%d", &number) != 1)
			continue;
		assert_in_range(number, 0, ENTRIES - 1);
		seen[number]++;
		n++;
	}
	assert_int_equal(lkl_errdir(dir), 0);
	return n;
}

static void readdir_returns_every_entry_once(void **state)
{
	char seen[ENTRIES] = "", path[64];
	struct lkl_dir *dir;
	int err = 1;

	must(lkl_sys_mkdir("/many", 0755));
	for (int i = 0; i < ENTRIES; i++) {
		snprintf(path, sizeof(path), "/many/entry-%d", i);
		must(lkl_sys_mknod(path, LKL_S_IFREG | 0644, 0));
	}
	dir = lkl_opendir("/many", &err);
	assert_non_null(dir);
	assert_int_equal(err, 0);
	assert_int_equal(count_named(dir, seen), ENTRIES);
	for (int i = 0; i < ENTRIES; i++)
		assert_int_equal(seen[i], 1);
	assert_null(lkl_readdir(dir));

	/* After a rewind the directory shows names that were added and removed meanwhile. */
	must(lkl_sys_unlink("/many/entry-7"));
	lkl_rewinddir(dir);
	assert_int_equal(count_named(dir, seen), ENTRIES - 1);
	assert_int_equal(seen[7], 1);
	assert_int_equal(seen[8], 2);
	assert_int_equal(lkl_closedir(dir), 0);
}

static void fdopendir_takes_the_descriptor_of_a_directory(void **state)
{
	long fd;
	struct lkl_dir *dir;
	int err;

	must(lkl_sys_mkdir("/d", 0755));
	write_file("/f", "file");
	fd = must(lkl_sys_open("/d", LKL_O_RDONLY | LKL_O_DIRECTORY, 0));
	dir = lkl_fdopendir(fd, &err);
	assert_non_null(dir);
	assert_int_equal(lkl_dirfd(dir), fd);
	assert_int_equal(lkl_closedir(dir), 0);
	assert_int_equal(lkl_sys_close(fd), -LKL_EBADF);

	fd = must(lkl_sys_open("/f", LKL_O_RDONLY, 0));
	assert_null(lkl_fdopendir(fd, &err));
	assert_int_equal(err, -LKL_ENOTDIR);
	assert_int_equal(lkl_sys_close(fd), 0);		/* still open */
	assert_null(lkl_fdopendir(fd, &err));
	assert_int_equal(err, -LKL_EBADF);
}

static void opendir_and_readdir_return_errors(void **state)
{
	struct lkl_dir *dir;
	int err;

	assert_null(lkl_opendir("/nowhere", &err));
	assert_int_equal(err, -LKL_ENOENT);
	write_file("/plain", "");
	assert_null(lkl_opendir("/plain", &err));
	assert_int_equal(err, -LKL_ENOTDIR);
	assert_null(lkl_opendir("/nowhere", NULL));
	assert_int_equal(lkl_closedir(NULL), 0);

	/* The descriptor is closed while the directory uses it. */
	dir = lkl_opendir("/", &err);
	must(lkl_sys_close(lkl_dirfd(dir)));
	assert_null(lkl_readdir(dir));
	assert_int_equal(lkl_errdir(dir), -LKL_EBADF);
	lkl_rewinddir(dir);
	assert_int_equal(lkl_errdir(dir), -LKL_EBADF);
	assert_int_equal(lkl_closedir(dir), -LKL_EBADF);
}

static void a_directory_stays_with_its_kernel(void **state)
{
	struct anyfs_kernel *second;
	AnyfsKernelOpts opts = { .mem_mb = 32 };
	struct lkl_dir *dir;
	char seen[ENTRIES] = "";

	assert_int_equal(anyfs_kernel_boot(&opts, &second), 0);
	anyfs_kernel_use(second);
	must(lkl_sys_mkdir("/x", 0755));
	must(lkl_sys_mkdir("/x/entry-5", 0755));
	dir = lkl_opendir("/x", NULL);
	anyfs_kernel_use(NULL);
	assert_int_equal(count_named(dir, seen), 1);
	assert_int_equal(seen[5], 1);
	assert_int_equal(lkl_closedir(dir), 0);

	anyfs_kernel_use(second);
	dir = lkl_opendir("/x", NULL);
	assert_int_equal(lkl_sys_halt(), 0);
	/* The first kernel has reused the number of the descriptor. */
	must(lkl_sys_open("/", LKL_O_RDONLY, 0));
	assert_null(lkl_readdir(dir));
	assert_int_equal(lkl_errdir(dir), -LKL_ENODEV);
	lkl_rewinddir(dir);
	assert_int_equal(lkl_errdir(dir), -LKL_ENODEV);
	assert_int_equal(lkl_closedir(dir), 0);
	assert_int_equal(lkl_sys_close(0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(readdir_returns_every_entry_once),
		cmocka_unit_test(fdopendir_takes_the_descriptor_of_a_directory),
		cmocka_unit_test(opendir_and_readdir_return_errors),
		cmocka_unit_test(a_directory_stays_with_its_kernel),
	};

	return cmocka_run_group_tests(tests, start_quietly, halt);
}
