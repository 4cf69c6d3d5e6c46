// SPDX-License-Identifier: GPL-2.0
/* The callback backend calls its function on several threads at once, and passes on the status. */
#include <errno.h>
#include <pthread.h>
#include "contract.h"

#define THREADS	6

static pthread_barrier_t barrier;

static int wait_at_barrier(void *data, struct lkl_block_req *req)
{
	pthread_barrier_wait(&barrier);
	return 0;
}

static void calls_on_the_requested_number_of_threads(void **state)
{
	static const struct callback_ops ops = { .request = wait_at_barrier };
	char data[THREADS][512];
	struct io io[THREADS];
	struct blockdev *bd;

	pthread_barrier_init(&barrier, NULL, THREADS);
	assert_int_equal(callback_open(&ops, NULL, 1 << 20, false, THREADS, &bd), 0);
	/*
	 * Ends only when all requests, including reads ahead, are in the function at the same time.
	 */
	for (unsigned int ahead = 0; ahead < 2; ahead++) {
		for (unsigned int i = 0; i < THREADS; i++) {
			io_init(&io[i], LKL_BLK_READ, data[i], 512, i * 512);
			io[i].req.flags = ahead ? LKL_BLK_AHEAD : 0;
			io_submit(bd, &io[i]);
		}
		for (unsigned int i = 0; i < THREADS; i++)
			assert_int_equal(io_wait(&io[i]), 0);
	}
	blockdev_close(bd);
	pthread_barrier_destroy(&barrier);
}

static int return_status(void *status, struct lkl_block_req *req)
{
	return *(int *)status;
}

static void a_status_that_is_no_error_number_becomes_eio(void **state)
{
	static const struct callback_ops ops = { .request = return_status };
	static const int cases[][2] = {
		{ 0, 0 }, { -ENOSPC, -ENOSPC }, { 5, -EIO }, { -100000, -EIO }, { -4096, -EIO },
	};
	char data[512];

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct blockdev *bd;
		int status = cases[i][0];

		assert_int_equal(callback_open(&ops, &status, 1 << 20, false, 1, &bd), 0);
		assert_int_equal(blockdev_pread(bd, data, sizeof(data), 0), cases[i][1]);
		blockdev_close(bd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SENTENCE("calls on the requested number of threads",
			 calls_on_the_requested_number_of_threads),
		SENTENCE("a status that is not an error number becomes EIO",
			 a_status_that_is_no_error_number_becomes_eio),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
