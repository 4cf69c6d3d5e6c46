// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel with a mounted, unused disk sleeps: after the work of the mount is done, none of
 * its threads wakes up, except a few times for the kernel's own timers.
 *
 *	idle IMAGE
 */
#include "common.h"
#include <sys/resource.h>
#include <time.h>

/*
 * The work of the mount ends later on a busy machine, so one quiet period of several is
 * enough.  Wake-ups that repeat are in every period.
 */
#define PERIODS		5
#define SECONDS		4
#define WAKE_UPS	20

/* Voluntary context switches of all threads of the process, ended ones too. */
static long count_wake_ups(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_nvcsw;
}

/* The wake-ups while this thread sleeps for SECONDS: this is the idle time. */
static long wake_ups_of_period(void)
{
	long before = count_wake_ups();

	nanosleep(&(struct timespec) { .tv_sec = SECONDS }, NULL);
	return count_wake_ups() - before;
}

static const char *image;

static void an_idle_kernel_sleeps(void **state)
{
	int disk = anyfs_disk_add(image, 0);
	AnyfsMount m;
	long wake_ups;

	assert_true(disk >= 0);
	assert_int_equal(anyfs_mount(disk, 0, NULL, 0, NULL, &m), 0);
	for (int i = 0; i < PERIODS; i++) {
		wake_ups = wake_ups_of_period();
		if (wake_ups <= WAKE_UPS)
			break;
	}
	assert_in_range(wake_ups, 0, WAKE_UPS);
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
