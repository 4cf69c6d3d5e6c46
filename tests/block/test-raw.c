// SPDX-License-Identifier: GPL-2.0
/* The raw backend: refused files, read-only and shrinking images, descriptors, reading ahead. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "contract.h"
#include "error.h"
#include "files.h"
#include "raw.h"

#define SIZE	(4u << 20)

static char buf[SIZE];

static struct blockdev *open_ok(const char *path, unsigned int flags)
{
	struct blockdev *bd;
	int err = raw_open(path, flags, &bd);

	if (err)
		fail_msg("%s", error_last());
	return bd;
}

static void assert_refused(const char *path, unsigned int flags, int err)
{
	struct blockdev *bd = NULL;

	assert_int_equal(raw_open(path, flags, &bd), err);
	assert_null(bd);
	/* The error text names the file and adds a reason. */
	assert_int_equal(strncmp(error_last(), path, strlen(path)), 0);
	assert_int_equal(strncmp(error_last() + strlen(path), ": ", 2), 0);
}

static void refuses_files_that_are_no_images(void **state)
{
	const char *fifo = file_path("fifo");

	assert_refused(file_path("missing.img"), 0, -ENOENT);
	assert_refused("/", 0, -EISDIR);
	assert_refused("/dev/null", 0, -EINVAL);
	unlink(fifo);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_refused(fifo, 0, -EINVAL);
	unlink(fifo);
	assert_refused(file_make("empty.img", 0), 0, -ENODATA);
	assert_refused(file_make("short.img", 511), 0, -EINVAL);
}

static void refuses_files_without_permission(void **state)
{
	const char *path = file_make("readable.img", SIZE);

	if (geteuid() == 0) {
		print_message("root may do everything\n");
		skip();
	}
	chmod(path, 0400);
	assert_refused(path, BLOCKDEV_WRITE, -EACCES);
	blockdev_close(open_ok(path, 0));
	chmod(path, 0);
	assert_refused(path, 0, -EACCES);
	unlink(path);
}

static void pads_the_last_block_with_zeros(void **state)
{
	const uint64_t stored = 8 * 512 + 100;
	struct blockdev *bd = open_ok(file_make("tail.img", stored), BLOCKDEV_WRITE);
	static const char zeros[4096];

	assert_int_equal(bd->capacity, 2 * 4096);
	assert_int_equal(bd->tail, 2 * 4096 - stored);
	memset(buf, 1, sizeof(buf));
	assert_int_equal(blockdev_pread(bd, buf, 2 * 4096, 0), 0);
	assert_true(pattern_is(buf, stored, 0, 1));
	assert_memory_equal(buf + stored, zeros, bd->tail);
	assert_int_equal(blockdev_pread(bd, buf, 512, 10 * 512), 0);
	assert_memory_equal(buf, zeros, 512);
	/* A file never grows. */
	assert_int_equal(blockdev_pwrite(bd, buf, 512, 8 * 512), -EIO);
	/* A block that disappeared must not be filled with zeros. */
	assert_int_equal(truncate(file_path("tail.img"), 8 * 512), 0);
	assert_int_equal(blockdev_pread(bd, buf, 512, 8 * 512), -EIO);
	blockdev_close(bd);
}

static void reading_changes_neither_bytes_nor_times(void **state)
{
	const char *path = file_make("ro.img", SIZE);
	struct timespec old = { 1000000000, 0 };
	struct stat before, after;
	struct blockdev *bd;

	assert_int_equal(utimensat(AT_FDCWD, path, (struct timespec[]){ old, old }, 0), 0);
	assert_int_equal(stat(path, &before), 0);
	bd = open_ok(path, 0);
	memset(buf, 0, sizeof(buf));
	assert_int_equal(blockdev_pwrite(bd, buf, 4096, 0), -EROFS);
	assert_int_equal(blockdev_flush(bd), 0);
	assert_int_equal(blockdev_pread(bd, buf, SIZE, 0), 0);
	/* The descriptor is read-only too, so that the host protects the image. */
	assert_int_equal(pwrite(blockdev_descriptor(bd, BLOCKDEV_FD_READ), "x", 1, 0), -1);
	assert_int_equal(errno, EBADF);
	blockdev_close(bd);
	assert_int_equal(stat(path, &after), 0);
	assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof(after.st_mtim));
	assert_memory_equal(&before.st_ctim, &after.st_ctim, sizeof(after.st_ctim));
	assert_memory_equal(&before.st_atim, &after.st_atim, sizeof(after.st_atim));
	assert_int_equal(before.st_blocks, after.st_blocks);
	bd = open_ok(path, 0);
	assert_int_equal(blockdev_pread(bd, buf, SIZE, 0), 0);
	assert_true(pattern_is(buf, SIZE, 0, 1));
	blockdev_close(bd);
}

