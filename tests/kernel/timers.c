// SPDX-License-Identifier: GPL-2.0
/*
 * Time in the kernel is the host's time: clocks agree, a sleep is never too short, time-outs end
 * waits, and each of many timers expires at its own time.
 */
#include "common.h"
#include <time.h>
#include <lkl/linux/time.h>

static int64_t host_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static int64_t kernel_ns(int clock)
{
	struct __lkl__kernel_timespec ts;

	assert_int_equal(lkl_sys_clock_gettime(clock, &ts), 0);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static int64_t boot_ns;			/* how long the boot took */

static int timed_boot(void **state)
{
	int64_t start_ns = host_ns(CLOCK_MONOTONIC);
	int err = group_boot(state);

	boot_ns = host_ns(CLOCK_MONOTONIC) - start_ns;
	return err;
}

static void real_time_agrees_with_the_host(void **state)
{
	int64_t before = host_ns(CLOCK_REALTIME);
	int64_t inside = kernel_ns(LKL_CLOCK_REALTIME);
	int64_t after = host_ns(CLOCK_REALTIME);

	/*
	 * The kernel steps its clock in ticks of at most 10 ms.  It reads the host's time when
	 * it boots, and is late by the time that it then needs to start its clock.
	 */
	assert_true(inside > before - boot_ns - 50000000LL);
	assert_true(inside < after + 50000000LL);
}

static void clocks_never_go_back(void **state)
{
	int64_t last = kernel_ns(LKL_CLOCK_MONOTONIC);

	for (int i = 0; i < 10000; i++) {
		int64_t now = kernel_ns(LKL_CLOCK_MONOTONIC);

		assert_true(now >= last);
		last = now;
	}
}

static void sleeps_are_never_short(void **state)
{
	static const long lengths[] = { 1, 1000, 100000, 1000000, 20000000 };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct __lkl__kernel_timespec ts = { .tv_nsec = lengths[i] };
		int64_t start_ns = host_ns(CLOCK_MONOTONIC);

		assert_int_equal(lkl_sys_nanosleep(&ts, NULL), 0);
		assert_true(host_ns(CLOCK_MONOTONIC) - start_ns >= lengths[i]);
	}
}

static void absolute_sleep_in_the_past_returns(void **state)
{
	struct __lkl__kernel_timespec ts = { .tv_sec = 0, .tv_nsec = 1 };

	assert_int_equal(lkl_sys_clock_nanosleep(LKL_CLOCK_MONOTONIC, LKL_TIMER_ABSTIME,
						 &ts, NULL), 0);
}

struct sleeper {
	long ns;
	int64_t woke;
	long err;
};

static void *sleep_for(void *arg)
{
	struct sleeper *s = arg;
	struct __lkl__kernel_timespec ts = { .tv_nsec = s->ns };
	int64_t start_ns = host_ns(CLOCK_MONOTONIC);

	s->err = lkl_sys_nanosleep(&ts, NULL);
	s->woke = host_ns(CLOCK_MONOTONIC) - start_ns;
	return NULL;
}

static void many_timers_expire_each_at_its_time(void **state)
{
	enum { N = 12 };
	struct sleeper sleepers[N];
	pthread_t threads[N];

	/* Start the longest timer first: each new timer makes the next deadline earlier. */
	for (int i = 0; i < N; i++) {
		sleepers[i] = (struct sleeper) { .ns = (N - i) * 15000000L };
		threads[i] = start(sleep_for, &sleepers[i]);
	}
	for (int i = 0; i < N; i++) {
		finish(threads[i]);
		assert_int_equal(sleepers[i].err, 0);
		assert_true(sleepers[i].woke >= sleepers[i].ns);
	}
}

static void a_poll_times_out(void **state)
{
	int64_t start_ns = host_ns(CLOCK_MONOTONIC);
	struct lkl_pollfd pfd = { .events = LKL_POLLIN };
	int fds[2];

	assert_int_equal(lkl_sys_pipe2(fds, 0), 0);
	pfd.fd = fds[0];
	assert_int_equal(lkl_sys_poll(&pfd, 1, 30), 0);
	assert_true(host_ns(CLOCK_MONOTONIC) - start_ns >= 30000000LL);
	assert_int_equal(lkl_sys_write(fds[1], "x", 1), 1);
	assert_int_equal(lkl_sys_poll(&pfd, 1, -1), 1);
	lkl_sys_close(fds[0]);
	lkl_sys_close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_time_agrees_with_the_host),
		cmocka_unit_test(clocks_never_go_back),
		cmocka_unit_test(sleeps_are_never_short),
		cmocka_unit_test(absolute_sleep_in_the_past_returns),
		cmocka_unit_test(many_timers_expire_each_at_its_time),
		cmocka_unit_test(a_poll_times_out),
	};

	return cmocka_run_group_tests(tests, timed_boot, group_halt);
}
