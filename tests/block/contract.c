// SPDX-License-Identifier: GPL-2.0
/*
 * contract.c - the tests that every backend and layer must pass
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "contract.h"

#define KIB	1024u
#define MIB	(1024u * 1024)

static const struct contract *contract;
static char buf[MIB];

static int set_up(void **state)
{
	*state = contract->open(true);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	blockdev_close(*state);
	if (contract->clean)
		contract->clean();
	return 0;
}

static bool holds_zeros(struct blockdev *bd, uint64_t offset, size_t len)
{
	memset(buf, 0xee, len);
	return !blockdev_pread(bd, buf, len, offset) && is_zero(buf, len);
}

static void describes_its_size_limits_and_abilities(void **state)
{
	struct blockdev *bd = *state;

	assert_non_null(bd->name);
	assert_int_equal(bd->capacity, CONTRACT_SIZE);
	assert_in_range(bd->limits.logical_block, 512, 4096);
	assert_int_equal(bd->limits.logical_block & (bd->limits.logical_block - 1), 0);
	assert_int_equal(bd->capacity % bd->limits.logical_block, 0);
	assert_true(bd->limits.physical_block >= bd->limits.logical_block);
	assert_true(bd->can_write);
	if (bd->can_discard)
		assert_true(bd->limits.discard_granularity >= bd->limits.logical_block);
}

static void new_disk_reads_as_zeros(void **state)
{
	for (uint64_t pos = 0; pos < CONTRACT_SIZE; pos += MIB)
		assert_true(holds_zeros(*state, pos, MIB));
}

static void reads_back_written_data(void **state)
{
	struct blockdev *bd = *state;

	write_pattern(bd, 0, 4 * KIB, 1);
	write_pattern(bd, CONTRACT_SIZE - MIB, MIB, 2);
	write_pattern(bd, 64 * KIB, 64 * KIB, 3);
	write_pattern(bd, 96 * KIB, 4 * KIB, 4);
	assert_true(holds_pattern(bd, 0, 4 * KIB, 1));
	assert_true(holds_pattern(bd, CONTRACT_SIZE - MIB, MIB, 2));
	assert_true(holds_pattern(bd, 64 * KIB, 32 * KIB, 3));
	assert_true(holds_pattern(bd, 96 * KIB, 4 * KIB, 4));
	assert_true(holds_pattern(bd, 100 * KIB, 28 * KIB, 3));
	assert_true(holds_zeros(bd, 4 * KIB, 60 * KIB));
}

/* Split @len bytes of @base into @nr buffers that lie in memory in reverse order. */
static struct lkl_block_iov *reversed_buffers(char *base, size_t len, unsigned int nr)
{
	struct lkl_block_iov *iov = calloc(nr, sizeof(*iov));
	size_t each = len / nr;

	for (unsigned int i = 0; i < nr; i++) {
		iov[i].base = base + (nr - 1 - i) * each;
		iov[i].len = each;
	}
	return iov;
}

static void scatter_and_gather(struct blockdev *bd, unsigned int nr, size_t each, uint64_t offset)
{
	size_t len = nr * each;
	char *mem = malloc(len);
	struct lkl_block_iov *iov = reversed_buffers(mem, len, nr);
	struct io io;

	io_init(&io, LKL_BLK_WRITE, mem, len, offset);
	io.req.iov = iov;
	io.req.nr_iov = nr;
	for (unsigned int i = 0; i < nr; i++)
		pattern_fill(iov[i].base, each, offset + i * each, nr);
	assert_int_equal(io_run(bd, &io), 0);
	memset(mem, 0, len);
	io.req.op = LKL_BLK_READ;
	assert_int_equal(io_run(bd, &io), 0);
	for (unsigned int i = 0; i < nr; i++)
		assert_true(pattern_is(iov[i].base, each, offset + i * each, nr));
	assert_true(holds_pattern(bd, offset, len < MIB ? len : MIB, nr));
	free(iov);
	free(mem);
}

static void reads_into_and_writes_from_several_buffers(void **state)
{
	scatter_and_gather(*state, 3, 512, 1024);
	scatter_and_gather(*state, 128, 4 * KIB, 64 * KIB);
}

static void takes_more_buffers_than_iov_max(void **state)
{
	scatter_and_gather(*state, IOV_MAX + 1, 512, 512);
	scatter_and_gather(*state, 3 * IOV_MAX, 512, 4 * KIB);
}

