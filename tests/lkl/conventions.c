// SPDX-License-Identifier: GPL-2.0
/* Names and conventions of the Linux Kernel Library that programs rely on. */
#include "common.h"
#include <lkl/asm/host_ops.h>
#include <lkl/linux/resource.h>

static void struct_lkl_disk_has_the_layout_of_lkl(void **state)
{
	assert_int_equal(offsetof(struct lkl_disk, dev), 0);
	assert_int_equal(offsetof(struct lkl_disk, fd), sizeof(void *));
	assert_int_equal(offsetof(struct lkl_disk, handle), sizeof(void *));
	assert_int_equal(offsetof(struct lkl_disk, ops), 2 * sizeof(void *));
	assert_int_equal(sizeof(struct lkl_disk), 3 * sizeof(void *));
}

static void types_and_numbers_are_those_of_lkl(void **state)
{
	lkl_long_t params[6] = { 0 };
	lkl_ulong_t most = ~0ul;

	assert_int_equal(most, ~0ul);
	assert_int_equal(LKL_MKDEV(259, 0), 0x10300);
	assert_int_equal(LKL_DT_DIR, 4);
	assert_int_equal(LKL_DT_REG, 8);
	assert_int_equal(LKL_DT_LNK, 10);
	must(start_quietly(NULL));
	assert_int_equal(lkl_syscall(__lkl__NR_getpid, params), 1);
	must(lkl_sys_mknod("/null", LKL_S_IFCHR | 0600, LKL_MKDEV(1, 3)));
	must(lkl_sys_open("/null", LKL_O_RDWR, 0));
	must(halt(NULL));
}

static void lkl_start_kernel_refuses_a_pointer_to_host_ops(void **state)
{
	struct lkl_host_operations own = lkl_host_ops;

	assert_int_equal(lkl_start_kernel((void *)&lkl_host_ops, "mem=32M"), -LKL_EINVAL);
	assert_non_null(strstr(anyfs_strerror_last(), "lkl_init()"));
	lkl_init(&own);
	assert_int_equal(lkl_start_kernel((void *)&own, "mem=32M"), -LKL_EINVAL);
	assert_non_null(strstr(anyfs_strerror_last(), "lkl_init()"));
	assert_int_equal(lkl_is_running(), 0);
	lkl_cleanup();
}

static void lkl_sysctl_writes_settings(void **state)
{
	assert_int_equal(lkl_sysctl("vm.dirty_ratio", "42"), -LKL_ENODEV);
	must(start_quietly(NULL));
	must(lkl_sysctl("vm.dirty_ratio", "42"));
	assert_file("/proc/sys/vm/dirty_ratio", "42\n");
	assert_int_equal(lkl_sysctl("vm.no_such_setting", "1"), -LKL_ENOENT);
	assert_non_null(strstr(anyfs_strerror_last(), "vm.no_such_setting"));
	assert_int_equal(lkl_sysctl("vm.dirty_ratio", "many"), -LKL_EINVAL);
	assert_file("/proc/sys/vm/dirty_ratio", "42\n");
	lkl_sysctl_parse_write("vm.dirty_ratio=43;vm.dirty_background_ratio=7;");
	assert_file("/proc/sys/vm/dirty_ratio", "43\n");
	assert_file("/proc/sys/vm/dirty_background_ratio", "7\n");
	must(halt(NULL));
}

static char printed[4096];

static void keep(const char *text, int len)
{
	strncat(printed, text, len);
}

static void a_list_of_settings_continues_after_an_error(void **state)
{
	struct lkl_host_operations own = lkl_host_ops;

	own.print = keep;
	lkl_init(&own);
	must(lkl_start_kernel("mem=32M loglevel=1"));
	lkl_sysctl_parse_write("vm.nonesuch=1;nothing;vm.dirty_ratio=44");
	assert_non_null(strstr(printed, "vm.nonesuch: No such file or directory\n"));
	assert_non_null(strstr(printed, "nothing: Invalid argument\n"));
	assert_file("/proc/sys/vm/dirty_ratio", "44\n");
	must(halt(NULL));
}

