// SPDX-License-Identifier: GPL-2.0
/*
 * System calls that the kernel has only in a newer form, such as open() by openat().
 */
#include "common.h"

static void calls_on_files_and_links_work(void **state)
{
	struct lkl_stat st, lst;
	char buf[16] = "";
	long fd = must(lkl_sys_creat("/file", 0640));

	assert_int_equal(lkl_sys_write(fd, "12345", 5), 5);
	assert_int_equal(lkl_sys_close(fd), 0);
	must(lkl_sys_stat("/file", &st));
	assert_int_equal(st.st_size, 5);
	assert_int_equal(st.st_mode, LKL_S_IFREG | 0640);
	/* creat() truncates an existing file. */
	must(lkl_sys_close(must(lkl_sys_creat("/file", 0600))));
	must(lkl_sys_stat("/file", &st));
	assert_int_equal(st.st_size, 0);

	must(lkl_sys_link("/file", "/hard"));
	must(lkl_sys_symlink("file", "/soft"));
	must(lkl_sys_stat("/soft", &st));
	must(lkl_sys_lstat("/soft", &lst));
	assert_int_equal(st.st_nlink, 2);
	assert_true(LKL_S_ISLNK(lst.st_mode));
	assert_int_equal(lkl_sys_readlink("/soft", buf, sizeof(buf)), 4);
	assert_string_equal(buf, "file");
	assert_int_equal(lkl_sys_readlink("/soft", buf, ~(size_t)0), 4);
	assert_int_equal(lkl_sys_readlink("/file", buf, sizeof(buf)), -LKL_EINVAL);

	fd = must(lkl_sys_open("/hard", LKL_O_RDONLY, 0));
	must(lkl_sys_fstat(fd, &lst));
	assert_int_equal(lst.st_ino, st.st_ino);
	must(lkl_sys_close(fd));
	must(lkl_sys_rename("/hard", "/moved"));
	assert_int_equal(lkl_sys_unlink("/hard"), -LKL_ENOENT);
	must(lkl_sys_unlink("/moved"));
	must(lkl_sys_unlink("/soft"));
}

static void calls_on_directories_and_device_nodes_work(void **state)
{
	struct lkl_stat st;

	must(lkl_sys_mkdir("/dir", 0711));
	assert_int_equal(lkl_sys_mkdir("/dir", 0711), -LKL_EEXIST);
	must(lkl_sys_mknod("/dir/null", LKL_S_IFCHR | 0600, 1 << 8 | 3));
	must(lkl_sys_stat("/dir/null", &st));
	assert_int_equal(st.st_rdev, 1 << 8 | 3);
	assert_int_equal(lkl_sys_rmdir("/dir"), -LKL_ENOTEMPTY);
	assert_int_equal(lkl_sys_unlink("/dir"), -LKL_EISDIR);
	must(lkl_sys_unlink("/dir/null"));
	must(lkl_sys_rmdir("/dir"));
	assert_int_equal(lkl_sys_stat("/dir", &st), -LKL_ENOENT);
}

static void calls_on_modes_owners_and_times_work(void **state)
{
	struct lkl_timeval tv[2] = { { 1000000000, 250000 }, { 1700000000, 999999 } };
	struct lkl_stat st;

	write_file("/m", "");
	must(lkl_sys_symlink("m", "/lm"));
	must(lkl_sys_chmod("/lm", 04751));
	must(lkl_sys_chown("/lm", 12, 34));
	must(lkl_sys_lchown("/lm", 56, 78));
	must(lkl_sys_stat("/m", &st));
	assert_int_equal(st.st_uid, 12);
	assert_int_equal(st.st_gid, 34);
	must(lkl_sys_lstat("/lm", &st));
	assert_int_equal(st.st_uid, 56);
	assert_int_equal(st.st_gid, 78);

	must(lkl_sys_utimes("/m", tv));
	must(lkl_sys_stat("/m", &st));
	assert_int_equal(st.lkl_st_atime, 1000000000);
	assert_int_equal(st.st_atime_nsec, 250000000);
	assert_int_equal(st.lkl_st_mtime, 1700000000);
	assert_int_equal(st.st_mtime_nsec, 999999000);
	tv[0].tv_usec = 1000000;
	assert_int_equal(lkl_sys_utimes("/m", tv), -LKL_EINVAL);
	must(lkl_sys_utimes("/m", NULL));
	must(lkl_sys_stat("/m", &st));
	assert_true(st.lkl_st_mtime > 1700000000);

	must(lkl_sys_access("/m", 0));
	assert_int_equal(lkl_sys_access("/none", 0), -LKL_ENOENT);
}