static int status_of(struct blockdev *bd, unsigned int op, uint64_t len, uint64_t offset,
		     unsigned int flags)
{
	bool data = op == LKL_BLK_READ || op == LKL_BLK_WRITE;
	struct io io;

	io_init(&io, op, data ? buf : NULL, len, offset);
	io.req.flags = flags;
	return io_run(bd, &io);
}

static void refuses_unaligned_requests(void **state)
{
	struct blockdev *bd = *state;

	write_pattern(bd, 0, 8 * KIB, 1);
	memset(buf, 0, 8 * KIB);
	assert_int_equal(status_of(bd, LKL_BLK_READ, 512, 1, 0), -EINVAL);
	assert_int_equal(status_of(bd, LKL_BLK_READ, 511, 0, 0), -EINVAL);
	assert_int_equal(status_of(bd, LKL_BLK_WRITE, 512, 256, 0), -EINVAL);
	assert_int_equal(status_of(bd, LKL_BLK_WRITE, 100, 512, 0), -EINVAL);
	assert_true(holds_pattern(bd, 0, 8 * KIB, 1));
}

static void refuses_requests_that_are_out_of_range(void **state)
{
	struct blockdev *bd = *state;

	write_pattern(bd, CONTRACT_SIZE - 4 * KIB, 4 * KIB, 1);
	assert_int_equal(status_of(bd, LKL_BLK_READ, 4 * KIB, CONTRACT_SIZE, 0), -EIO);
	assert_int_equal(status_of(bd, LKL_BLK_READ, 8 * KIB, CONTRACT_SIZE - 4 * KIB, 0), -EIO);
	assert_int_equal(status_of(bd, LKL_BLK_WRITE, 8 * KIB, CONTRACT_SIZE - 4 * KIB, 0), -EIO);
	assert_int_equal(status_of(bd, LKL_BLK_READ, 4 * KIB, -4096ull, 0), -EIO);
	assert_int_equal(status_of(bd, LKL_BLK_READ, -4096ull, 4 * KIB, 0), -EIO);
	assert_true(holds_pattern(bd, CONTRACT_SIZE - 4 * KIB, 4 * KIB, 1));
}

static void refuses_unknown_operations(void **state)
{
	assert_int_equal(status_of(*state, 17, 512, 0, 0), -EINVAL);
}

static void read_only_refuses_changes(void **state)
{
	struct blockdev *bd;

	tear_down(state);
	bd = *state = contract->open(false);
	assert_non_null(bd);
	assert_false(bd->can_write);
	assert_int_equal(status_of(bd, LKL_BLK_READ, 4 * KIB, 0, 0), 0);
	assert_int_equal(status_of(bd, LKL_BLK_WRITE, 4 * KIB, 0, 0), -EROFS);
	assert_int_equal(status_of(bd, LKL_BLK_WRITE, 4 * KIB, 0, LKL_BLK_FUA), -EROFS);
	assert_int_equal(status_of(bd, LKL_BLK_DISCARD, 4 * KIB, 0, 0), -EROFS);
	assert_int_equal(status_of(bd, LKL_BLK_ZERO, 4 * KIB, 0, 0), -EROFS);
	assert_int_equal(blockdev_flush(bd), 0);
}

static void flush_succeeds(void **state)
{
	struct blockdev *bd = *state;

	write_pattern(bd, 0, 64 * KIB, 1);
	assert_int_equal(blockdev_flush(bd), 0);
	assert_int_equal(status_of(bd, LKL_BLK_FLUSH, 0, 0, 0), bd->can_flush ? 0 : -EOPNOTSUPP);
	assert_true(holds_pattern(bd, 0, 64 * KIB, 1));
}

static void writes_with_fua_or_refuses_it(void **state)
{
	struct blockdev *bd = *state;

	pattern_fill(buf, 64 * KIB, 4 * KIB, 7);
	assert_int_equal(status_of(bd, LKL_BLK_WRITE, 64 * KIB, 4 * KIB, LKL_BLK_FUA),
			 bd->can_fua ? 0 : -EOPNOTSUPP);
	if (bd->can_fua)
		assert_true(holds_pattern(bd, 4 * KIB, 64 * KIB, 7));
	else
		assert_true(holds_zeros(bd, 4 * KIB, 64 * KIB));
}