static void lkl_set_fd_limit_limits_descriptors(void **state)
{
	struct lkl_rlimit64 limit;

	must(start_quietly(NULL));
	must(lkl_set_fd_limit(3));
	must(lkl_sys_prlimit64(0, LKL_RLIMIT_NOFILE, NULL, &limit));
	assert_int_equal(limit.rlim_cur, 3);
	for (int i = 0; i < 3; i++)
		must(lkl_sys_open("/", LKL_O_RDONLY, 0));
	assert_int_equal(lkl_sys_open("/", LKL_O_RDONLY, 0), -LKL_EMFILE);
	must(lkl_set_fd_limit(65535));
	must(lkl_sys_open("/", LKL_O_RDONLY, 0));
	must(halt(NULL));
}

static void device_numbers_are_read_from_sysfs(void **state)
{
	uint32_t dev = 7;

	must(start_quietly(NULL));
	must(lkl_mount_fs("sysfs"));
	must(lkl_encode_dev_from_sysfs("/sysfs/class/mem/null/dev", &dev));
	assert_int_equal(dev, LKL_MKDEV(1, 3));
	write_file("/large", "259:300\n");
	must(lkl_encode_dev_from_sysfs("/large", &dev));
	assert_int_equal(dev, 300 % 256 | 259 << 8 | (300 / 256) << 20);
	write_file("/none", "device\n");
	assert_int_equal(lkl_encode_dev_from_sysfs("/none", &dev), -LKL_EINVAL);
	assert_int_equal(lkl_encode_dev_from_sysfs("/missing", &dev), -LKL_ENOENT);
	must(halt(NULL));
}

struct seen {
	long leader, pid, fd;
};

static void *become_leader(void *arg)
{
	struct seen *seen = arg;

	seen->leader = lkl_sys_new_thread_group_leader();
	seen->pid = lkl_sys_getpid();
	seen->fd = lkl_sys_fcntl(0, LKL_F_GETFD, 0);
	return NULL;
}

static void a_thread_can_lead_its_own_thread_group(void **state)
{
	struct seen a = { .leader = -1 }, b = { .leader = -1 };
	pthread_t t[2];

	must(start_quietly(NULL));
	assert_int_equal(lkl_sys_new_thread_group_leader(), -LKL_EBUSY);
	assert_int_equal(lkl_sys_open("/", LKL_O_RDONLY, 0), 0);
	pthread_create(&t[0], NULL, become_leader, &a);
	pthread_join(t[0], NULL);
	pthread_create(&t[1], NULL, become_leader, &b);
	pthread_join(t[1], NULL);
	assert_int_equal(a.leader, 0);
	assert_int_equal(b.leader, 0);
	assert_true(a.pid > 1 && b.pid > 1 && a.pid != b.pid);
	assert_true(a.fd >= 0 && b.fd >= 0);
	must(halt(NULL));
	assert_int_equal(lkl_sys_new_thread_group_leader(), -LKL_ENODEV);
}

static void functions_without_effect_can_be_called(void **state)
{
	lkl_register_dbg_handler();
	lkl_change_tls_mode();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(struct_lkl_disk_has_the_layout_of_lkl),
		cmocka_unit_test(types_and_numbers_are_those_of_lkl),
		cmocka_unit_test(lkl_start_kernel_refuses_a_pointer_to_host_ops),
		cmocka_unit_test(lkl_sysctl_writes_settings),
		cmocka_unit_test(a_list_of_settings_continues_after_an_error),
		cmocka_unit_test(lkl_set_fd_limit_limits_descriptors),
		cmocka_unit_test(device_numbers_are_read_from_sysfs),
		cmocka_unit_test(a_thread_can_lead_its_own_thread_group),
		cmocka_unit_test(functions_without_effect_can_be_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
