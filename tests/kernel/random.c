// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's random numbers come from the host.  Those of a reproducible kernel, and its clock,
 * are the same in each run.
 */
#include "common.h"
#include <sys/stat.h>
#include <unistd.h>
#include <lkl/linux/fcntl.h>
#include <lkl/linux/random.h>
#include <lkl/linux/time.h>

#define EPOCH		1700000000ull
#define SECOND		1000000000ll
#define LARGE		100000		/* bytes; the kernel fetches 256 at a time */

static struct anyfs_kernel *boot_reproducible(uint64_t fixed_time)
{
	const struct anyfs_kernel_opts opts = {
		.struct_size = sizeof(opts), .mem_mb = 32, .fixed_time = fixed_time,
		.reproducible = 1,
	};
	struct anyfs_kernel *k = NULL;

	assert_int_equal(anyfs_kernel_boot(&opts, &k), 0);
	return k;
}

static int64_t clock_ns(int clock)
{
	struct __lkl__kernel_timespec ts;

	assert_int_equal(lkl_sys_clock_gettime(clock, &ts), 0);
	return ts.tv_sec * SECOND + ts.tv_nsec;
}

/* The first random numbers that @k gives, and its time then; ends @k. */
struct first {
	unsigned char bytes[1000];
	int64_t ns;
};

static void first_of(struct anyfs_kernel *k, struct first *f)
{
	anyfs_kernel_use(k);
	assert_int_equal(lkl_sys_getrandom(f->bytes, sizeof(f->bytes), 0), sizeof(f->bytes));
	f->ns = clock_ns(LKL_CLOCK_MONOTONIC);
	assert_int_equal(anyfs_kernel_shutdown(k), 0);
}

/* 16 random bytes are equal to 16 others once in 2^128 cases. */
static void no_16_bytes_are_repeated(const unsigned char *bytes, size_t len)
{
	assert_true(len % 16 == 0);
	for (size_t i = 0; i < len; i += 16)
		for (size_t j = i + 16; j < len && j < i + 4096; j += 16)
			assert_memory_not_equal(bytes + i, bytes + j, 16);
}

static void requests_of_every_length_are_filled(void **state)
{
	static const size_t lengths[] = { 16, 32, 48, 64, 80, 256, 272, 4096, LARGE };
	unsigned char *bytes = calloc(1, LARGE + 1);

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		memset(bytes, 0, LARGE + 1);
		assert_int_equal(lkl_sys_getrandom(bytes, lengths[i], 0), lengths[i]);
		no_16_bytes_are_repeated(bytes, lengths[i]);
		assert_int_equal(bytes[lengths[i]], 0);
	}
	assert_int_equal(lkl_sys_getrandom(bytes, 0, 0), 0);
	free(bytes);
}

static void small_requests_do_not_repeat_numbers(void **state)
{
	unsigned char bytes[16 * 1000];

	for (size_t i = 0; i < sizeof(bytes); i += 16)
		assert_int_equal(lkl_sys_getrandom(bytes + i, 16, LKL_GRND_NONBLOCK), 16);
	no_16_bytes_are_repeated(bytes, sizeof(bytes));
}

static void unknown_flags_are_refused(void **state)
{
	char byte;

	assert_int_equal(lkl_sys_getrandom(&byte, 1, 0x80), -EINVAL);
	assert_int_equal(lkl_sys_getrandom(&byte, 1, LKL_GRND_RANDOM | LKL_GRND_INSECURE),
			 -EINVAL);
}

static void the_devices_give_random_bytes(void **state)
{
	static const struct { const char *name; int minor; } devices[] = {
		{ "/random", 8 }, { "/urandom", 9 },
	};
	unsigned char bytes[4096];

	for (size_t i = 0; i < 2; i++) {
		int fd;

		assert_int_equal(lkl_sys_mknodat(LKL_AT_FDCWD, devices[i].name, S_IFCHR | 0600,
						 devices[i].minor | 1 << 8), 0);
		fd = lkl_sys_openat(LKL_AT_FDCWD, devices[i].name, LKL_O_RDWR, 0);
		assert_true(fd >= 0);
		assert_int_equal(lkl_sys_write(fd, "entropy", 7), 7);
		assert_int_equal(lkl_sys_read(fd, (char *)bytes, sizeof(bytes)), sizeof(bytes));
		no_16_bytes_are_repeated(bytes, sizeof(bytes));
		assert_int_equal(lkl_sys_close(fd), 0);
	}
}

static void read_line(const char *path, char *line, size_t len)
{
	int fd = lkl_sys_openat(LKL_AT_FDCWD, path, LKL_O_RDONLY, 0);
	long n;

	assert_true(fd >= 0);
	n = lkl_sys_read(fd, line, len - 1);
	assert_true(n > 0);
	line[n] = 0;
	assert_int_equal(lkl_sys_close(fd), 0);
}

