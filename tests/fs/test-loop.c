// SPDX-License-Identifier: GPL-2.0
/*
 * test-loop.c - loop devices over files of the library kernel
 *
 * The file is in a tmpfs of the kernel.  Data that is written to the loop device is in the
 * file, after the offset.  A read-only loop device refuses writes.
 */
#include "blocks.h"
#include <lkl/linux/loop.h>

#define LOOP_CONTROL	(10 << 8 | 237)
#define LOOP_MAJOR	7
#define OFFSET		(1u << 20)

/* Attach @file to a loop device; returns its device number. */
static uint32_t attach(int file, uint32_t flags)
{
	struct lkl_loop_config config = {
		.fd = file, .info = { .lo_offset = OFFSET, .lo_flags = flags },
	};
	long rc = lkl_sys_mknod("/loops", LKL_S_IFCHR | 0600, LOOP_CONTROL);
	uint32_t dev;
	int control, fd;

	assert_true(!rc || rc == -EEXIST);
	control = lkl_sys_open("/loops", LKL_O_RDWR, 0);
	assert_true(control >= 0);
	rc = lkl_sys_ioctl(control, LKL_LOOP_CTL_GET_FREE, 0);
	assert_true(rc >= 0);
	lkl_sys_close(control);
	dev = LOOP_MAJOR << 8 | (uint32_t)rc;
	fd = open_dev(dev, flags & LKL_LO_FLAGS_READ_ONLY ? LKL_O_RDONLY : LKL_O_RDWR);
	assert_int_equal(lkl_sys_ioctl(fd, LKL_LOOP_CONFIGURE, (unsigned long)&config), 0);
	lkl_sys_close(fd);
	return dev;
}

static void detach(uint32_t dev)
{
	int fd = open_dev(dev, LKL_O_RDONLY);

	assert_int_equal(lkl_sys_ioctl(fd, LKL_LOOP_CLR_FD, 0), 0);
	lkl_sys_close(fd);
}

static void test_file_as_disk(void **state)
{
	int file = lkl_sys_open("/file", LKL_O_RDWR | LKL_O_CREAT, 0600);
	unsigned char byte;
	uint32_t dev;
	int fd;

	assert_true(file >= 0);
	assert_int_equal(lkl_sys_ftruncate(file, OFFSET + MIB), 0);
	dev = attach(file, 0);
	fill_dev(dev, 1);
	assert_int_equal(compare_dev(dev, 1), 0);
	detach(dev);
	for (unsigned int at = 0; at < MIB; at += 4099) {
		assert_int_equal(lkl_sys_pread64(file, &byte, 1, OFFSET + at), 1);
		assert_int_equal(byte, pattern_byte(1, at));
		assert_int_equal(lkl_sys_pread64(file, &byte, 1, at), 1);
		assert_int_equal(byte, 0);
	}

	dev = attach(file, LKL_LO_FLAGS_READ_ONLY);
	assert_int_equal(compare_dev(dev, 1), 0);
	fd = open_dev(dev, LKL_O_RDWR);
	assert_int_equal(lkl_sys_pwrite64(fd, "x", 1, 0), -EPERM);
	lkl_sys_close(fd);
	detach(dev);
	lkl_sys_close(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_file_as_disk) };

	return cmocka_run_group_tests_name("loop", tests, group_boot, group_halt);
}
