// SPDX-License-Identifier: GPL-2.0
/*
 * casefold.c - directories that ignore the case of names
 *
 *	casefold IMAGE
 *
 * Names that differ in case (Unicode's full case folding) or in their normal form match, and
 * names are stored unchanged.  The directory "folded" stays empty for the test script.
 */
#include "mounted.h"

static char **args;

static const struct {
	const char *made, *other;
} names[] = {
	{ "Readme.TXT", "rEADME.txt" },
	{ "Stra\u00dfe", "STRASSE" },
	{ "\u0391\u03a3", "\u03b1\u03c2" },		/* sigma, and final sigma */
	{ "caf\u00e9", "CAFE\u0301" },
};
#define NR_NAMES	(sizeof(names) / sizeof(names[0]))

static const char *in_dir(const char *dir, const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void check_names(void)
{
	char buf[4096];
	int fd = open_at("names", LKL_O_RDONLY | LKL_O_DIRECTORY);
	long n = lkl_sys_getdents64(fd, (void *)buf, sizeof(buf));

	lkl_sys_close(fd);
	for (size_t i = 0; i < NR_NAMES; i++) {
		check_pattern(in_dir("names", names[i].made));
		check_pattern(in_dir("names", names[i].other));
		assert_non_null(memmem(buf, n, names[i].made, strlen(names[i].made) + 1));
		assert_null(memmem(buf, n, names[i].other, strlen(names[i].other) + 1));
	}
	/* Directories without the flag distinguish case. */
	assert_int_equal(lkl_sys_open(at("NAMES"), LKL_O_RDONLY, 0), -ENOENT);
}

static void names_match_in_any_case(void **state)
{
	int flags = LKL_FS_CASEFOLD_FL;

	mount_image(args[1], 0, NULL);
	make_dir("names");
	make_dir("folded");
	expect_ok(ioctl_at("names", LKL_FS_IOC_SETFLAGS, &flags));
	expect_ok(ioctl_at("folded", LKL_FS_IOC_SETFLAGS, &flags));
	for (size_t i = 0; i < NR_NAMES; i++) {
		write_pattern(in_dir("names", names[i].made));
		assert_int_equal(lkl_sys_mkdir(at(in_dir("names", names[i].other)), 0700), -EEXIST);
	}
	check_names();
	unmount_image();
	mount_image(args[1], ANYFS_DISK_READONLY, NULL);
	check_names();
	unmount_image();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(names_match_in_any_case) };

	if (argc != 2) {
		fprintf(stderr, "usage: casefold IMAGE\n");
		return 2;
	}
	args = argv;
	return cmocka_run_group_tests_name("casefold", tests, group_boot, group_halt);
}
