// SPDX-License-Identifier: GPL-2.0
/*
 * A process boots and halts 200 kernels, and no memory, mapping, thread or descriptor is leaked.
 */
#include "common.h"
#include <dirent.h>
#include <unistd.h>

#define ROUNDS	200
#define WARM_UP	20

/* Sanitizers keep freed memory and shadows of it. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED	1
#else
#define SANITIZED	0
#endif

/* ThreadSanitizer has a thread of its own. */
#ifdef __SANITIZE_THREAD__
#define OWN_THREADS	2
#else
#define OWN_THREADS	1
#endif

struct usage {
	long rss_kb;
	int maps, fds;
};

static int count_entries(const char *path)
{
	DIR *dir = opendir(path);
	int n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static struct usage usage_now(void)
{
	struct usage u = { 0 };
	char line[512];
	FILE *f = fopen("/proc/self/status", "r");

	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		sscanf(line, "VmRSS: %ld", &u.rss_kb);
	fclose(f);
	f = fopen("/proc/self/maps", "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		u.maps++;
	fclose(f);
	u.fds = count_entries("/proc/self/fd");
	return u;
}

static int count_threads(void)
{
	return count_entries("/proc/self/task") - 2;	/* "." and ".." */
}

/* A thread that was joined is listed in /proc for a moment longer. */
static void assert_kernels_left_no_thread(void)
{
	for (int i = 0; i < 6000 && count_threads() > OWN_THREADS; i++)
		usleep(10000);
	assert_int_equal(count_threads(), OWN_THREADS);
}

static void one_round(void)
{
	struct anyfs_kernel *k = boot_kernel();

	anyfs_kernel_use(k);
	assert_int_equal(lkl_sys_getpid(), 1);
	assert_int_equal(anyfs_kernel_shutdown(k), 0);
	anyfs_kernel_use(NULL);
}

static void boots_and_halts_without_growth(void **state)
{
	struct usage before, after;
	int i;

	for (i = 0; i < WARM_UP; i++)
		one_round();
	before = usage_now();
	for (; i < ROUNDS; i++)
		one_round();
	after = usage_now();

	assert_kernels_left_no_thread();
	assert_int_equal(after.fds, before.fds);
	/*
	 * Sanitizers and malloc(3) map memory now and then; a leak would add a mapping in each
	 * round.
	 */
	assert_in_range(after.maps, 0, before.maps + ROUNDS / 4);
	if (!SANITIZED)
		assert_in_range(after.rss_kb, 0, before.rss_kb + 4096);
}

/* A boot that fails leaves no thread and no descriptor behind. */
static void a_failed_boot_leaks_nothing(void **state)
{
	AnyfsKernelOpts opts = { .mem_mb = 1 };
	struct anyfs_kernel *k = NULL;
	struct usage before, after;

	assert_int_equal(anyfs_kernel_boot(&opts, &k), -EINVAL);
	before = usage_now();
	for (int i = 0; i < 20; i++)
		assert_int_equal(anyfs_kernel_boot(&opts, &k), -EINVAL);
	after = usage_now();
	assert_null(k);
	assert_kernels_left_no_thread();
	assert_int_equal(after.fds, before.fds);
}

static void init_and_halt_can_be_repeated(void **state)
{
	for (int i = 0; i < 5; i++) {
		assert_int_equal(anyfs_kernel_init(NULL), 0);
		assert_int_equal(anyfs_kernel_init(NULL), -EALREADY);
		assert_int_equal(lkl_sys_getpid(), 1);
		assert_int_equal(anyfs_kernel_halt(), 0);
		assert_int_equal(anyfs_kernel_halt(), -ENODEV);
	}
}

static void first_thread_is_pid_1_without_descriptors(void **state)
{
	struct anyfs_kernel *k = boot_kernel();

	anyfs_kernel_use(k);
	assert_int_equal(lkl_sys_getpid(), 1);
	assert_int_equal(lkl_sys_close(0), -EBADF);
	assert_int_equal(lkl_sys_close(1), -EBADF);
	assert_int_equal(lkl_sys_close(2), -EBADF);
	assert_int_equal(lkl_sys_open("/", LKL_O_RDONLY, 0), 0);
	assert_int_equal(anyfs_kernel_shutdown(k), 0);
	anyfs_kernel_use(NULL);
}

static int lock_in(void *threads)
{
	*(int *)threads = count_threads();
	return 0;
}

static int refuse_lock_in(void *called)
{
	++*(int *)called;
	return -EPERM;
}

static void lock_in_comes_before_the_first_thread(void **state)
{
	int threads = 0;
	AnyfsKernelOpts opts = { .mem_mb = 32, .lock_in = lock_in, .lock_in_data = &threads };
	struct anyfs_kernel *k;

	assert_kernels_left_no_thread();
	assert_int_equal(anyfs_kernel_boot(&opts, &k), 0);
	assert_int_equal(threads, OWN_THREADS);
	assert_int_equal(anyfs_kernel_shutdown(k), 0);
}

static void lock_in_that_fails_ends_the_boot(void **state)
{
	struct usage before = usage_now(), after;
	int called = 0;
	AnyfsKernelOpts opts = {
		.mem_mb = 32, .lock_in = refuse_lock_in, .lock_in_data = &called,
	};
	struct anyfs_kernel *k;

	assert_int_equal(anyfs_kernel_boot(&opts, &k), -EPERM);
	assert_int_equal(called, 1);
	assert_non_null(strstr(anyfs_strerror_last(), "not started"));
	after = usage_now();
	assert_kernels_left_no_thread();
	assert_int_equal(after.fds, before.fds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_thread_is_pid_1_without_descriptors),
		cmocka_unit_test(init_and_halt_can_be_repeated),
		cmocka_unit_test(a_failed_boot_leaks_nothing),
		cmocka_unit_test(boots_and_halts_without_growth),
		cmocka_unit_test(lock_in_comes_before_the_first_thread),
		cmocka_unit_test(lock_in_that_fails_ends_the_boot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
