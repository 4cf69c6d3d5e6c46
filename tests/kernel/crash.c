// SPDX-License-Identifier: GPL-2.0
/*
 * If a kernel dies, its callers get -EIO, also those that sleep in it;
 * the process and its other kernels continue, and a new kernel boots.
 */
#include "common.h"
#include <dirent.h>
#include <signal.h>
#include <time.h>

static void calls_into_a_dead_kernel_return_eio(void **state)
{
	struct anyfs_kernel *k = boot_kernel();
	int64_t args[6] = { 0 };

	assert_int_equal(anyfs_kernel_is_running(k), 1);
	assert_int_equal(anyfs_kernel_crash(k, "requested by a test"), -EIO);
	assert_int_equal(anyfs_kernel_is_running(k), 0);
	assert_non_null(strstr(anyfs_strerror_last(), "requested by a test"));
	assert_int_equal(anyfs_kernel_syscall(k, __lkl__NR_getppid, args), -EIO);
	assert_int_equal(anyfs_kernel_syscall(k, __lkl__NR_getppid, args), -EIO);
	anyfs_kernel_shutdown(k);
}

static void other_kernels_of_the_process_continue(void **state)
{
	struct anyfs_kernel *a = boot_kernel(), *b = boot_kernel();

	anyfs_kernel_use(b);
	assert_int_equal(anyfs_kernel_crash(a, "requested by a test"), -EIO);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(lkl_sys_getppid(), 0);
	assert_int_equal(lkl_sys_mkdir("/alive", 0755), 0);
	anyfs_kernel_shutdown(a);
	assert_int_equal(lkl_sys_rmdir("/alive"), 0);
	assert_int_equal(anyfs_kernel_shutdown(b), 0);
	anyfs_kernel_use(NULL);
}

static void a_bad_access_ends_the_instance_only(void **state)
{
	struct anyfs_kernel *a = boot_kernel(), *b = boot_kernel();

	assert_int_equal(anyfs_kernel_crash(a, NULL), -EIO);
	assert_int_equal(anyfs_kernel_is_running(a), 0);
	assert_non_null(strstr(anyfs_strerror_last(), "0x10"));
	anyfs_kernel_use(b);
	assert_int_equal(lkl_sys_getppid(), 0);
	anyfs_kernel_shutdown(a);
	assert_int_equal(anyfs_kernel_shutdown(b), 0);
	anyfs_kernel_use(NULL);
}

struct reader {
	struct anyfs_kernel *k;
	int fd;
	int started;
	long result;
};

static void *read_pipe(void *arg)
{
	struct reader *r = arg;
	char c;

	anyfs_kernel_use(r->k);
	lkl_sys_getppid();
	__atomic_store_n(&r->started, 1, __ATOMIC_SEQ_CST);
	r->result = lkl_sys_read(r->fd, &c, 1);
	return NULL;
}

static void sleeping_calls_return_eio(void **state)
{
	struct anyfs_kernel *k = boot_kernel();
	struct reader readers[4];
	pthread_t threads[4];
	int fds[2];

	anyfs_kernel_use(k);
	assert_int_equal(lkl_sys_pipe2(fds, 0), 0);
	for (int i = 0; i < 4; i++) {
		readers[i] = (struct reader) { .k = k, .fd = fds[0] };
		threads[i] = start(read_pipe, &readers[i]);
	}
	for (int i = 0; i < 4; i++) {
		while (!__atomic_load_n(&readers[i].started, __ATOMIC_SEQ_CST))
			sched_yield();
	}
	assert_int_equal(anyfs_kernel_crash(k, "requested by a test"), -EIO);
	for (int i = 0; i < 4; i++) {
		finish(threads[i]);
		assert_int_equal(readers[i].result, -EIO);
	}
	anyfs_kernel_shutdown(k);
	anyfs_kernel_use(NULL);
}

static void a_new_kernel_boots_after_a_crash(void **state)
{
	for (int i = 0; i < 10; i++) {
		assert_int_equal(anyfs_kernel_init(NULL), 0);
		assert_int_equal(anyfs_kernel_crash(NULL, "again"), -EIO);
		assert_int_equal(lkl_sys_getppid(), -EIO);
		anyfs_kernel_halt();
	}
	assert_int_equal(anyfs_kernel_init(NULL), 0);
	assert_int_equal(lkl_sys_getpid(), 1);
	assert_int_equal(anyfs_kernel_halt(), 0);
}

/* The mask of signals that the thread with this name blocks; 0 if there is no such thread. */
static unsigned long long signals_blocked_by(const char *thread)
{
	unsigned long long mask = 0;
	char path[300], line[256], name[64];
	DIR *dir = opendir("/proc/self/task");
	struct dirent *e;

	assert_non_null(dir);
	while ((e = readdir(dir))) {
		FILE *f;

		snprintf(path, sizeof(path), "/proc/self/task/%s/status", e->d_name);
		f = fopen(path, "r");
		*name = '\0';
		while (f && fgets(line, sizeof(line), f)) {
			sscanf(line, "Name: %63s", name);
			if (!strcmp(name, thread))
				sscanf(line, "SigBlk: %llx", &mask);
		}
		if (f)
			fclose(f);
	}
	closedir(dir);
	return mask;
}

/* The thread also runs kernel code: if SIGSEGV were blocked, a fault would end the process. */
static void service_thread_takes_the_signals_of_faults(void **state)
{
	struct anyfs_kernel *k;
	unsigned long long mask;

	/* Threads of earlier kernels block all signals when they end, and stay listed a while. */
	while (signals_blocked_by("anyfs-service"))
		sched_yield();
	k = boot_kernel();
	/* Wait: a thread sets its name itself when it starts to run. */
	while (!(mask = signals_blocked_by("anyfs-service")))
		sched_yield();
	assert_true(mask & 1ull << (SIGINT - 1));
	assert_false(mask & 1ull << (SIGSEGV - 1));
	assert_false(mask & 1ull << (SIGBUS - 1));
	assert_int_equal(anyfs_kernel_shutdown(k), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_into_a_dead_kernel_return_eio),
		cmocka_unit_test(other_kernels_of_the_process_continue),
		cmocka_unit_test(a_bad_access_ends_the_instance_only),
		cmocka_unit_test(sleeping_calls_return_eio),
		cmocka_unit_test(a_new_kernel_boots_after_a_crash),
		cmocka_unit_test(service_thread_takes_the_signals_of_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
