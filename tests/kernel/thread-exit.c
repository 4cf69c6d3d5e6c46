// SPDX-License-Identifier: GPL-2.0
/*
 * A host thread that makes system calls and ends leaves no task in the kernel, independent of
 * its calls and of the number of threads.  It may end at any time, also while its kernel is
 * being destroyed.
 */
#include "common.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>
#include <lkl/linux/time.h>

#define PF_KTHREAD	0x200000	/* of the kernel's include/linux/sched.h */

/* Tasks of host threads, unlike the kernel's threads, have no PF_KTHREAD in their flags. */
static bool is_of_host(const char *pid)
{
	char path[64], text[256] = "";
	unsigned int flags = PF_KTHREAD;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	fd = lkl_sys_open(path, LKL_O_RDONLY, 0);
	if (fd < 0)
		return false;			/* it has ended */
	lkl_sys_read(fd, text, sizeof(text) - 1);
	lkl_sys_close(fd);
	sscanf(text, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %u", &flags);
	return !(flags & PF_KTHREAD);
}

static int count_tasks(void)
{
	char buf[4096];
	int fd = lkl_sys_open("/proc", LKL_O_RDONLY | LKL_O_DIRECTORY, 0), total = 0;
	long n;

	assert_true(fd >= 0);
	while ((n = lkl_sys_getdents64(fd, (void *)buf, sizeof(buf))) > 0) {
		for (long at = 0; at < n;) {
			struct lkl_linux_dirent64 *entry = (void *)(buf + at);

			if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
				total += is_of_host(entry->d_name);
			at += entry->d_reclen;
		}
	}
	lkl_sys_close(fd);
	assert_true(total > 0);
	return total;
}

/* A task ends shortly after its thread: more than a minute counts as never. */
static void assert_tasks_become(int wanted)
{
	int now = 0;

	for (int i = 0; i < 3000; i++) {
		struct timespec pause = { .tv_nsec = 20000000 };

		now = count_tasks();
		if (now <= wanted)
			return;
		nanosleep(&pause, NULL);
	}
	fail_msg("%d tasks, %d expected", now, wanted);
}

static void *one_call(void *arg)
{
	return (void *)(lkl_sys_getppid() < 0 ? -1L : 0);
}

static void threads_that_end_one_by_one_leave_no_task(void **state)
{
	int before = count_tasks();

	for (int i = 0; i < 200; i++)
		assert_null(finish(start(one_call, NULL)));
	assert_tasks_become(before);
}

static void *work(void *arg)
{
	struct __lkl__kernel_timespec ts = { .tv_nsec = 1000000 };
	char buf[64];

	for (int i = 0; i < 20; i++) {
		int fd = lkl_sys_open("/proc/self/stat", LKL_O_RDONLY, 0);

		if (fd < 0 || lkl_sys_read(fd, buf, sizeof(buf)) <= 0)
			return arg;
		lkl_sys_close(fd);
		lkl_sys_nanosleep(&ts, NULL);
	}
	return NULL;
}

static void threads_that_end_at_once_leave_no_task(void **state)
{
	enum { N = 32 };
	pthread_t threads[N];
	int before = count_tasks();

	for (int round = 0; round < 5; round++) {
		for (int i = 0; i < N; i++)
			threads[i] = start(work, &threads[i]);
		for (int i = 0; i < N; i++)
			assert_null(finish(threads[i]));
	}
	assert_tasks_become(before);
}

static void *leave_by_pthread_exit(void *arg)
{
	lkl_sys_getppid();
	pthread_exit(NULL);
}

static void threads_that_call_pthread_exit_leave_no_task(void **state)
{
	int before = count_tasks();

	for (int i = 0; i < 20; i++)
		finish(start(leave_by_pthread_exit, NULL));
	assert_tasks_become(before);
}

/* Open descriptors belong to the process: they outlive the thread that opened them. */
static void *open_root(void *arg)
{
	*(long *)arg = lkl_sys_open("/", LKL_O_RDONLY, 0);
	return NULL;
}

static void descriptors_outlive_their_thread(void **state)
{
	struct lkl_stat st;
	long fd = -1;

	finish(start(open_root, &fd));
	assert_true(fd >= 0);
	assert_int_equal(lkl_sys_fstat(fd, &st), 0);
	assert_int_equal(lkl_sys_close(fd), 0);
}

struct leaving_threads {
	struct anyfs_kernel *k;
	atomic_int called;
	atomic_bool leave;
};

static void *leave_with_others(void *arg)
{
	struct leaving_threads *c = arg;

	anyfs_kernel_use(c->k);
	lkl_sys_getppid();
	c->called++;
	while (!c->leave)
		sched_yield();
	return NULL;
}

static void a_kernel_is_destroyed_while_its_threads_end(void **state)
{
	enum { N = 12 };
	pthread_t threads[N];

	for (int round = 0; round < 40; round++) {
		struct leaving_threads c = { .k = boot_kernel() };

		for (int i = 0; i < N; i++)
			threads[i] = start(leave_with_others, &c);
		while (c.called < N)
			sched_yield();
		c.leave = true;
		/* In each round the shutdown comes a little later while the threads end. */
		for (int i = 0; i < round; i++)
			sched_yield();
		assert_int_equal(anyfs_kernel_shutdown(c.k), 0);
		for (int i = 0; i < N; i++)
			finish(threads[i]);
	}
}

static int boot_with_proc(void **state)
{
	int err = group_boot(state);

	return err ? err : lkl_mount_fs("proc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_that_end_one_by_one_leave_no_task),
		cmocka_unit_test(threads_that_end_at_once_leave_no_task),
		cmocka_unit_test(threads_that_call_pthread_exit_leave_no_task),
		cmocka_unit_test(descriptors_outlive_their_thread),
		cmocka_unit_test(a_kernel_is_destroyed_while_its_threads_end),
	};

	return cmocka_run_group_tests(tests, boot_with_proc, group_halt);
}