static void opening_for_writing_keeps_the_content(void **state)
{
	const char *path = file_make("probe.img", SIZE);
	struct stat before, after;
	struct blockdev *bd;

	assert_int_equal(stat(path, &before), 0);
	blockdev_close(open_ok(path, BLOCKDEV_WRITE));
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_size, after.st_size);
	assert_int_equal(before.st_blocks, after.st_blocks);
	bd = open_ok(path, 0);
	assert_int_equal(blockdev_pread(bd, buf, SIZE, 0), 0);
	assert_true(pattern_is(buf, SIZE, 0, 1));
	blockdev_close(bd);
}

static void written_data_survives_closing(void **state)
{
	const char *path = file_make("keep.img", SIZE);
	struct blockdev *bd = open_ok(path, BLOCKDEV_WRITE);

	pattern_fill(buf, 65536, 4096, 2);
	assert_int_equal(blockdev_pwrite(bd, buf, 65536, 4096), 0);
	assert_int_equal(blockdev_flush(bd), 0);
	blockdev_close(bd);
	bd = open_ok(path, 0);
	assert_int_equal(blockdev_pread(bd, buf, SIZE, 0), 0);
	assert_true(pattern_is(buf, 4096, 0, 1));
	assert_true(pattern_is(buf + 4096, 65536, 4096, 2));
	assert_true(pattern_is(buf + 69632, SIZE - 69632, 69632, 1));
	blockdev_close(bd);
}

static void a_shrunk_image_gives_errors(void **state)
{
	const char *path = file_make("shrunk.img", SIZE);
	struct blockdev *bd = open_ok(path, BLOCKDEV_WRITE);
	struct stat st;
	struct io io;

	assert_int_equal(truncate(path, 10000), 0);
	assert_int_equal(blockdev_pread(bd, buf, 4096, 0), 0);
	assert_true(pattern_is(buf, 4096, 0, 1));
	/* Reads across the new end, at the new end, and after it. */
	assert_int_equal(blockdev_pread(bd, buf, 4096, 8192), -EIO);
	assert_int_equal(blockdev_pread(bd, buf, 65536, 0), -EIO);
	assert_int_equal(blockdev_pread(bd, buf, 4096, SIZE - 4096), -EIO);
	assert_int_equal(blockdev_pwrite(bd, buf, 4096, SIZE - 4096), -EIO);
	io_init(&io, LKL_BLK_WRITE, buf, 4096, SIZE - 4096);
	io.req.flags = LKL_BLK_FUA;
	assert_int_equal(io_run(bd, &io), -EIO);
	if (bd->can_zero) {
		io_init(&io, LKL_BLK_ZERO, NULL, 4096, SIZE - 4096);
		assert_int_equal(io_run(bd, &io), -EIO);
	}
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 10000);
	blockdev_close(bd);
}

static void discarding_gives_space_back(void **state)
{
	const char *path = file_make("sparse.img", SIZE);
	struct blockdev *bd = open_ok(path, BLOCKDEV_WRITE);
	struct stat before, after;
	struct io io;

	assert_int_equal(blockdev_flush(bd), 0);
	assert_int_equal(stat(path, &before), 0);
	if (!bd->can_discard) {
		blockdev_close(bd);
		print_message("this file system cannot punch holes\n");
		skip();
	}
	io_init(&io, LKL_BLK_DISCARD, NULL, SIZE / 2, 0);
	assert_int_equal(io_run(bd, &io), 0);
	assert_int_equal(blockdev_flush(bd), 0);
	assert_int_equal(stat(path, &after), 0);
	assert_true(after.st_blocks <= before.st_blocks * 3 / 4);
	assert_int_equal(after.st_size, SIZE);
	blockdev_close(bd);
}

