// SPDX-License-Identifier: GPL-2.0
/*
 * The file of an overlay after a power cut.  Every write and sync of the file is recorded
 * below the library.  Then the test makes the file as a cut may leave it, with unsynced writes
 * dropped, torn and reordered, and opens it.
 *
 * Each block must have the last flushed content or a later one, or the content of the image if
 * it was never flushed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include "contract.h"
#include "files.h"
#include "overlay.h"

#define BLOCK		512u
#define SIZE		(40u << 20)	/* three pages of map */
#define NR_BLOCKS	48u		/* that are written */
#define NR_STEPS	160u
#define NR_CUTS		400u

/* ---- the recorder: replaces functions of the C library -------------------- */

enum op { OP_WRITE, OP_PUNCH, OP_SYNC };

struct record {
	enum op op;
	uint64_t offset, len;
	char *data;
};

static struct record *records;
static unsigned int nr_records;
static bool recording, sync_fails;

static void add_record(enum op op, uint64_t offset, uint64_t len, char *data)
{
	if (!recording)
		return;
	records = realloc(records, (nr_records + 1) * sizeof(*records));
	records[nr_records++] = (struct record){ op, offset, len, data };
}

static char *copy_of(const struct iovec *iov, int nr, size_t len)
{
	char *copy = malloc(len + 1), *pos = copy;

	for (int i = 0; i < nr; i++) {
		size_t step = iov[i].iov_len < len ? iov[i].iov_len : len;

		memcpy(pos, iov[i].iov_base, step);
		pos += step;
		len -= step;
	}
	return copy;
}

ssize_t pwritev2(int fd, const struct iovec *iov, int nr, off_t offset, int flags)
{
	ssize_t n = syscall(SYS_pwritev2, fd, iov, nr, offset, 0L, flags);

	if (n > 0 && recording)
		add_record(OP_WRITE, offset, n, copy_of(iov, nr, n));
	return n;
}

ssize_t pwrite(int fd, const void *buf, size_t len, off_t offset)
{
	const struct iovec iov = { (void *)buf, len };
	ssize_t n = syscall(SYS_pwrite64, fd, buf, len, offset);

	if (n > 0 && recording)
		add_record(OP_WRITE, offset, n, copy_of(&iov, 1, n));
	return n;
}

int fallocate(int fd, int mode, off_t offset, off_t len)
{
	int ret = syscall(SYS_fallocate, fd, mode, offset, len);

	if (!ret)
		add_record(OP_PUNCH, offset, len, NULL);
	return ret;
}

int fdatasync(int fd)
{
	if (sync_fails) {
		errno = EIO;
		return -1;
	}
	add_record(OP_SYNC, 0, 0, NULL);
	return syscall(SYS_fdatasync, fd);
}

/* ---- the events -------------------------------------------------------- */

/* A block got a value, which it may have from the record @begun until its next event. */
struct event {
	unsigned int block;		/* of NR_BLOCKS */
	uint32_t value;			/* seed of its pattern; 0: zeros */
	unsigned int begun;		/* number of records before the event */
	unsigned int flushed;		/* number of records when it was flushed; ~0: never */
};

static struct event events[NR_STEPS * NR_BLOCKS];
static unsigned int nr_events;
static char image[4096], overlay[4096];
static char header[4096];		/* of the new overlay file */
static uint64_t file_size;

static uint32_t next_random(void)
{
	static uint64_t x = 88172645463325252ull;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x >> 16;
}

/* Adjacent blocks in three pages of the map, across borders of words and pages. */
static uint64_t offset_of(unsigned int block)
{
	static const uint64_t bases[] = { 16384, (16u << 20) - 8 * BLOCK, (32u << 20) + 512 * 64 };

	return bases[block / 16] + block % 16 * BLOCK;
}

static void change_some(struct blockdev *bd, uint32_t value)
{
	unsigned int first = next_random() % NR_BLOCKS;
	unsigned int nr = 1 + next_random() % (16 - first % 16);
	bool zero = bd->can_zero && next_random() % 8 == 0;
	char data[16 * BLOCK];
	struct io io;

	pattern_fill(data, nr * BLOCK, offset_of(first), value);
	for (unsigned int i = 0; i < nr; i++)
		events[nr_events++] = (struct event){
			first + i, zero ? 0 : value, nr_records, ~0u
		};
	io_init(&io, zero ? LKL_BLK_ZERO : LKL_BLK_WRITE, zero ? NULL : data, nr * BLOCK,
		offset_of(first));
	assert_int_equal(io_run(bd, &io), 0);
}

static void flush(struct blockdev *bd)
{
	assert_int_equal(blockdev_flush(bd), 0);
	for (unsigned int i = 0; i < nr_events; i++)
		if (events[i].flushed == ~0u)
			events[i].flushed = nr_records;
}

static void run_workload(void)
{
	struct blockdev *bd;

	assert_int_equal(file_open_overlaid(image, overlay, BLOCKDEV_WRITE, &bd), 0);
	recording = true;
	for (uint32_t step = 0; step < NR_STEPS; step++) {
		change_some(bd, 100 + step);
		if (next_random() % 6 == 0)
			flush(bd);
	}
	flush(bd);
	recording = false;
	blockdev_close(bd);
}

