// SPDX-License-Identifier: GPL-2.0
/*
 * fsverity.c - make and check files that fs-verity protects
 *
 *	fsverity make IMAGE		make "sealed", whose measure is printed, and "open"
 *	fsverity good|bad IMAGE	check "sealed": complete, or its middle cannot be read
 */
#include "mounted.h"
#include <stdbool.h>
#include <lkl/linux/fsverity.h>

static char **args;

struct measure {
	struct lkl_fsverity_digest head;
	unsigned char digest[32];
};

static void print_measure(const char *name)
{
	struct measure m = { .head.digest_size = sizeof(m.digest) };

	expect_ok(ioctl_at(name, LKL_FS_IOC_MEASURE_VERITY, &m));
	assert_int_equal(m.head.digest_algorithm, LKL_FS_VERITY_HASH_ALG_SHA256);
	printf("measure ");
	for (size_t i = 0; i < sizeof(m.digest); i++)
		printf("%02x", m.digest[i]);
	printf("\n");
}

static void make(void)
{
	struct lkl_fsverity_enable_arg arg = {
		.version = 1, .hash_algorithm = LKL_FS_VERITY_HASH_ALG_SHA256, .block_size = 4096,
	};

	mount_image(args[2], 0, NULL);
	write_pattern("sealed");
	write_pattern("open");
	expect_ok(ioctl_at("sealed", LKL_FS_IOC_ENABLE_VERITY, &arg));
	check_pattern("sealed");
	assert_int_equal(lkl_sys_open(at("sealed"), LKL_O_WRONLY, 0), -EPERM);
	print_measure("sealed");
	unmount_image();
}

static void read_and_check(bool good)
{
	char *buf = malloc(PATTERN_SIZE);
	struct measure m = { .head.digest_size = sizeof(m.digest) };
	long n;
	int fd;

	mount_image(args[2], ANYFS_DISK_READONLY, NULL);
	assert_int_equal(ioctl_at("open", LKL_FS_IOC_MEASURE_VERITY, &m), -ENODATA);
	print_measure("sealed");
	fd = open_at("sealed", LKL_O_RDONLY);
	n = lkl_sys_pread64(fd, buf, 4096, PATTERN_SIZE / 2);
	assert_int_equal(n, good ? 4096 : -EIO);
	assert_int_equal(lkl_sys_pread64(fd, buf, 4096, 0), 4096);
	assert_memory_equal(buf, pattern(), 4096);
	lkl_sys_close(fd);
	if (good)
		check_pattern("sealed");
	unmount_image();
	free(buf);
}

static void test_fsverity(void **state)
{
	if (!strcmp(args[1], "make"))
		make();
	else
		read_and_check(!strcmp(args[1], "good"));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_fsverity) };

	if (argc != 3) {
		fprintf(stderr, "usage: fsverity make|good|bad IMAGE\n");
		return 2;
	}
	args = argv;
	return cmocka_run_group_tests_name("fsverity", tests, group_boot, group_halt);
}
