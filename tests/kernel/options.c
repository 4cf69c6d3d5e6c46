// SPDX-License-Identifier: GPL-2.0
/*
 * The option structs of anyfs.h can grow: the library accepts a struct of any version, and
 * refuses a struct that sets an unknown option.
 */
#include "common.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A struct as a later version of anyfs.h might declare it. */
#define LATER_OPTS(name) \
	struct { \
		struct anyfs_##name##_opts opts; \
		const char *later; \
	}

static char file[] = "options.XXXXXX";

static int boot(const struct anyfs_kernel_opts *opts)
{
	struct anyfs_kernel *k = NULL;
	int rc = anyfs_kernel_boot(opts, &k);

	assert_int_equal(anyfs_kernel_shutdown(k), 0);
	return rc;
}

static int open_source(const struct anyfs_disk_opts *opts)
{
	struct anyfs_source *source = NULL;
	int rc = anyfs_source_open(file, opts, &source);

	anyfs_source_close(source);
	return rc;
}

static int configure(const struct anyfs_image_opts *opts)
{
	struct anyfs_kernel *k = boot_kernel();
	struct anyfs_image *image = NULL;
	int rc;

	assert_int_equal(anyfs_image_open(k, file, ANYFS_DISK_READONLY, &image), 0);
	rc = anyfs_image_configure(image, opts);
	assert_int_equal(anyfs_image_close(image), 0);
	assert_int_equal(anyfs_kernel_shutdown(k), 0);
	return rc;
}

static void a_null_struct_means_the_defaults(void **state)
{
	assert_int_equal(boot(NULL), 0);
	assert_int_equal(open_source(NULL), 0);
	assert_int_equal(configure(NULL), 0);
}

static void a_struct_of_the_first_version_needs_no_size(void **state)
{
	assert_int_equal(boot(&(AnyfsKernelOpts){ .mem_mb = 32 }), 0);
	assert_int_equal(boot(&(AnyfsKernelOpts){ .mem_mb = 1 }), -EINVAL);
	assert_int_equal(open_source(&(AnyfsDiskOpts){ .format = "raw" }), 0);
	assert_int_equal(open_source(&(AnyfsDiskOpts){ .format = "none" }), -EINVAL);
	assert_int_equal(configure(&(AnyfsImageOpts){ .degraded = 1 }), 0);
}

static void a_larger_struct_with_zeros_is_accepted(void **state)
{
	LATER_OPTS(kernel) kernel = { .opts.struct_size = sizeof(kernel), .opts.mem_mb = 32 };
	LATER_OPTS(disk) disk = { .opts.struct_size = sizeof(disk) };
	LATER_OPTS(image) image = { .opts.struct_size = sizeof(image) };

	assert_int_equal(boot(&kernel.opts), 0);
	assert_int_equal(open_source(&disk.opts), 0);
	assert_int_equal(configure(&image.opts), 0);
}

static void an_unknown_option_is_refused(void **state)
{
	LATER_OPTS(kernel) kernel = { .opts.struct_size = sizeof(kernel), .later = "" };
	LATER_OPTS(disk) disk = { .opts.struct_size = sizeof(disk), .later = "" };
	LATER_OPTS(image) image = { .opts.struct_size = sizeof(image), .later = "" };

	assert_int_equal(boot(&kernel.opts), -E2BIG);
	assert_int_equal(open_source(&disk.opts), -E2BIG);
	assert_non_null(strstr(anyfs_strerror_last(), "anyfs_disk_opts"));
	assert_int_equal(configure(&image.opts), -E2BIG);
}

static void a_size_of_no_version_is_refused(void **state)
{
	assert_int_equal(boot(&(struct anyfs_kernel_opts){ .struct_size = 8 }), -EINVAL);
	assert_int_equal(open_source(&(struct anyfs_disk_opts){ .struct_size = 8 }), -EINVAL);
	assert_non_null(strstr(anyfs_strerror_last(), "sizeof(struct anyfs_disk_opts)"));
	assert_int_equal(configure(&(struct anyfs_image_opts){ .struct_size = 8 }), -EINVAL);
}

static void a_time_after_2106_is_refused(void **state)
{
	struct anyfs_kernel_opts opts = { .struct_size = sizeof(opts), .fixed_time = 1ull << 32 };

	assert_int_equal(boot(&opts), -EINVAL);
	assert_non_null(strstr(anyfs_strerror_last(), "2106"));
}

static int make_file(void **state)
{
	int fd = mkstemp(file);

	return fd < 0 || ftruncate(fd, 1 << 20) || close(fd);
}

static int remove_file(void **state)
{
	return unlink(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_null_struct_means_the_defaults),
		cmocka_unit_test(a_struct_of_the_first_version_needs_no_size),
		cmocka_unit_test(a_larger_struct_with_zeros_is_accepted),
		cmocka_unit_test(an_unknown_option_is_refused),
		cmocka_unit_test(a_size_of_no_version_is_refused),
		cmocka_unit_test(a_time_after_2106_is_refused),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
