// SPDX-License-Identifier: GPL-2.0
/*
 * Kernels are started and halted by lkl.h and by anyfs.h, in any order.
 */
#include "common.h"

static void calls_without_a_kernel_return_enodev(void **state)
{
	long params[6] = { 0 };

	assert_int_equal(lkl_is_running(), 0);
	assert_int_equal(lkl_sys_getpid(), -LKL_ENODEV);
	assert_int_equal(lkl_sys_open("/", LKL_O_RDONLY, 0), -LKL_ENODEV);
	assert_int_equal(lkl_syscall(__lkl__NR_getpid, params), -LKL_ENODEV);
	assert_int_equal(lkl_sys_halt(), -LKL_ENODEV);
	assert_int_equal(lkl_umount_timeout("/", 0, 0), -LKL_ENODEV);
	assert_int_equal(lkl_init(NULL), -LKL_EINVAL);
}

static void a_kernel_can_be_started_and_halted_ten_times(void **state)
{
	long params[6] = { 0 };

	for (int i = 0; i < 10; i++) {
		must(start_quietly(NULL));
		assert_int_equal(lkl_is_running(), 1);
		assert_int_equal(lkl_sys_getpid(), 1);
		assert_int_equal(lkl_syscall(__lkl__NR_getpid, params), 1);
		/* No descriptor is open. */
		assert_int_equal(lkl_sys_close(0), -LKL_EBADF);
		assert_int_equal(lkl_sys_open("/", LKL_O_RDONLY, 0), 0);
		assert_int_equal(lkl_sys_open("/", LKL_O_RDONLY, 0), 1);
		assert_int_equal(halt(NULL), 0);
		assert_int_equal(lkl_is_running(), 0);
	}
}

static void both_interfaces_share_the_first_kernel(void **state)
{
	AnyfsKernelOpts opts = { .mem_mb = 32 };

	must(start_quietly(NULL));
	assert_int_equal(lkl_start_kernel("mem=32M"), -LKL_EALREADY);
	assert_int_equal(anyfs_kernel_init(&opts), -EALREADY);
	assert_int_equal(anyfs_kernel_is_running(NULL), 1);
	write_file("/made", "by lkl");
	assert_int_equal(anyfs_kernel_halt(), 0);
	assert_int_equal(lkl_is_running(), 0);

	assert_int_equal(anyfs_kernel_init(&opts), 0);
	assert_int_equal(lkl_start_kernel("mem=32M"), -LKL_EALREADY);
	assert_int_equal(lkl_is_running(), 1);
	assert_int_equal(lkl_sys_access("/made", 0), -LKL_ENOENT);
	assert_int_equal(lkl_sys_halt(), 0);
	assert_int_equal(anyfs_kernel_is_running(NULL), 0);
}

static void anyfs_kernel_use_selects_the_second_kernel(void **state)
{
	AnyfsKernelOpts opts = { .mem_mb = 32 };
	struct anyfs_kernel *second;

	must(start_quietly(NULL));
	assert_int_equal(anyfs_kernel_boot(&opts, &second), 0);
	write_file("/in-first", "1");
	anyfs_kernel_use(second);
	assert_int_equal(lkl_sys_access("/in-first", 0), -LKL_ENOENT);
	assert_int_equal(lkl_sys_halt(), 0);		/* the second */
	assert_int_equal(lkl_is_running(), 1);
	assert_file("/in-first", "1");
	assert_int_equal(halt(NULL), 0);
}

static unsigned long long memory_of_kernel(const char *cmdline)
{
	struct lkl_sysinfo si;

	lkl_init(&lkl_host_ops);
	must(lkl_start_kernel("%s", cmdline));
	must(lkl_sys_sysinfo(&si));
	must(halt(NULL));
	return (unsigned long long)si.totalram * si.mem_unit >> 20;
}