static void calls_on_descriptors_work(void **state)
{
	char byte = 0;
	int fds[2];
	long fd;

	must(lkl_sys_pipe(fds));
	assert_int_equal(lkl_sys_write(fds[1], "p", 1), 1);
	assert_int_equal(lkl_sys_dup2(fds[0], 40), 40);
	assert_int_equal(lkl_sys_read(40, &byte, 1), 1);
	assert_int_equal(byte, 'p');
	assert_int_equal(lkl_sys_dup2(40, 40), 40);
	assert_int_equal(lkl_sys_dup2(41, 41), -LKL_EBADF);
	assert_int_equal(lkl_sys_dup2(41, 40), -LKL_EBADF);
	must(lkl_sys_close(40));
	must(lkl_sys_close(fds[0]));
	must(lkl_sys_close(fds[1]));
	fd = must(lkl_sys_eventfd(3));
	must(lkl_sys_close(fd));
	fd = must(lkl_sys_inotify_init());
	must(lkl_sys_close(fd));
}

static void poll_and_epoll_wait_for_a_pipe(void **state)
{
	struct lkl_epoll_event ev = { .events = LKL_EPOLLIN }, got[2];
	struct lkl_pollfd pfd;
	int fds[2];
	long ep;

	must(lkl_sys_pipe(fds));
	assert_int_equal(lkl_sys_epoll_create(0), -LKL_EINVAL);
	ep = must(lkl_sys_epoll_create(1));
	ev.data = 77;
	must(lkl_sys_epoll_ctl(ep, LKL_EPOLL_CTL_ADD, fds[0], &ev));
	pfd.fd = fds[0];
	pfd.events = LKL_POLLIN;
	assert_int_equal(lkl_sys_epoll_wait(ep, got, 2, 5), 0);
	assert_int_equal(lkl_sys_poll(&pfd, 1, 5), 0);
	assert_int_equal(lkl_sys_write(fds[1], "p", 1), 1);
	assert_int_equal(lkl_sys_epoll_wait(ep, got, 2, -1), 1);
	assert_int_equal(got[0].data, 77);
	assert_int_equal(lkl_sys_poll(&pfd, 1, -1), 1);
	assert_int_equal(pfd.revents, LKL_POLLIN);
	must(lkl_sys_close(ep));
	must(lkl_sys_close(fds[0]));
	must(lkl_sys_close(fds[1]));
}

static void select_updates_the_set_and_the_timeout(void **state)
{
	struct lkl_timeval tv = { 0, 5000 };
	lkl_fd_set set;
	int fds[2];

	must(lkl_sys_pipe(fds));
	assert_true(fds[0] < 64);
	memset(&set, 0, sizeof(set));
	set.fds_bits[0] = 1UL << fds[0];
	assert_int_equal(lkl_sys_select(fds[0] + 1, &set, NULL, NULL, &tv), 0);
	assert_int_equal(set.fds_bits[0], 0);
	assert_int_equal(tv.tv_sec, 0);
	assert_int_equal(tv.tv_usec, 0);

	assert_int_equal(lkl_sys_write(fds[1], "p", 1), 1);
	set.fds_bits[0] = 1UL << fds[0];
	assert_int_equal(lkl_sys_select(fds[0] + 1, &set, NULL, NULL, NULL), 1);
	assert_int_equal(set.fds_bits[0], 1UL << fds[0]);
	tv.tv_sec = 100;
	assert_int_equal(lkl_sys_select(fds[0] + 1, &set, NULL, NULL, &tv), 1);
	assert_in_range(tv.tv_sec, 90, 100);		/* the remaining time */
	tv.tv_sec = -1;
	assert_int_equal(lkl_sys_select(0, NULL, NULL, NULL, &tv), -LKL_EINVAL);
	must(lkl_sys_close(fds[0]));
	must(lkl_sys_close(fds[1]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_on_files_and_links_work),
		cmocka_unit_test(calls_on_directories_and_device_nodes_work),
		cmocka_unit_test(calls_on_modes_owners_and_times_work),
		cmocka_unit_test(calls_on_descriptors_work),
		cmocka_unit_test(poll_and_epoll_wait_for_a_pipe),
		cmocka_unit_test(select_updates_the_set_and_the_timeout),
	};

	return cmocka_run_group_tests(tests, start_quietly, halt);
}
