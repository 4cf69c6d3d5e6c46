// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel with a mounted, unused disk sleeps: none of its threads wakes up, except a few
 * times for the kernel's own timers.
 *
 *	idle IMAGE
 */
#include "common.h"
#include <sys/resource.h>
#include <time.h>

#define SETTLING	2	/* wait until work of the mount is done */
#define SECONDS		4
#define WAKE_UPS	20

/* Voluntary context switches of all threads of the process, ended ones too. */
static long count_wake_ups(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_nvcsw;
}

static const char *image;

static void an_idle_kernel_sleeps(void **state)
{
	int disk = anyfs_disk_add(image, 0);
	AnyfsMount m;
	long before;

	assert_true(disk >= 0);
	assert_int_equal(anyfs_mount(disk, 0, NULL, 0, NULL, &m), 0);
	nanosleep(&(struct timespec) { .tv_sec = SETTLING }, NULL);
	before = count_wake_ups();
	/* This sleep is the idle time that the test measures. */
	nanosleep(&(struct timespec) { .tv_sec = SECONDS }, NULL);
	assert_in_range(count_wake_ups() - before, 0, WAKE_UPS);
	assert_int_equal(anyfs_umount(m.mount_point), 0);
	assert_int_equal(anyfs_disk_remove(disk), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_idle_kernel_sleeps),
	};

	if (argc != 2) {
		fprintf(stderr, "usage: idle IMAGE\n");
		return 2;
	}
	image = argv[1];
	return cmocka_run_group_tests(tests, group_boot, group_halt);
}
