// SPDX-License-Identifier: GPL-2.0
/* The file of an overlay: reopening, the check of its image, locks, and hostile files. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "contract.h"
#include "files.h"
#include "overlay.h"

/* Three pages of map, the last one not full. */
#define SIZE	(40u << 20)
#define MAP	4096u			/* offset of the map in the file */

static char image[4096], overlay[4096], buf[1 << 20];
static const uint64_t places[] = { 0, 65536 - 512, 16u << 20, (32u << 20) - 4096, SIZE - 8192 };

static int set_up(void **state)
{
	snprintf(image, sizeof(image), "%s", file_make("over.img", SIZE));
	snprintf(overlay, sizeof(overlay), "%s", file_path("over.ovl"));
	unlink(overlay);
	return 0;
}

static int tear_down(void **state)
{
	unlink(overlay);
	return unlink(image);
}

static struct blockdev *open_it(unsigned int flags)
{
	struct blockdev *bd;

	assert_int_equal(file_open_overlaid(image, overlay, flags, &bd), 0);
	return bd;
}

static int open_error(unsigned int flags)
{
	struct blockdev *bd;
	int err = file_open_overlaid(image, overlay, flags, &bd);

	if (!err)
		blockdev_close(bd);
	return err;
}

#define NR_PLACES	(sizeof(places) / sizeof(places[0]))

static void write_places(struct blockdev *bd, uint32_t seed)
{
	for (size_t i = 0; i < NR_PLACES; i++)
		write_pattern(bd, places[i], 4096, seed);
}

static void check_places(struct blockdev *bd, uint32_t seed)
{
	for (size_t i = 0; i < NR_PLACES; i++) {
		assert_true(holds_pattern(bd, places[i], 4096, seed));
		assert_true(holds_pattern(bd, places[i] + 4096, 512, 1));
	}
	assert_true(holds_pattern(bd, 1 << 20, 1 << 20, 1));
}

static void a_reopened_overlay_has_the_changes(void **state)
{
	struct blockdev *bd = open_it(BLOCKDEV_WRITE);

	write_places(bd, 2);
	assert_int_equal(blockdev_flush(bd), 0);
	write_pattern(bd, 8 << 20, 65536, 3);
	blockdev_close(bd);		/* without a flush */
	for (unsigned int flags = 0; flags <= BLOCKDEV_WRITE; flags += BLOCKDEV_WRITE) {
		bd = open_it(flags);
		assert_int_equal(bd->can_write, flags != 0);
		check_places(bd, 2);
		assert_true(holds_pattern(bd, 8 << 20, 65536, 3));
		blockdev_close(bd);
	}
	bd = open_it(BLOCKDEV_WRITE);
	write_places(bd, 4);
	check_places(bd, 4);
	blockdev_close(bd);
	bd = open_it(0);
	check_places(bd, 4);
	blockdev_close(bd);
}

static void the_file_takes_only_the_space_of_written_blocks(void **state)
{
	struct blockdev *bd = open_it(BLOCKDEV_WRITE);
	struct stat st;
	struct io io;

	write_pattern(bd, 4 << 20, 1 << 20, 2);
	blockdev_close(bd);
	assert_int_equal(stat(overlay, &st), 0);
	assert_in_range(st.st_blocks * 512, 1 << 20, (1 << 20) + (128 << 10));
	bd = open_it(BLOCKDEV_WRITE);
	if (bd->can_discard) {
		io_init(&io, LKL_BLK_DISCARD, NULL, 1 << 20, 4 << 20);
		assert_int_equal(io_run(bd, &io), 0);
		assert_int_equal(blockdev_flush(bd), 0);
		assert_int_equal(stat(overlay, &st), 0);
		assert_in_range(st.st_blocks * 512, 0, 256 << 10);
		assert_int_equal(blockdev_pread(bd, buf, 1 << 20, 4 << 20), 0);
		assert_true(is_zero(buf, 1 << 20));
	}
	blockdev_close(bd);
}

static void readers_share_the_file_and_a_writer_excludes_all_others(void **state)
{
	struct blockdev *bd = open_it(BLOCKDEV_WRITE), *other, *raw;

	assert_int_equal(open_error(BLOCKDEV_WRITE), -EBUSY);
	assert_int_equal(open_error(0), -EBUSY);
	/* The overlay has the image open for reading: others may read it, but not write. */
	assert_int_equal(raw_open(image, 0, &raw), 0);
	blockdev_close(raw);
	assert_int_equal(raw_open(image, BLOCKDEV_WRITE, &raw), -EBUSY);
	blockdev_close(bd);
	bd = open_it(0);
	other = open_it(0);
	assert_int_equal(open_error(BLOCKDEV_WRITE), -EBUSY);
	blockdev_close(other);
	blockdev_close(bd);
	assert_int_equal(open_error(BLOCKDEV_WRITE), 0);
}

static void overwrite(const char *path, uint64_t offset, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, data, len, offset), len);
	close(fd);
}

/* Change a byte of the image and keep its times. */
static void change_keeping_times(uint64_t offset)
{
	struct timespec times[2];
	struct stat st;

	assert_int_equal(stat(image, &st), 0);
	overwrite(image, offset, "!", 1);
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	assert_int_equal(utimensat(AT_FDCWD, image, times, 0), 0);
}

