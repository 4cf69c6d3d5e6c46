// SPDX-License-Identifier: GPL-2.0
/*
 * A process boots and halts kernels 200 times without growing: no memory,
 * mapping, thread or descriptor stays behind.
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

struct usage {
	long rss_kb;
	int maps, threads, fds;
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
	u.threads = count_entries("/proc/self/task");
	u.fds = count_entries("/proc/self/fd");
	return u;
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

	assert_int_equal(after.threads, before.threads);
	assert_int_equal(after.fds, before.fds);
	assert_in_range(after.maps, 0, before.maps + 8);
	if (!SANITIZED)
		assert_in_range(after.rss_kb, 0, before.rss_kb + 4096);
}

/* Memory that was asked for before boot is given back when boot fails. */
static void failed_boot_leaves_nothing(void **state)
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
	assert_int_equal(after.threads, before.threads);
	assert_int_equal(after.fds, before.fds);
}

static void init_and_halt_again(void **state)
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_thread_is_pid_1_without_descriptors),
		cmocka_unit_test(init_and_halt_again),
		cmocka_unit_test(failed_boot_leaves_nothing),
		cmocka_unit_test(boots_and_halts_without_growth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