static void reads_uncached_data(void **state)
{
	enum { CHUNK = 64 << 10, NR = SIZE / CHUNK };
	const char *path = file_make("cold.img", SIZE);
	struct blockdev *bd = open_ok(path, 0);
	struct io *io = calloc(NR, sizeof(*io));

	for (unsigned int round = 0; round < 5; round++) {
		file_uncache(path);
		memset(buf, 0, sizeof(buf));
		for (unsigned int i = 0; i < NR; i++) {
			unsigned int at = (i * 37 % NR) * CHUNK;

			io_init(&io[i], LKL_BLK_READ, buf + at, CHUNK, at);
			io_submit(bd, &io[i]);
		}
		for (unsigned int i = 0; i < NR; i++)
			assert_int_equal(io_wait(&io[i]), 0);
		assert_true(pattern_is(buf, SIZE, 0, 1));
	}
	free(io);
	blockdev_close(bd);
}

static void cached_reads_start_no_thread(void **state)
{
	struct blockdev *bd = open_ok(file_make("warm.img", SIZE), 0);

	/* The first reads may load the file into the cache. */
	assert_int_equal(blockdev_pread(bd, buf, SIZE, 0), 0);
	assert_true(thread_count_becomes(threads_at_start, 20));
	for (unsigned int i = 0; i < 100; i++)
		assert_int_equal(blockdev_pread(bd, buf, 65536, i * 512), 0);
	assert_int_equal(thread_count(), threads_at_start);
	blockdev_close(bd);
}

static void programs_do_not_inherit_descriptors(void **state)
{
	struct blockdev *bd = open_ok(file_make("cloexec.img", SIZE), 0);

	assert_int_equal(fcntl(blockdev_descriptor(bd, BLOCKDEV_FD_READ), F_GETFD) & FD_CLOEXEC,
			 FD_CLOEXEC);
	blockdev_close(bd);
}

static void duplicates_the_given_descriptor_and_does_not_close_it(void **state)
{
	const char *path = file_make("fd.img", SIZE);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	struct blockdev *bd;

	assert_int_equal(lseek(fd, 1000, SEEK_SET), 1000);
	assert_int_equal(raw_open_fd(fd, "given", 0, &bd), 0);
	assert_string_equal(bd->name, "given");
	assert_int_equal(blockdev_pread(bd, buf, SIZE, 0), 0);
	assert_true(pattern_is(buf, SIZE, 0, 1));
	/* Opened read-only, although the descriptor is writable. */
	assert_int_equal(pwrite(blockdev_descriptor(bd, BLOCKDEV_FD_READ), "x", 1, 0), -1);
	blockdev_close(bd);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 1000);
	assert_int_equal(raw_open_fd(fd, "given", BLOCKDEV_WRITE, &bd), 0);
	assert_int_equal(blockdev_pwrite(bd, buf, 4096, 4096), 0);
	blockdev_close(bd);
	close(fd);
}

static void opens_a_memfd(void **state)
{
	int fd = memfd_create("image", MFD_CLOEXEC);
	struct blockdev *bd;

	assert_int_equal(ftruncate(fd, SIZE), 0);
	assert_int_equal(raw_open_fd(fd, "memfd", BLOCKDEV_WRITE, &bd), 0);
	pattern_fill(buf, 65536, 0, 3);
	assert_int_equal(blockdev_pwrite(bd, buf, 65536, 0), 0);
	assert_int_equal(blockdev_flush(bd), 0);
	memset(buf, 0, 65536);
	assert_int_equal(pread(fd, buf, 65536, 0), 65536);
	assert_true(pattern_is(buf, 65536, 0, 3));
	blockdev_close(bd);
	close(fd);
}

static void refuses_useless_descriptors(void **state)
{
	const char *path = file_make("fdmode.img", SIZE);
	int ro = open(path, O_RDONLY | O_CLOEXEC), wo = open(path, O_WRONLY | O_CLOEXEC);
	int o_path = open(path, O_PATH | O_CLOEXEC);
	struct blockdev *bd;

	/* Access that the descriptor does not allow is not obtained in another way. */
	assert_int_equal(raw_open_fd(ro, "ro", BLOCKDEV_WRITE, &bd), -EBADF);
	assert_int_equal(raw_open_fd(wo, "wo", 0, &bd), -EBADF);
	assert_int_equal(raw_open_fd(o_path, "path", 0, &bd), -EBADF);
	close(o_path);
	close(wo);
	close(ro);
	assert_int_equal(raw_open_fd(ro, "closed", 0, &bd), -EBADF);
	assert_int_equal(raw_open_fd(-1, "none", 0, &bd), -EBADF);
}