static void check_clearing(struct blockdev *bd, unsigned int op, unsigned int flags, bool able)
{
	bool zeroes = able && op == LKL_BLK_ZERO;

	write_pattern(bd, 0, MIB, 1);
	/* A range whose two ends are inside of pages. */
	assert_int_equal(status_of(bd, op, 300 * KIB, 512, flags), able ? 0 : -EOPNOTSUPP);
	if (zeroes)
		assert_true(holds_zeros(bd, 512, 300 * KIB));
	assert_true(holds_pattern(bd, 0, 512, 1));
	assert_true(holds_pattern(bd, 512 + 300 * KIB, 512 * KIB, 1));
	/* A range within one page. */
	assert_int_equal(status_of(bd, op, 512, MIB - KIB, flags), able ? 0 : -EOPNOTSUPP);
	assert_true(holds_pattern(bd, MIB - 512, 512, 1));
	if (zeroes)
		assert_true(holds_zeros(bd, MIB - KIB, 512));
	/* After the operation the range can be read and written; its content is undefined. */
	assert_int_equal(status_of(bd, LKL_BLK_READ, MIB, 0, 0), 0);
	write_pattern(bd, 0, MIB, 2);
	assert_true(holds_pattern(bd, 0, MIB, 2));
}

static void discards_the_given_blocks_and_no_others(void **state)
{
	struct blockdev *bd = *state;

	check_clearing(bd, LKL_BLK_DISCARD, 0, bd->can_discard);
}

static void writes_zeroes(void **state)
{
	struct blockdev *bd = *state;

	check_clearing(bd, LKL_BLK_ZERO, 0, bd->can_zero);
}

static void writes_zeroes_that_stay_allocated(void **state)
{
	struct blockdev *bd = *state;

	check_clearing(bd, LKL_BLK_ZERO, LKL_BLK_NOUNMAP, bd->can_zero);
}

/* The extents cover [@offset, CONTRACT_SIZE), and extents of zeros read as zeros. */
static void check_extents(struct blockdev *bd, uint64_t offset)
{
	struct blockdev_extent extents[3];

	while (offset < CONTRACT_SIZE) {
		int nr = blockdev_extents(bd, offset, CONTRACT_SIZE - offset, extents, 3);

		assert_in_range(nr, 1, 3);
		for (int i = 0; i < nr; i++) {
			assert_in_range(extents[i].len, 1, CONTRACT_SIZE - offset);
			if (extents[i].flags & BLOCKDEV_EXTENT_ZERO)
				for (uint64_t pos = 0; pos < extents[i].len; pos += MIB)
					assert_true(holds_zeros(bd, offset + pos,
								extents[i].len - pos < MIB ?
								extents[i].len - pos : MIB));
			offset += extents[i].len;
		}
	}
}

static void reports_zeros_and_data_as_different_extents(void **state)
{
	struct blockdev *bd = *state;
	struct blockdev_extent e;

	check_extents(bd, 0);
	write_pattern(bd, 512, 512, 1);
	write_pattern(bd, MIB, 64 * KIB, 2);
	write_pattern(bd, 4 * MIB - 512, 2 * KIB, 3);
	write_pattern(bd, CONTRACT_SIZE - 512, 512, 4);
	check_extents(bd, 0);
	check_extents(bd, MIB + 4 * KIB);
	if (bd->can_zero)
		assert_int_equal(status_of(bd, LKL_BLK_ZERO, 32 * KIB, MIB, 0), 0);
	check_extents(bd, 0);
	assert_int_equal(blockdev_extents(bd, 0, 0, &e, 1), -EINVAL);
	assert_int_equal(blockdev_extents(bd, 0, 512, &e, 0), -EINVAL);
	assert_int_equal(blockdev_extents(bd, CONTRACT_SIZE, 512, &e, 1), -EINVAL);
	assert_int_equal(blockdev_extents(bd, 512, -512ull, &e, 1), -EINVAL);
}

static void serves_empty_requests(void **state)
{
	struct blockdev *bd = *state;

	assert_int_equal(status_of(bd, LKL_BLK_READ, 0, CONTRACT_SIZE, 0), 0);
	assert_int_equal(status_of(bd, LKL_BLK_WRITE, 0, 0, 0), 0);
}

/* ---- many requests at once ------------------------------------------------------- */

#define THREADS		4
#define AT_ONCE		16
#define ROUNDS		12
#define CHUNK		(16 * KIB)

struct worker {
	struct blockdev *bd;
	pthread_t thread;
	unsigned int id;
	const char *failure;
};

