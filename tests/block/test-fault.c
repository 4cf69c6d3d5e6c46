// SPDX-License-Identifier: GPL-2.0
/* The fault layer does to requests what its rules say, and nothing else. */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include "contract.h"
#include "fault.h"

#define SIZE	(1u << 20)

static char buf[SIZE];

static int set_up(void **state)
{
	struct blockdev *lower, *bd;

	assert_int_equal(memory_open(SIZE, &lower), 0);
	assert_int_equal(fault_open(lower, &bd), 0);
	*state = bd;
	return 0;
}

static int tear_down(void **state)
{
	blockdev_close(*state);
	return 0;
}

static void fails_a_range(void **state)
{
	struct blockdev *bd = *state;

	fault_set(bd, &(struct fault_rules){
		.error = -EIO, .error_ops = FAULT_OP(LKL_BLK_READ),
		.error_offset = 8192, .error_len = 4096,
	});
	assert_int_equal(blockdev_pread(bd, buf, 8192, 0), 0);
	assert_int_equal(blockdev_pread(bd, buf, 8704, 0), -EIO);
	assert_int_equal(blockdev_pread(bd, buf, 512, 11776), -EIO);
	assert_int_equal(blockdev_pread(bd, buf, 512, 12288), 0);
	assert_int_equal(blockdev_pwrite(bd, buf, 512, 8192), 0);
	fault_set(bd, &(struct fault_rules){ 0 });
	assert_int_equal(blockdev_pread(bd, buf, SIZE, 0), 0);
}

static void fails_after_a_number_of_requests_a_given_number_of_times(void **state)
{
	struct blockdev *bd = *state;

	fault_set(bd, &(struct fault_rules){
		.error = -ENOSPC, .error_ops = FAULT_OP(LKL_BLK_WRITE),
		.error_after = 3, .error_count = 2,
	});
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(blockdev_pwrite(bd, buf, 512, 0), 0);
	assert_int_equal(blockdev_pread(bd, buf, 512, 0), 0);
	assert_int_equal(blockdev_pwrite(bd, buf, 512, 0), -ENOSPC);
	assert_int_equal(blockdev_pwrite(bd, buf, 512, 0), -ENOSPC);
	assert_int_equal(blockdev_pwrite(bd, buf, 512, 0), 0);
}

static void a_failed_write_changes_nothing(void **state)
{
	struct blockdev *bd = *state;

	fault_set(bd, &(struct fault_rules){
		.error = -EIO, .error_ops = FAULT_ALL_OPS,
		.delay_ops = FAULT_ALL_OPS, .delay_max_us = 100,
	});
	memset(buf, 1, 4096);
	assert_int_equal(blockdev_pwrite(bd, buf, 4096, 0), -EIO);
	fault_set(bd, &(struct fault_rules){ 0 });
	assert_int_equal(blockdev_pread(bd, buf, 4096, 0), 0);
	assert_true(is_zero(buf, 4096));
}

static void held_requests_wait_for_other_rules(void **state)
{
	struct blockdev *bd = *state;
	struct io io[8];

	fault_set(bd, &(struct fault_rules){ .hold_ops = FAULT_OP(LKL_BLK_READ) });
	for (unsigned int i = 0; i < 8; i++) {
		io_init(&io[i], LKL_BLK_READ, buf + i * 512, 512, i * 512);
		io_submit(bd, &io[i]);
	}
	assert_int_equal(fault_waiting(bd), 8);
	/* Writes overtake them. */
	assert_int_equal(blockdev_pwrite(bd, buf, 4096, 65536), 0);
	for (unsigned int i = 0; i < 8; i++)
		assert_int_equal(io[i].completions, 0);
	fault_set(bd, &(struct fault_rules){ 0 });
	for (unsigned int i = 0; i < 8; i++)
		assert_int_equal(io_wait(&io[i]), 0);
	assert_int_equal(fault_waiting(bd), 0);
	assert_int_equal(fault_requests(bd), 9);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all = PTHREAD_COND_INITIALIZER;
static unsigned int order[64], nr_done, foreign;
static pthread_t submitter;

static void note_order(struct lkl_block_req *req)
{
	pthread_mutex_lock(&lock);
	order[nr_done++] = req->offset / 512;
	foreign += !pthread_equal(pthread_self(), submitter);
	pthread_cond_signal(&all);
	pthread_mutex_unlock(&lock);
}

static void delayed_requests_complete_out_of_order(void **state)
{
	struct blockdev *bd = *state;
	unsigned int swaps = 0;
	struct io io[64];

	submitter = pthread_self();
	fault_set(bd, &(struct fault_rules){
		.delay_ops = FAULT_ALL_OPS, .delay_min_us = 1000, .delay_max_us = 200000,
	});
	for (unsigned int i = 0; i < 64; i++) {
		io_init(&io[i], LKL_BLK_READ, buf + i * 512, 512, i * 512);
		io[i].req.done = note_order;
		assert_int_equal(blockdev_submit(bd, &io[i].req), BLOCKDEV_KEPT);
	}
	pthread_mutex_lock(&lock);
	while (nr_done < 64)
		pthread_cond_wait(&all, &lock);
	pthread_mutex_unlock(&lock);
	for (unsigned int i = 1; i < 64; i++)
		swaps += order[i] < order[i - 1];
	assert_true(swaps > 10);
	assert_int_equal(foreign, 64);
}

#define CASE(text, fn)	{ text, fn, set_up, tear_down, NULL }

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE("fails requests that touch a range", fails_a_range),
		CASE("fails after a number of requests, a given number of times",
		     fails_after_a_number_of_requests_a_given_number_of_times),
		CASE("a failed write changes nothing", a_failed_write_changes_nothing),
		CASE("held requests wait for other rules", held_requests_wait_for_other_rules),
		CASE("delayed requests complete out of order, on other threads",
		     delayed_requests_complete_out_of_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
