// SPDX-License-Identifier: GPL-2.0
/*
 * The wrappers pass all arguments correctly: negative and 64-bit values, six arguments, and
 * mount options that end where the caller's memory ends.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>
#include "anyfs.h"
#include <lkl/syscalls.h>

static int boot(void **state)
{
	AnyfsKernelOpts opts = { .mem_mb = 32 };

	return anyfs_kernel_init(&opts);
}

static int halt(void **state)
{
	return anyfs_kernel_halt();
}

static void calls_without_a_kernel_return_enodev(void **state)
{
	assert_int_equal(lkl_sys_getpid(), -LKL_ENODEV);
}

/* Return the last @len bytes of a page that an inaccessible page follows. */
static char *page_end(size_t len)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(p, MAP_FAILED);
	assert_int_equal(mprotect(p + page, page, PROT_NONE), 0);
	return p + page - len;
}

static void mount_options_may_end_where_memory_ends(void **state)
{
	struct lkl_stat st;
	char *text = page_end(sizeof("mode=0751"));

	strcpy(text, "mode=0751");
	assert_int_equal(lkl_sys_mkdirat(LKL_AT_FDCWD, "/text", 0755), 0);
	assert_int_equal(lkl_sys_mount("none", "/text", "ramfs", 0, text), 0);
	assert_int_equal(lkl_sys_newfstatat(LKL_AT_FDCWD, "/text", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0751);
	assert_int_equal(lkl_sys_umount2("/text", 0), 0);
}

/* ramfs ignores the options; the test is that the wrapper does not crash. */
static void binary_mount_data_may_end_where_memory_ends(void **state)
{
	char *data = page_end(4);

	memcpy(data, "\6\0\0\0", 4);
	assert_int_equal(lkl_sys_mkdirat(LKL_AT_FDCWD, "/binary", 0755), 0);
	lkl_sys_mount("none", "/binary", "ramfs", 0, data);
	lkl_sys_umount2("/binary", 0);
}

static void large_offsets_and_negative_numbers_are_passed(void **state)
{
	const char *path = "/offsets";
	struct lkl_stat st;
	lkl_loff_t in = 0, out = 1LL << 32;
	long fd = lkl_sys_openat(LKL_AT_FDCWD, path, LKL_O_RDWR | LKL_O_CREAT, 0640);

	assert_true(fd >= 0);
	assert_int_equal(lkl_sys_pwrite64(fd, "x", 1, (1LL << 33) - 1), 1);
	assert_int_equal(lkl_sys_lseek(fd, -1, LKL_SEEK_END), (1LL << 33) - 1);
	assert_int_equal(lkl_sys_ftruncate(fd, 4096), 0);
	/* A call with six arguments. */
	assert_int_equal(lkl_sys_copy_file_range(fd, &in, fd, &out,
						 4096, 0), 4096);
	assert_int_equal(lkl_sys_fstat(fd, &st), 0);
	assert_int_equal(st.st_size, (1LL << 32) + 4096);
	assert_int_equal(lkl_sys_ftruncate(fd, -1), -LKL_EINVAL);
	assert_int_equal(lkl_sys_read(-1, &st, 1), -LKL_EBADF);
	assert_int_equal(lkl_sys_close(fd), 0);
	assert_int_equal(lkl_sys_unlinkat(LKL_AT_FDCWD, path, 0), 0);
}

static void alternative_names_call_the_same_function(void **state)
{
	struct lkl_stat a, b;
	struct lkl_new_utsname name;

	assert_int_equal(lkl_sys_newfstatat(LKL_AT_FDCWD, "/", &a, 0), 0);
	assert_int_equal(lkl_sys_fstatat(LKL_AT_FDCWD, "/", &b, 0), 0);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_int_equal(lkl_sys_newuname(&name), 0);
	assert_string_equal(name.release, anyfs_kernel_release(NULL));
}

int main(void)
{
	const struct CMUnitTest before[] = {
		cmocka_unit_test(calls_without_a_kernel_return_enodev),
	};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mount_options_may_end_where_memory_ends),
		cmocka_unit_test(binary_mount_data_may_end_where_memory_ends),
		cmocka_unit_test(large_offsets_and_negative_numbers_are_passed),
		cmocka_unit_test(alternative_names_call_the_same_function),
	};

	return cmocka_run_group_tests(before, NULL, NULL) +
	       cmocka_run_group_tests(tests, boot, halt);
}
