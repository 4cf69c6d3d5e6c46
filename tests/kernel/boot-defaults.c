// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel boots with the same default settings in every program, and its command line can
 * change them.
 */
#include <stdbool.h>
#include "common.h"

static const char *read_file(const char *path)
{
	static char text[64];
	int fd = lkl_sys_open(path, LKL_O_RDONLY, 0);
	long n;

	assert_true(fd >= 0);
	n = lkl_sys_read(fd, text, sizeof(text) - 1);
	assert_int_equal(lkl_sys_close(fd), 0);
	assert_in_range(n, 1, sizeof(text) - 1);
	text[n] = '\0';
	return text;
}

/* Boot with @cmdline and compare the settings. */
static void boot_and_look(const char *cmdline, const char *proactiveness, const char *scale)
{
	AnyfsKernelOpts opts = { .mem_mb = 32, .cmdline = cmdline };

	assert_int_equal(anyfs_kernel_init(&opts), 0);
	assert_int_equal(lkl_sys_mkdir("/proc", 0755), 0);
	assert_int_equal(lkl_sys_mount("proc", "/proc", "proc", 0, NULL), 0);
	assert_string_equal(read_file("/proc/sys/vm/compaction_proactiveness"), proactiveness);
	assert_string_equal(read_file("/proc/sys/vm/watermark_scale_factor"), scale);
	assert_int_equal(lkl_sys_umount("/proc", 0), 0);
	assert_int_equal(anyfs_kernel_halt(), 0);
}

static void defaults_are_those_of_arch_lkl(void **state)
{
	boot_and_look(NULL, "0\n", "500\n");
}

static void the_command_line_overrides_defaults(void **state)
{
	boot_and_look("sysctl.vm.compaction_proactiveness=7 sysctl.vm.watermark_scale_factor=20",
		      "7\n", "20\n");
}

static void boot_makes_no_sysfs_files_of_slabs(void **state)
{
	AnyfsKernelOpts opts = { .mem_mb = 32 };
	struct lkl_stat st;

	assert_int_equal(anyfs_kernel_init(&opts), 0);
	assert_int_equal(lkl_sys_mkdir("/sys", 0755), 0);
	assert_int_equal(lkl_sys_mount("sysfs", "/sys", "sysfs", 0, NULL), 0);
	assert_int_equal(lkl_sys_stat("/sys/kernel", &st), 0);
	assert_int_equal(lkl_sys_stat("/sys/kernel/slab", &st), -LKL_ENOENT);
	assert_int_equal(lkl_sys_umount("/sys", 0), 0);
	assert_int_equal(anyfs_kernel_halt(), 0);
}

static bool crypto_has(const char *driver)
{
	static char text[65536];
	int fd = lkl_sys_open("/proc/crypto", LKL_O_RDONLY, 0);
	long n, len = 0;

	assert_true(fd >= 0);
	while ((n = lkl_sys_read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	assert_int_equal(n, 0);
	assert_int_equal(lkl_sys_close(fd), 0);
	text[len] = '\0';
	return strstr(text, driver);
}

static void boot_registers_no_cipher(void **state)
{
	struct anyfs_kernel_opts opts = { .struct_size = sizeof(opts), .mem_mb = 32 };

	assert_int_equal(anyfs_kernel_init(&opts), 0);
	assert_int_equal(lkl_sys_mkdir("/proc", 0755), 0);
	assert_int_equal(lkl_sys_mount("proc", "/proc", "proc", 0, NULL), 0);
	assert_true(crypto_has("crc32c-generic"));
	assert_false(crypto_has("aes-generic"));
	assert_int_equal(lkl_sys_umount("/proc", 0), 0);
	assert_int_equal(anyfs_kernel_halt(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_those_of_arch_lkl),
		cmocka_unit_test(the_command_line_overrides_defaults),
		cmocka_unit_test(boot_makes_no_sysfs_files_of_slabs),
		cmocka_unit_test(boot_registers_no_cipher),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