/* AT_ONCE requests in flight, each on a chunk of its own. */
static const char *round_trip(struct worker *w, char *mem, unsigned int round)
{
	struct io io[AT_ONCE];
	uint64_t base = w->id * (CONTRACT_SIZE / THREADS);

	for (unsigned int i = 0; i < AT_ONCE; i++) {
		uint64_t offset = base + i * CHUNK;

		pattern_fill(mem + i * CHUNK, CHUNK, offset, round);
		io_init(&io[i], LKL_BLK_WRITE, mem + i * CHUNK, CHUNK, offset);
		io_submit(w->bd, &io[i]);
	}
	for (unsigned int i = 0; i < AT_ONCE; i++)
		if (io_wait(&io[i]))
			return "a write failed";
	memset(mem, 0, AT_ONCE * CHUNK);
	for (unsigned int i = AT_ONCE; i-- > 0;) {
		io[i].req.op = LKL_BLK_READ;
		io_submit(w->bd, &io[i]);
	}
	for (unsigned int i = 0; i < AT_ONCE; i++) {
		if (io_wait(&io[i]))
			return "a read failed";
		if (!pattern_is(mem + i * CHUNK, CHUNK, base + i * CHUNK, round))
			return "a read returned other data than was written";
	}
	for (unsigned int i = 0; i < AT_ONCE; i++)
		if (io[i].completions != 1)
			return "a request was completed twice";
	return NULL;
}

static void *write_and_read(void *arg)
{
	struct worker *w = arg;
	char *mem = malloc(AT_ONCE * CHUNK);

	for (unsigned int round = 0; round < ROUNDS && !w->failure; round++)
		w->failure = round_trip(w, mem, round);
	free(mem);
	return NULL;
}

static void serves_many_threads_at_once(void **state)
{
	struct worker workers[THREADS] = { 0 };

	for (unsigned int i = 0; i < THREADS; i++) {
		workers[i].bd = *state;
		workers[i].id = i;
		assert_int_equal(pthread_create(&workers[i].thread, NULL, write_and_read,
						&workers[i]), 0);
	}
	for (unsigned int i = 0; i < THREADS; i++)
		pthread_join(workers[i].thread, NULL);
	for (unsigned int i = 0; i < THREADS; i++)
		if (workers[i].failure)
			fail_msg("thread %u: %s", i, workers[i].failure);
}

static void can_be_closed_while_it_is_idle(void **state)
{
	struct blockdev *bd = *state;

	/* The pool's threads may still exist when the blockdev is closed. */
	write_pattern(bd, 0, 4 * KIB, 1);
	blockdev_close(bd);
	*state = NULL;
	blockdev_close(NULL);
}

static void stays_open_while_a_reference_exists(void **state)
{
	struct blockdev *bd = blockdev_get(*state);

	write_pattern(bd, 0, 4 * KIB, 1);
	blockdev_close(bd);
	assert_true(holds_pattern(bd, 0, 4 * KIB, 1));
}

#define CASE(text, fn)	{ text, fn, set_up, tear_down, NULL }

static const struct CMUnitTest cases[] = {
	CASE("describes its size, limits and abilities",
	     describes_its_size_limits_and_abilities),
	CASE("a new disk reads as zeros", new_disk_reads_as_zeros),
	CASE("reads back written data", reads_back_written_data),
	CASE("reads into and writes from several buffers",
	     reads_into_and_writes_from_several_buffers),
	CASE("takes more buffers than one system call does", takes_more_buffers_than_iov_max),
	CASE("refuses unaligned requests", refuses_unaligned_requests),
	CASE("refuses requests that are out of range", refuses_requests_that_are_out_of_range),
	CASE("refuses unknown operations", refuses_unknown_operations),
	CASE("refuses changes when it is read-only", read_only_refuses_changes),
	CASE("flush succeeds", flush_succeeds),
	CASE("writes with FUA, or refuses it", writes_with_fua_or_refuses_it),
	CASE("discards the given blocks and no others",
	     discards_the_given_blocks_and_no_others),
	CASE("zeroed blocks read as zeros, and only they", writes_zeroes),
	CASE("zeroes blocks that must stay allocated", writes_zeroes_that_stay_allocated),
	CASE("reports zeros and data as different extents",
	     reports_zeros_and_data_as_different_extents),
	CASE("serves empty requests", serves_empty_requests),
	CASE("serves many requests of several threads at once", serves_many_threads_at_once),
	CASE("can be closed while it is idle", can_be_closed_while_it_is_idle),
	CASE("stays open while a reference exists", stays_open_while_a_reference_exists),
};

#define NR_CASES	(sizeof(cases) / sizeof(cases[0]))

int contract_run(const struct contract *c)
{
	struct CMUnitTest named[NR_CASES];
	char names[NR_CASES][120];

	contract = c;
	for (size_t i = 0; i < NR_CASES; i++) {
		snprintf(names[i], sizeof(names[i]), "%s: %s", c->name, cases[i].name);
		named[i] = cases[i];
		named[i].name = names[i];
	}
	return cmocka_run_group_tests_name(c->name, named, NULL, NULL);
}