/* Submit several reads ahead; returns how many of them the caller did itself. */
static unsigned int read_ahead(struct blockdev *bd)
{
	enum { NR = 16, LEN = SIZE / NR };
	unsigned int helped = 0;
	struct io io[NR];

	memset(buf, 0, sizeof(buf));
	for (unsigned int i = 0; i < NR; i++) {
		io_init(&io[i], LKL_BLK_READ, buf + i * LEN, LEN, i * LEN);
		io[i].req.flags = LKL_BLK_AHEAD;
		io_submit(bd, &io[i]);
	}
	while (bd->ops->help(bd))
		helped++;
	for (unsigned int i = 0; i < NR; i++) {
		assert_int_equal(io_wait(&io[i]), 0);
		assert_int_equal(io[i].completions, 1);
	}
	assert_true(pattern_is(buf, SIZE, 0, 9));
	assert_in_range(helped, 0, NR);
	return helped;
}

static void a_waiting_thread_helps_to_read_ahead(void **state)
{
	const char *path = file_make("ahead.img", SIZE);
	struct blockdev *bd = open_ok(path, BLOCKDEV_WRITE);
	unsigned int rounds = 0;

	write_pattern(bd, 0, SIZE, 9);
	if (((struct raw *)bd)->read.first != RAW_NOWAIT) {
		blockdev_close(bd);
		unlink(path);
		print_message("this file system cannot tell what it has cached\n");
		skip();
	}
	/* The pool's thread may be quicker once, but not each time. */
	while (!read_ahead(bd))
		assert_in_range(++rounds, 1, 1000);
	assert_false(bd->ops->help(bd));
	blockdev_close(bd);
	unlink(path);
}

static void reading_ahead_of_a_shrunk_image_gives_errors(void **state)
{
	const char *path = file_make("shrunk-ahead.img", SIZE);
	struct blockdev *bd = open_ok(path, 0);
	struct io io[8];

	assert_int_equal(truncate(path, 4096), 0);
	for (unsigned int i = 0; i < 8; i++) {
		io_init(&io[i], LKL_BLK_READ, buf + i * 8192, 8192, i * 8192);
		io[i].req.flags = LKL_BLK_AHEAD;
		io_submit(bd, &io[i]);
	}
	while (bd->ops->help(bd))
		;
	for (unsigned int i = 0; i < 8; i++) {
		assert_int_equal(io_wait(&io[i]), -EIO);
		assert_int_equal(io[i].completions, 1);
	}
	blockdev_close(bd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SENTENCE("refuses files that are not images", refuses_files_that_are_no_images),
		SENTENCE("refuses files without permission", refuses_files_without_permission),
		SENTENCE("pads the last block with zeros", pads_the_last_block_with_zeros),
		SENTENCE("reading changes neither bytes nor times",
			 reading_changes_neither_bytes_nor_times),
		SENTENCE("opening for writing keeps the content",
			 opening_for_writing_keeps_the_content),
		SENTENCE("written data survives closing", written_data_survives_closing),
		SENTENCE("a shrunk image gives errors, never zeros", a_shrunk_image_gives_errors),
		SENTENCE("discarding gives space back", discarding_gives_space_back),
		SENTENCE("reads uncached data", reads_uncached_data),
		SENTENCE("cached reads start no thread", cached_reads_start_no_thread),
		SENTENCE("a waiting thread helps to read ahead",
			 a_waiting_thread_helps_to_read_ahead),
		SENTENCE("reading ahead of a shrunk image gives errors",
			 reading_ahead_of_a_shrunk_image_gives_errors),
		SENTENCE("programs do not inherit descriptors",
			 programs_do_not_inherit_descriptors),
		SENTENCE("duplicates the given descriptor and does not close it",
			 duplicates_the_given_descriptor_and_does_not_close_it),
		SENTENCE("opens a memfd", opens_a_memfd),
		SENTENCE("refuses useless descriptors", refuses_useless_descriptors),
	};

	return cmocka_run_group_tests(tests, count_threads_at_start, NULL);
}
