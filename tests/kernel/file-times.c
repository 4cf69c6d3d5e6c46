// SPDX-License-Identifier: GPL-2.0
/*
 * Files are stamped with the host's time of the call that changed them, or at most one step
 * earlier; with the time of the host's files if the program asks for it; and with the time of
 * clock_settime(2) once it was called.
 */
#include "common.h"
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <lkl/linux/stat.h>
#include <lkl/linux/time.h>

#define SECOND	1000000000LL
/* The processor's counter is not exact: changes within 20 us may have the same stamp. */
#define STEP	40000

static int64_t host_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * SECOND + ts.tv_nsec;
}

static int64_t kernel_ns(int clock)
{
	struct __lkl__kernel_timespec ts;

	assert_int_equal(lkl_sys_clock_gettime(clock, &ts), 0);
	return ts.tv_sec * SECOND + ts.tv_nsec;
}

static int64_t mtime_ns(const char *path)
{
	struct lkl_statx st;
	int64_t mtime;

	assert_int_equal(lkl_sys_statx(LKL_AT_FDCWD, path, 0, LKL_STATX_BASIC_STATS, &st), 0);
	mtime = st.stx_mtime.tv_sec * SECOND + st.stx_mtime.tv_nsec;
	/* tmpfs sets the change time after the modification time. */
	assert_true(st.stx_ctime.tv_sec * SECOND + st.stx_ctime.tv_nsec >= mtime);
	return mtime;
}

static void a_stamp_is_at_most_one_step_before_the_call(void **state)
{
	for (int i = 0; i < 2000; i++) {
		int64_t before = host_ns(), stamp;

		assert_int_equal(lkl_sys_mkdir("/dir", 0700), 0);
		stamp = mtime_ns("/dir");
		assert_in_range(stamp, before - STEP, host_ns());
		assert_int_equal(lkl_sys_rmdir("/dir"), 0);
	}
}

static void write_and_utimes_set_the_time_of_the_call(void **state)
{
	int fd = lkl_sys_open("/file", LKL_O_CREAT | LKL_O_WRONLY, 0600);

	assert_true(fd >= 0);
	for (int i = 0; i < 2000; i++) {
		int64_t before = host_ns(), stamp;

		if (i & 1)
			assert_int_equal(lkl_sys_write(fd, "x", 1), 1);
		else
			assert_int_equal(lkl_sys_utimensat(fd, "", NULL, LKL_AT_EMPTY_PATH), 0);
		stamp = mtime_ns("/file");
		assert_in_range(stamp, before - STEP, host_ns());
	}
	assert_int_equal(lkl_sys_close(fd), 0);
	assert_int_equal(lkl_sys_unlink("/file"), 0);
}

static void small_writes_share_stamps(void **state)
{
	int fd = lkl_sys_open("/file", LKL_O_CREAT | LKL_O_WRONLY, 0600), same = 0;
	int64_t last = 0, stamp;

	assert_true(fd >= 0);
	for (int i = 0; i < 2000; i++) {
		assert_int_equal(lkl_sys_write(fd, "x", 1), 1);
		stamp = mtime_ns("/file");
		assert_true(stamp >= last);
		same += stamp == last;
		last = stamp;
	}
	/* If each write had its own stamp, each write would update the inode. */
	assert_true(same > 0);
	assert_int_equal(lkl_sys_close(fd), 0);
	assert_int_equal(lkl_sys_unlink("/file"), 0);
}

static void the_coarse_clock_agrees_with_the_host(void **state)
{
	for (int i = 0; i < 2000; i++) {
		int64_t before = host_ns(), inside = kernel_ns(LKL_CLOCK_REALTIME_COARSE);

		assert_in_range(inside, before - STEP, host_ns());
	}
}

/* Change the host's file @fd; returns its new time. */
static int64_t host_file_ns(int fd)
{
	struct stat st;

	assert_int_equal(pwrite(fd, "x", 1, 0), 1);
	assert_int_equal(fstat(fd, &st), 0);
	return st.st_mtim.tv_sec * SECOND + st.st_mtim.tv_nsec;
}

static void times_of_host_files_are_used_on_request(void **state)
{
	int host = memfd_create("host", 0);

	assert_true(host >= 0);
	for (int twice = 0; twice < 2; twice++)
		assert_int_equal(anyfs_kernel_use_host_file_times(NULL), 0);
	for (int i = 0; i < 2000; i++) {
		int64_t before = host_file_ns(host), stamp;

		assert_int_equal(lkl_sys_mkdir("/dir", 0700), 0);
		stamp = mtime_ns("/dir");
		assert_in_range(stamp, before, host_file_ns(host));
		assert_int_equal(lkl_sys_rmdir("/dir"), 0);
	}
	close(host);
}

static void files_get_the_time_of_clock_settime(void **state)
{
	struct __lkl__kernel_timespec old = { .tv_sec = 1000000000 };
	int64_t stamp;

	assert_int_equal(lkl_sys_clock_settime(LKL_CLOCK_REALTIME, &old), 0);
	assert_int_equal(lkl_sys_mkdir("/dir", 0700), 0);
	stamp = mtime_ns("/dir");
	/* The clock of files is set a moment after that of the kernel, and is behind it as long. */
	assert_in_range(stamp, (old.tv_sec - 10) * SECOND, kernel_ns(LKL_CLOCK_REALTIME) + SECOND);
	assert_int_equal(lkl_sys_rmdir("/dir"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stamp_is_at_most_one_step_before_the_call),
		cmocka_unit_test(write_and_utimes_set_the_time_of_the_call),
		cmocka_unit_test(small_writes_share_stamps),
		cmocka_unit_test(the_coarse_clock_agrees_with_the_host),
		/* These two are the last, because their settings stay until the kernel ends. */
		cmocka_unit_test(times_of_host_files_are_used_on_request),
		cmocka_unit_test(files_get_the_time_of_clock_settime),
	};

	return cmocka_run_group_tests(tests, group_boot, group_halt);
}