static void the_mem_option_sets_the_size_of_memory(void **state)
{
	assert_in_range(memory_of_kernel("mem=32M loglevel=1"), 24, 32);
	assert_in_range(memory_of_kernel("loglevel=1 mem=65536k"), 54, 64);
	assert_in_range(memory_of_kernel("loglevel=1 mem=16M mem=48m"), 38, 48);
	assert_in_range(memory_of_kernel("mem=0x2000000 loglevel=1"), 24, 32);
	assert_in_range(memory_of_kernel("loglevel=1"), 110, 128);
	/* Too little memory is raised to the minimum. */
	assert_in_range(memory_of_kernel("mem=10M loglevel=1"), 8, 16);
	assert_in_range(memory_of_kernel("mem=1 loglevel=1"), 8, 16);
	assert_int_equal(lkl_start_kernel("mem=32X"), -LKL_EINVAL);
	assert_int_equal(lkl_start_kernel("mem="), -LKL_EINVAL);
	assert_int_equal(lkl_start_kernel("mem=-1"), -LKL_EINVAL);
	assert_int_equal(lkl_start_kernel("mem=99999999999999999999G"), -LKL_EINVAL);
	assert_int_equal(lkl_is_running(), 0);
}

static void other_options_are_passed_to_the_kernel(void **state)
{
	long fd;
	char buf[512] = "";

	lkl_init(&lkl_host_ops);
	must(lkl_start_kernel("  loglevel=1  mem=32M x.y=\"a mem=1 b\" %s ", "last"));
	assert_int_equal(lkl_mount_fs("proc"), 0);
	fd = must(lkl_sys_open("/proc/cmdline", LKL_O_RDONLY, 0));
	must(lkl_sys_read(fd, buf, sizeof(buf) - 1));
	assert_non_null(strstr(buf, "loglevel=1 x.y=\"a mem=1 b\" last"));
	assert_null(strstr(buf, "mem=32M"));
	/* The kernel halts although a file is open and proc is mounted. */
	assert_int_equal(halt(NULL), 0);
}

static void *other_thread(void *arg)
{
	long *seen = arg;

	seen[0] = lkl_sys_getpid();
	seen[1] = lkl_sys_gettid();
	seen[2] = lkl_sys_read(0, &seen[3], 1);
	return NULL;
}

static void threads_share_the_descriptors_of_pid_1(void **state)
{
	long seen[4] = { 0 };
	pthread_t t;

	must(start_quietly(NULL));
	write_file("/byte", "x");
	assert_int_equal(lkl_sys_open("/byte", LKL_O_RDONLY, 0), 0);
	assert_int_equal(pthread_create(&t, NULL, other_thread, seen), 0);
	assert_int_equal(pthread_join(t, NULL), 0);
	assert_true(seen[0] > 0);
	assert_int_not_equal(seen[1], 1);
	assert_int_equal(seen[2], 1);
	assert_int_equal((char)seen[3], 'x');
	assert_int_equal(halt(NULL), 0);
}

static void a_dead_kernel_can_be_replaced(void **state)
{
	must(start_quietly(NULL));
	assert_int_equal(anyfs_kernel_crash(NULL, "test"), -EIO);
	assert_int_equal(lkl_is_running(), 0);
	assert_int_equal(lkl_sys_getpid(), -LKL_EIO);
	assert_int_equal(lkl_start_kernel("mem=32M"), -LKL_EALREADY);
	assert_int_equal(lkl_sys_halt(), -LKL_EIO);
	must(start_quietly(NULL));
	assert_int_equal(lkl_sys_getpid(), 1);
	assert_int_equal(halt(NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_without_a_kernel_return_enodev),
		cmocka_unit_test(a_kernel_can_be_started_and_halted_ten_times),
		cmocka_unit_test(both_interfaces_share_the_first_kernel),
		cmocka_unit_test(anyfs_kernel_use_selects_the_second_kernel),
		cmocka_unit_test(the_mem_option_sets_the_size_of_memory),
		cmocka_unit_test(other_options_are_passed_to_the_kernel),
		cmocka_unit_test(threads_share_the_descriptors_of_pid_1),
		cmocka_unit_test(a_dead_kernel_can_be_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
