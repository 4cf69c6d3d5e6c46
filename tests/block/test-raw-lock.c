// SPDX-License-Identifier: GPL-2.0
/* Readers share an image and a writer excludes all others, within a process and between two. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "contract.h"
#include "error.h"
#include "files.h"

static const char *path;

static int set_up(void **state)
{
	path = file_make("lock.img", 65536);
	return 0;
}

static struct blockdev *open_ok(unsigned int flags)
{
	struct blockdev *bd;

	if (raw_open(path, flags, &bd))
		fail_msg("%s", error_last());
	return bd;
}

static void assert_busy(unsigned int flags)
{
	struct blockdev *bd;

	assert_int_equal(raw_open(path, flags, &bd), -EBUSY);
	assert_non_null(strstr(error_last(), path));
}

/* The result of raw_open() in another process. */
static int open_in_other_process(unsigned int flags)
{
	struct blockdev *bd;
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(-raw_open(path, flags, &bd));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

static void readers_share_an_image(void **state)
{
	struct blockdev *a = open_ok(0), *b = open_ok(0);

	assert_int_equal(open_in_other_process(0), 0);
	blockdev_close(a);
	blockdev_close(b);
}

static void a_reader_keeps_writers_out(void **state)
{
	struct blockdev *reader = open_ok(0);

	assert_busy(BLOCKDEV_WRITE);
	assert_int_equal(open_in_other_process(BLOCKDEV_WRITE), -EBUSY);
	blockdev_close(reader);
	assert_int_equal(open_in_other_process(BLOCKDEV_WRITE), 0);
	blockdev_close(open_ok(BLOCKDEV_WRITE));
}

static void a_writer_excludes_all_others(void **state)
{
	struct blockdev *writer = open_ok(BLOCKDEV_WRITE);

	assert_busy(0);
	assert_busy(BLOCKDEV_WRITE);
	assert_int_equal(open_in_other_process(0), -EBUSY);
	assert_int_equal(open_in_other_process(BLOCKDEV_WRITE), -EBUSY);
	blockdev_close(writer);
	assert_int_equal(open_in_other_process(BLOCKDEV_WRITE), 0);
}

static void nolock_ignores_locks_of_others(void **state)
{
	struct blockdev *writer = open_ok(BLOCKDEV_WRITE);

	blockdev_close(open_ok(BLOCKDEV_NOLOCK));
	blockdev_close(open_ok(BLOCKDEV_WRITE | BLOCKDEV_NOLOCK));
	/* The holder of the lock still has it. */
	assert_busy(0);
	blockdev_close(writer);
}

static void an_image_opened_by_descriptor_is_locked_too(void **state)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	struct blockdev *a, *b;

	assert_int_equal(raw_open_fd(fd, path, BLOCKDEV_WRITE, &a), 0);
	assert_int_equal(raw_open_fd(fd, path, BLOCKDEV_WRITE, &b), -EBUSY);
	assert_int_equal(raw_open_fd(fd, path, 0, &b), -EBUSY);
	assert_busy(0);
	blockdev_close(a);
	/* The caller's descriptor is still open and holds no lock. */
	blockdev_close(open_ok(BLOCKDEV_WRITE));
	close(fd);
}

static void lock_bytes(int fd, off_t start, off_t len)
{
	struct flock lock = { .l_type = F_RDLCK, .l_start = start, .l_len = len };

	assert_int_equal(fcntl(fd, F_OFD_SETLK, &lock), 0);
}

static void a_reading_qemu_keeps_writers_out(void **state)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	/* QEMU reads, and forbids others to write and to resize. */
	lock_bytes(fd, 100, 1);
	lock_bytes(fd, 201, 1);
	lock_bytes(fd, 203, 1);
	assert_busy(BLOCKDEV_WRITE);
	blockdev_close(open_ok(0));
	close(fd);
}

static void a_writing_qemu_keeps_readers_out(void **state)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	lock_bytes(fd, 100, 2);
	lock_bytes(fd, 201, 1);
	assert_busy(BLOCKDEV_WRITE);
	assert_busy(0);
	blockdev_close(open_ok(BLOCKDEV_NOLOCK));
	close(fd);
	blockdev_close(open_ok(0));
}

static void another_program_may_lock_the_whole_file_for_reading(void **state)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	lock_bytes(fd, 0, 0);
	assert_busy(BLOCKDEV_WRITE);
	blockdev_close(open_ok(0));
	close(fd);
}

/* The bytes that QEMU looks at before it reads, writes or resizes. */
static void a_reader_lets_qemu_read_but_not_write(void **state)
{
	static const struct { off_t byte; bool locked; } bytes[] = {
		{ 100, true }, { 101, false }, { 102, false }, { 103, false },
		{ 200, false }, { 201, true }, { 203, true },
	};
	struct blockdev *reader = open_ok(0);
	int fd = open(path, O_RDWR | O_CLOEXEC);

	for (unsigned int i = 0; i < sizeof(bytes) / sizeof(*bytes); i++) {
		struct flock lock = {
			.l_type = F_WRLCK, .l_start = bytes[i].byte, .l_len = 1,
		};

		assert_int_equal(fcntl(fd, F_OFD_GETLK, &lock), 0);
		assert_int_equal(lock.l_type, bytes[i].locked ? F_RDLCK : F_UNLCK);
	}
	close(fd);
	blockdev_close(reader);
}

static void a_failed_open_leaves_no_lock(void **state)
{
	struct blockdev *bd;

	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(raw_open(path, BLOCKDEV_WRITE, &bd), -ENODATA);
	assert_int_equal(truncate(path, 65536), 0);
	blockdev_close(open_ok(BLOCKDEV_WRITE));
}

#define CASE(text, fn)	{ text, fn, set_up, NULL, NULL }

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE("readers share an image", readers_share_an_image),
		CASE("a reader keeps writers out", a_reader_keeps_writers_out),
		CASE("a writer excludes all others", a_writer_excludes_all_others),
		CASE("NOLOCK ignores locks of others", nolock_ignores_locks_of_others),
		CASE("an image opened by descriptor is locked too",
		     an_image_opened_by_descriptor_is_locked_too),
		CASE("a reading QEMU keeps writers out", a_reading_qemu_keeps_writers_out),
		CASE("a writing QEMU keeps readers out", a_writing_qemu_keeps_readers_out),
		CASE("another program may lock the whole file for reading",
		     another_program_may_lock_the_whole_file_for_reading),
		CASE("a reader lets QEMU read but not write", a_reader_lets_qemu_read_but_not_write),
		CASE("a failed open leaves no lock", a_failed_open_leaves_no_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