static int make_files(void **state)
{
	struct stat st;
	struct blockdev *bd;
	int fd;

	snprintf(image, sizeof(image), "%s", file_make("cuts.img", SIZE));
	snprintf(overlay, sizeof(overlay), "%s", file_path("cuts.ovl"));
	unlink(overlay);
	assert_int_equal(file_open_overlaid(image, overlay, BLOCKDEV_WRITE, &bd), 0);
	blockdev_close(bd);
	fd = open(overlay, O_RDONLY | O_CLOEXEC);
	assert_int_equal(pread(fd, header, sizeof(header), 0), sizeof(header));
	assert_int_equal(fstat(fd, &st), 0);
	close(fd);
	file_size = st.st_size;
	return 0;
}

static int remove_files(void **state)
{
	unlink(overlay);
	return unlink(image);
}

/* ---- cuts ------------------------------------------------------------------ */

static void apply(int fd, const struct record *r, uint64_t from, uint64_t len)
{
	static const char zeros[64 << 10];

	if (r->op == OP_WRITE)
		assert_int_equal(pwrite(fd, r->data + from, len, r->offset + from), len);
	else if (r->op == OP_PUNCH)
		assert_int_equal(pwrite(fd, zeros, len, r->offset + from), len);
}

/* The write is complete, missing, or partial in units of sectors. */
static void apply_perhaps(int fd, const struct record *r)
{
	unsigned int kind = next_random() % 3;

	if (kind == 0)
		return;
	for (uint64_t from = 0; from < r->len; from += BLOCK)
		if (kind == 1 || next_random() % 2)
			apply(fd, r, from, r->len - from < BLOCK ? r->len - from : BLOCK);
}

/* Make the file as a power cut after the first @cut records may leave it. */
static void make_cut(unsigned int cut)
{
	unsigned int synced = 0;
	int fd;

	unlink(overlay);
	fd = open(overlay, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(ftruncate(fd, file_size), 0);
	assert_int_equal(pwrite(fd, header, sizeof(header), 0), sizeof(header));
	for (unsigned int i = 0; i < cut; i++)
		if (records[i].op == OP_SYNC)
			synced = i;
	for (unsigned int i = 0; i < synced; i++)
		apply(fd, &records[i], 0, records[i].len);
	for (unsigned int i = synced; i < cut; i++)
		apply_perhaps(fd, &records[i]);
	close(fd);
}

static bool is_value(const char *data, unsigned int block, uint32_t value)
{
	return value ? pattern_is(data, BLOCK, offset_of(block), value) : is_zero(data, BLOCK);
}

/* Whether @data is a valid content of @block after @cut records. */
static bool is_allowed(const char *data, unsigned int block, unsigned int cut)
{
	for (unsigned int i = nr_events; i-- > 0;) {
		const struct event *e = &events[i];

		if (e->block != block || e->begun > cut)
			continue;
		if (is_value(data, block, e->value))
			return true;
		if (e->flushed <= cut)
			return false;	/* older values are not allowed */
	}
	return is_value(data, block, 1);	/* the content of the image */
}

static void check_cut(unsigned int cut)
{
	struct blockdev *bd;
	char data[BLOCK];

	assert_int_equal(file_open_overlaid(image, overlay, 0, &bd), 0);
	for (unsigned int block = 0; block < NR_BLOCKS; block++) {
		assert_int_equal(blockdev_pread(bd, data, BLOCK, offset_of(block)), 0);
		if (!is_allowed(data, block, cut))
			fail_msg("cut after %u of %u: block %u is neither old nor new", cut,
				 nr_records, block);
	}
	assert_int_equal(blockdev_pread(bd, data, BLOCK, 8 << 20), 0);
	assert_true(pattern_is(data, BLOCK, 8 << 20, 1));
	blockdev_close(bd);
}

static void after_every_cut_a_block_has_its_old_or_new_content(void **state)
{
	run_workload();
	assert_true(nr_records > 2 * NR_STEPS / 2);
	for (unsigned int i = 0; i < NR_CUTS; i++) {
		unsigned int cut = i < 2 ? i * nr_records : next_random() % (nr_records + 1);

		make_cut(cut);
		check_cut(cut);
	}
	print_message("# %u cuts of %u writes and syncs\n", NR_CUTS, nr_records);
}

static void a_sync_that_failed_is_never_forgotten(void **state)
{
	struct blockdev *bd;
	char data[BLOCK] = "x";

	unlink(overlay);
	assert_int_equal(file_open_overlaid(image, overlay, BLOCKDEV_WRITE, &bd), 0);
	assert_int_equal(blockdev_pwrite(bd, data, BLOCK, 0), 0);
	assert_int_equal(blockdev_flush(bd), 0);
	assert_int_equal(blockdev_pwrite(bd, data, BLOCK, BLOCK), 0);
	sync_fails = true;
	assert_int_equal(blockdev_flush(bd), -EIO);
	sync_fails = false;
	/* The host may have dropped pages that it could not store. */
	assert_int_equal(blockdev_flush(bd), -EIO);
	assert_int_equal(blockdev_pwrite(bd, data, BLOCK, 2 * BLOCK), 0);
	assert_int_equal(blockdev_flush(bd), -EIO);
	blockdev_close(bd);
	assert_int_equal(file_open_overlaid(image, overlay, BLOCKDEV_WRITE, &bd), 0);
	assert_int_equal(blockdev_pread(bd, data, BLOCK, 0), 0);
	assert_int_equal(data[0], 'x');
	assert_int_equal(blockdev_flush(bd), 0);
	blockdev_close(bd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "after each power cut a block has the flushed content or a newer one",
		  after_every_cut_a_block_has_its_old_or_new_content, NULL, NULL, NULL },
		{ "after a failed sync each later sync fails",
		  a_sync_that_failed_is_never_forgotten, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
