// SPDX-License-Identifier: GPL-2.0
/*
 * A path of the namespace consists of a partition and a path in it.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "image.h"

static const struct part_set parts_1_2_130 = { .bits = { 1 << 1 | 1 << 2, 0, 1 << 2, 0 } };

static void check(const struct part_set *parts, const char *path, int rc, int part,
		  const char *rest)
{
	const char *r;
	int p;

	assert_int_equal(path_split(parts, path, &p, &r), rc);
	assert_int_equal(p, part);
	if (!rc)
		assert_string_equal(r, rest);
}

static void paths_of_a_partitioned_disk_name_a_partition(void **state)
{
	const struct part_set *set = &parts_1_2_130;

	check(set, "/p1", 0, 1, "");
	check(set, "p1", 0, 1, "");
	check(set, "//./p1///etc/passwd", 0, 1, "etc/passwd");
	check(set, "/p2/etc/", 0, 2, "etc/");
	check(set, "/p130/x", 0, 130, "x");
	check(set, "/../p1/x", 0, 1, "x");
	check(set, "/p1/../p2", 0, 1, "../p2");
	check(set, "/p1/./..hidden", 0, 1, "..hidden");
	check(set, "/p0", 0, 0, "");
}

static void the_root_of_a_partitioned_disk_is_no_partition(void **state)
{
	const struct part_set *set = &parts_1_2_130;

	check(set, "/", 0, -1, "");
	check(set, "", 0, -1, "");
	check(set, "/./../.", 0, -1, "");
}

static void absent_partitions_are_refused(void **state)
{
	const struct part_set *set = &parts_1_2_130;

	check(set, "/p3", -ENOENT, 3, NULL);
	check(set, "/p01", -ENOENT, -1, NULL);
	check(set, "/p256", -ENOENT, -1, NULL);
	check(set, "/p99999999999999999999", -ENOENT, -1, NULL);
	check(set, "/p1x", -ENOENT, -1, NULL);
	check(set, "/p-1", -ENOENT, -1, NULL);
	check(set, "/etc", -ENOENT, -1, NULL);
	check(set, "/p", -ENOENT, -1, NULL);
}

static void paths_of_an_unpartitioned_disk_are_paths_of_its_file_system(void **state)
{
	check(NULL, "/", 0, 0, "");
	check(NULL, "/p1/x", 0, 0, "p1/x");
	check(NULL, "../../etc", 0, 0, "etc");
	assert_true(path_names_part("/p1/x"));
	assert_false(path_names_part("/path"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_of_a_partitioned_disk_name_a_partition),
		cmocka_unit_test(the_root_of_a_partitioned_disk_is_no_partition),
		cmocka_unit_test(absent_partitions_are_refused),
		cmocka_unit_test(paths_of_an_unpartitioned_disk_are_paths_of_its_file_system),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