static void refuses_an_image_that_has_changed(void **state)
{
	const struct timespec times[] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = 1 } };

	assert_int_equal(open_error(BLOCKDEV_WRITE), 0);
	assert_int_equal(utimensat(AT_FDCWD, image, times, 0), 0);
	assert_int_equal(open_error(BLOCKDEV_WRITE), -ESTALE);
	assert_int_equal(unlink(overlay), 0);
	for (int i = 0; i < 3; i++) {
		static const uint64_t hashed[] = { 1080, (1 << 20) + 1080, SIZE - 33 * 512 };

		assert_int_equal(open_error(BLOCKDEV_WRITE), 0);
		change_keeping_times(hashed[i]);
		assert_int_equal(open_error(0), -ESTALE);
		assert_int_equal(unlink(overlay), 0);
	}
	assert_int_equal(open_error(BLOCKDEV_WRITE), 0);
	assert_int_equal(truncate(image, SIZE + 512), 0);
	assert_int_equal(open_error(0), -ESTALE);
}

static void a_refused_file_is_not_changed(void **state)
{
	char text[] = "a user's diary", got[64] = "";
	int fd = open(overlay, O_CREAT | O_RDWR | O_CLOEXEC, 0644);

	assert_int_equal(write(fd, text, sizeof(text)), sizeof(text));
	assert_int_equal(open_error(BLOCKDEV_WRITE), -EINVAL);
	assert_int_equal(open_error(0), -EINVAL);
	assert_int_equal(pread(fd, got, sizeof(got), 0), sizeof(text));
	assert_string_equal(got, text);
	close(fd);
}

static void map_bits_after_the_last_block_are_ignored(void **state)
{
	unsigned char ones[OVERLAY_MAP_PAGE];
	struct blockdev *bd;

	memset(ones, 0xff, sizeof(ones));
	assert_int_equal(open_error(BLOCKDEV_WRITE), 0);
	/* The map marks blocks as present that were never written: they read as zeros. */
	for (unsigned int page = 0; page < 3; page++)
		overwrite(overlay, MAP + page * OVERLAY_MAP_PAGE, ones, sizeof(ones));
	bd = open_it(BLOCKDEV_WRITE);
	for (uint64_t pos = 0; pos < SIZE; pos += sizeof(buf)) {
		assert_int_equal(blockdev_pread(bd, buf, sizeof(buf), pos), 0);
		assert_true(is_zero(buf, sizeof(buf)));
	}
	write_places(bd, 2);
	blockdev_close(bd);
	bd = open_it(0);
	for (size_t i = 0; i < NR_PLACES; i++)
		assert_true(holds_pattern(bd, places[i], 4096, 2));
	blockdev_close(bd);
}

static void a_file_that_cannot_be_an_overlay_is_refused(void **state)
{
	char full[] = "/dev/full/over.ovl", directory[4096];
	struct blockdev *lower, *bd;

	assert_int_equal(raw_open(image, 0, &lower), 0);
	assert_int_equal(overlay_open_file(lower, full, BLOCKDEV_WRITE, &bd), -ENOTDIR);
	snprintf(directory, sizeof(directory), "%s", file_path("no-such-directory/over.ovl"));
	assert_int_equal(overlay_open_file(lower, directory, BLOCKDEV_WRITE, &bd), -ENOENT);
	assert_int_equal(overlay_open_file(lower, directory, 0, &bd), -ENOENT);
	assert_int_equal(overlay_open_file(lower, image, BLOCKDEV_WRITE, &bd), -EINVAL);
	assert_int_equal(overlay_open_file(lower, "/dev/null", BLOCKDEV_WRITE, &bd), -EINVAL);
	blockdev_close(lower);
}

#define CASE(text, fn)	{ text, fn, set_up, tear_down, NULL }

struct racer {
	pthread_t thread;
	pthread_barrier_t *start;
	struct blockdev *bd;
	int err;
};

static void *open_at_barrier(void *data)
{
	struct racer *r = data;

	pthread_barrier_wait(r->start);
	r->err = file_open_overlaid(image, overlay, BLOCKDEV_WRITE, &r->bd);
	return NULL;
}

/* The second open fails, and must not remove the file. */
static void a_second_creator_fails_and_does_not_remove_the_file(void **state)
{
	pthread_barrier_t start;
	struct racer r[2];

	assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
	for (int round = 0; round < 100; round++) {
		unlink(overlay);
		for (int i = 0; i < 2; i++) {
			r[i] = (struct racer){ .start = &start };
			assert_int_equal(pthread_create(&r[i].thread, NULL, open_at_barrier,
							&r[i]), 0);
		}
		for (int i = 0; i < 2; i++)
			pthread_join(r[i].thread, NULL);
		assert_int_equal(!r[0].err + !r[1].err, 1);
		assert_int_equal(access(overlay, F_OK), 0);
		for (int i = 0; i < 2; i++)
			if (!r[i].err)
				blockdev_close(r[i].bd);
	}
	pthread_barrier_destroy(&start);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE("a reopened overlay has the changes", a_reopened_overlay_has_the_changes),
		CASE("the file takes only the space of written blocks",
		     the_file_takes_only_the_space_of_written_blocks),
		CASE("readers share the file, and a writer excludes all others",
		     readers_share_the_file_and_a_writer_excludes_all_others),
		CASE("a second creator fails and does not remove the file",
		     a_second_creator_fails_and_does_not_remove_the_file),
		CASE("refuses an image that has changed", refuses_an_image_that_has_changed),
		CASE("a refused file is not changed", a_refused_file_is_not_changed),
		CASE("map bits after the last block are ignored",
		     map_bits_after_the_last_block_are_ignored),
		CASE("a file that cannot be an overlay is refused",
		     a_file_that_cannot_be_an_overlay_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
