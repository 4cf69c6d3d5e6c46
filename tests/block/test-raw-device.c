// SPDX-License-Identifier: GPL-2.0
/* The raw backend on block devices: contract, sector sizes, exclusive use. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "contract.h"
#include "error.h"
#include "files.h"

static char device[64];
static int loop = -1;

/* Attach a loop device to @path; false if this machine has none. */
static bool attach_loop(const char *path, unsigned int sector)
{
	struct loop_config config = { .block_size = sector };
	int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC), nr;

	if (control < 0)
		return false;
	config.fd = open(path, O_RDWR | O_CLOEXEC);
	for (unsigned int tries = 0; tries < 20 && loop < 0; tries++) {
		nr = ioctl(control, LOOP_CTL_GET_FREE);
		snprintf(device, sizeof(device), "/dev/loop%d", nr);
		loop = open(device, O_RDWR | O_CLOEXEC);
		/* Another process may have taken the device first. */
		if (loop >= 0 && ioctl(loop, LOOP_CONFIGURE, &config) < 0) {
			close(loop);
			loop = -1;
		}
	}
	close(config.fd);
	close(control);
	return loop >= 0;
}

static void detach_loop(void)
{
	if (loop >= 0) {
		ioctl(loop, LOOP_CLR_FD);
		close(loop);
	}
	loop = -1;
}

static struct blockdev *open_loop(bool write)
{
	const char *path = file_path("device.img");
	struct blockdev *bd;
	FILE *f = fopen(path, "w");

	if (!f || ftruncate(fileno(f), CONTRACT_SIZE) < 0)
		return NULL;
	fclose(f);
	if (!attach_loop(path, 512))
		return NULL;
	if (raw_open(device, write ? BLOCKDEV_WRITE : 0, &bd) < 0) {
		print_error("%s\n", error_last());
		detach_loop();
		return NULL;
	}
	return bd;
}

static void takes_the_devices_sector_size(void **state)
{
	struct blockdev *bd;
	char buf[4096];

	assert_true(attach_loop(file_make("device4k.img", 65536), 4096));
	assert_int_equal(raw_open(device, 0, &bd), 0);
	assert_int_equal(bd->limits.logical_block, 4096);
	assert_int_equal(bd->capacity, 65536);
	assert_int_equal(blockdev_pread(bd, buf, 512, 512), -EINVAL);
	assert_int_equal(blockdev_pread(bd, buf, 4096, 4096), 0);
	assert_true(pattern_is(buf, 4096, 4096, 1));
	blockdev_close(bd);
	detach_loop();
}

static void refuses_to_write_to_a_read_only_device(void **state)
{
	struct blockdev *bd;
	int read_only = 1;

	assert_true(attach_loop(file_make("device-ro.img", 65536), 512));
	assert_int_equal(ioctl(loop, BLKROSET, &read_only), 0);
	assert_int_equal(raw_open(device, BLOCKDEV_WRITE, &bd), -EROFS);
	assert_non_null(strstr(error_last(), "read-only"));
	assert_int_equal(raw_open(device, 0, &bd), 0);
	blockdev_close(bd);
	read_only = 0;
	assert_int_equal(ioctl(loop, BLKROSET, &read_only), 0);
	detach_loop();
}

static void excludes_the_host_and_other_programs_while_writing(void **state)
{
	struct blockdev *bd, *other;
	int fd;

	assert_true(attach_loop(file_make("device.img", 65536), 512));
	assert_int_equal(raw_open(device, BLOCKDEV_WRITE, &bd), 0);
	/* mount(2) of the host opens the device in the same way. */
	fd = open(device, O_RDONLY | O_EXCL | O_CLOEXEC);
	assert_int_equal(fd, -1);
	assert_int_equal(errno, EBUSY);
	assert_int_equal(raw_open(device, 0, &other), -EBUSY);
	assert_int_equal(raw_open(device, BLOCKDEV_WRITE, &other), -EBUSY);
	assert_non_null(strstr(error_last(), device));
	blockdev_close(bd);
	fd = open(device, O_RDONLY | O_EXCL | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(raw_open(device, BLOCKDEV_WRITE, &other), -EBUSY);
	close(fd);
	detach_loop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SENTENCE("takes the device's sector size", takes_the_devices_sector_size),
		SENTENCE("refuses to write to a read-only device",
			 refuses_to_write_to_a_read_only_device),
		SENTENCE("excludes the host and other programs while writing",
			 excludes_the_host_and_other_programs_while_writing),
	};
	bool able = attach_loop(file_make("device.img", 65536), 512);

	detach_loop();
	if (!able) {
		puts("loop devices are not available here");
		return 77;
	}
	return contract_run(&(struct contract){ "raw on a block device", open_loop, detach_loop }) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