static void proc_has_a_new_uuid_for_each_read_and_one_for_the_boot(void **state)
{
	char a[64], b[64];

	assert_int_equal(lkl_sys_mkdirat(LKL_AT_FDCWD, "/proc-of-test", 0700), 0);
	assert_int_equal(lkl_sys_mount("none", "/proc-of-test", "proc", 0, NULL), 0);
	read_line("/proc-of-test/sys/kernel/random/uuid", a, sizeof(a));
	read_line("/proc-of-test/sys/kernel/random/uuid", b, sizeof(b));
	assert_int_equal(strlen(a), 37);
	assert_string_not_equal(a, b);
	read_line("/proc-of-test/sys/kernel/random/boot_id", a, sizeof(a));
	read_line("/proc-of-test/sys/kernel/random/boot_id", b, sizeof(b));
	assert_int_equal(strlen(a), 37);
	assert_string_equal(a, b);
	read_line("/proc-of-test/sys/kernel/random/entropy_avail", a, sizeof(a));
	assert_string_equal(a, "256\n");
	assert_int_equal(lkl_sys_umount("/proc-of-test", 0), 0);
}

static void numbers_of_two_kernels_differ(void **state)
{
	struct first a, b;

	first_of(boot_kernel(), &a);
	first_of(boot_kernel(), &b);
	assert_memory_not_equal(a.bytes, b.bytes, 16);
}

static void a_fixed_time_alone_does_not_fix_the_numbers(void **state)
{
	const struct anyfs_kernel_opts opts = {
		.struct_size = sizeof(opts), .mem_mb = 32, .fixed_time = EPOCH,
	};
	struct anyfs_kernel *k = NULL;
	struct first a, b;

	assert_int_equal(anyfs_kernel_boot(&opts, &k), 0);
	first_of(k, &a);
	assert_int_equal(anyfs_kernel_boot(&opts, &k), 0);
	first_of(k, &b);
	assert_memory_not_equal(a.bytes, b.bytes, 16);
}

static void a_reproducible_kernel_repeats_its_numbers_and_times(void **state)
{
	struct first a, b, other;

	first_of(boot_reproducible(EPOCH), &a);
	first_of(boot_reproducible(EPOCH), &b);
	assert_memory_equal(a.bytes, b.bytes, sizeof(a.bytes));
	assert_int_equal(a.ns, b.ns);
	no_16_bytes_are_repeated(a.bytes, 992);
	first_of(boot_reproducible(EPOCH + 1), &other);
	assert_memory_not_equal(a.bytes, other.bytes, 16);
}

static void a_reproducible_kernel_may_begin_in_1970(void **state)
{
	struct anyfs_kernel *k = boot_reproducible(0);

	anyfs_kernel_use(k);
	assert_true(clock_ns(LKL_CLOCK_REALTIME) < 3600 * SECOND);
	assert_int_equal(anyfs_kernel_shutdown(k), 0);
}

static void time_passes_in_a_reproducible_kernel_when_a_call_sleeps(void **state)
{
	struct __lkl__kernel_timespec ts = { .tv_sec = 1000000 };
	struct anyfs_kernel *k = boot_reproducible(EPOCH);
	int64_t start, slept, end;

	anyfs_kernel_use(k);
	start = clock_ns(LKL_CLOCK_MONOTONIC);
	assert_int_equal(lkl_sys_nanosleep(&ts, NULL), 0);
	slept = clock_ns(LKL_CLOCK_MONOTONIC) - start;
	assert_true(slept >= 1000000 * SECOND && slept < 1000001 * SECOND);
	start = clock_ns(LKL_CLOCK_MONOTONIC);
	usleep(20000);
	end = clock_ns(LKL_CLOCK_MONOTONIC);
	assert_true(end - start < SECOND / 100);
	assert_int_equal(anyfs_kernel_shutdown(k), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_of_every_length_are_filled),
		cmocka_unit_test(small_requests_do_not_repeat_numbers),
		cmocka_unit_test(unknown_flags_are_refused),
		cmocka_unit_test(the_devices_give_random_bytes),
		cmocka_unit_test(proc_has_a_new_uuid_for_each_read_and_one_for_the_boot),
		cmocka_unit_test(numbers_of_two_kernels_differ),
		cmocka_unit_test(a_fixed_time_alone_does_not_fix_the_numbers),
		cmocka_unit_test(a_reproducible_kernel_repeats_its_numbers_and_times),
		cmocka_unit_test(a_reproducible_kernel_may_begin_in_1970),
		cmocka_unit_test(time_passes_in_a_reproducible_kernel_when_a_call_sleeps),
	};

	return cmocka_run_group_tests(tests, group_boot, group_halt);
}
