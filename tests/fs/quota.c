// SPDX-License-Identifier: GPL-2.0
/*
 * quota.c - the usage of users and groups is counted, and limits hold
 *
 *	quota IMAGE [OPTIONS]
 */
#include "mounted.h"
#include <lkl/linux/quota.h>

#define USER		1234
#define GROUP		567
#define LIMIT_KIB	1024

static char **args;

static long quota(int cmd, unsigned int type, unsigned int id, void *arg)
{
	int fd = open_at(".", LKL_O_RDONLY);
	long rc = lkl_sys_quotactl_fd(fd, (unsigned int)cmd << LKL_SUBCMDSHIFT | type, id, arg);

	lkl_sys_close(fd);
	return rc;
}

static struct lkl_if_dqblk usage(unsigned int type, unsigned int id)
{
	struct lkl_if_dqblk q = { 0 };
	long rc = quota(LKL_Q_GETQUOTA, type, id, &q);

	if (rc == -ENOENT || rc == -ESRCH)
		return q;		/* this user owns no files */
	expect_ok(rc);
	return q;
}

static void check_counts(unsigned int user_files)
{
	struct lkl_if_dqblk q = usage(LKL_USRQUOTA, USER);

	assert_int_equal(q.dqb_curinodes, user_files);
	assert_true(q.dqb_curspace >= user_files * PATTERN_SIZE);
	assert_true(q.dqb_curspace <= user_files * PATTERN_SIZE + (64 << 10));
	q = usage(LKL_GRPQUOTA, GROUP);
	assert_int_equal(q.dqb_curinodes, 1);
	assert_true(q.dqb_curspace >= PATTERN_SIZE);
}

/* Write as the user, to whom limits apply, unlike root; return the number of bytes written. */
static uint64_t write_all_there_is(const char *name)
{
	uint64_t total = 0;
	long n = 0, fd;

	expect_ok(lkl_sys_setresuid(-1, USER, -1));
	fd = lkl_sys_open(at(name), LKL_O_WRONLY | LKL_O_CREAT, 0600);
	while (fd >= 0 && total < 4 * LIMIT_KIB << 10) {
		n = lkl_sys_write(fd, pattern(), 64 << 10);
		if (n < 0)
			break;
		total += n;
	}
	if (fd >= 0)
		lkl_sys_close(fd);
	expect_ok(lkl_sys_setresuid(-1, 0, -1));
	expect_ok(fd);
	assert_int_equal(n, -EDQUOT);
	return total;
}

static void set_limit(void)
{
	struct lkl_if_dqblk q = {
		.dqb_bhardlimit = LIMIT_KIB, .dqb_bsoftlimit = LIMIT_KIB,
		.dqb_valid = LKL_QIF_BLIMITS,
	};

	expect_ok(quota(LKL_Q_SETQUOTA, LKL_USRQUOTA, USER, &q));
}

static void test_quota(void **state)
{
	uint64_t written;

	mount_image(args[1], 0, args[2]);
	assert_int_equal(usage(LKL_USRQUOTA, USER).dqb_curinodes, 0);
	write_pattern("one");
	write_pattern("two");
	expect_ok(lkl_sys_lchown(at("one"), USER, 0));
	expect_ok(lkl_sys_lchown(at("two"), USER, GROUP));
	expect_ok(lkl_sys_sync());
	check_counts(2);
	set_limit();
	make_dir("open");
	expect_ok(lkl_sys_chmod(at("open"), 0777));
	written = write_all_there_is("open/much");
	assert_true(written >= LIMIT_KIB << 9 && written <= LIMIT_KIB << 10);
	expect_ok(lkl_sys_unlink(at("open/much")));
	expect_ok(lkl_sys_unlink(at("one")));
	unmount_image();

	/* Counts and limits are in the image. */
	mount_image(args[1], 0, args[2]);
	check_counts(1);
	assert_int_equal(usage(LKL_USRQUOTA, USER).dqb_bhardlimit, LIMIT_KIB);
	unmount_image();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_quota) };

	if (argc < 2) {
		fprintf(stderr, "usage: quota IMAGE [OPTIONS]\n");
		return 2;
	}
	args = argv;
	return cmocka_run_group_tests_name("quota", tests, group_boot, group_halt);
}
