// SPDX-License-Identifier: GPL-2.0
/* A pool starts threads for requests and ends idle threads. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>
#include "contract.h"
#include "files.h"

#define NR	1000

static _Atomic int inside, most_inside;
static pthread_barrier_t barrier;

/* Idle threads of a pool would exist for longer than this waits. */
static bool no_thread_is_left(void)
{
	return thread_count_becomes(threads_at_start, 3);
}

static int note_concurrency(void *data, struct lkl_block_req *req)
{
	int now = ++inside, most = most_inside;

	while (now > most && !atomic_compare_exchange_weak(&most_inside, &most, now))
		;
	++*(_Atomic int *)data;
	--inside;
	return -(int)req->offset;
}

/* io_submit() needs a blockdev: this backend passes all requests to the pool. */
struct pool_backend {
	struct blockdev bd;
	struct block_pool *pool;
};

static int submit_to_pool(struct blockdev *bd, struct lkl_block_req *req)
{
	block_pool_submit(((struct pool_backend *)bd)->pool, req);
	return BLOCKDEV_KEPT;
}

static const struct blockdev_ops fed_ops = {
	.size = sizeof(struct blockdev_ops), .kind = "fed", .submit = submit_to_pool,
};

static void fed_init(struct pool_backend *fed, unsigned int threads,
		     int (*fn)(void *data, struct lkl_block_req *req), void *data)
{
	*fed = (struct pool_backend){ .bd = {
		.ops = &fed_ops,
		.capacity = 1 << 20,
		.limits.logical_block = 1,
	} };
	assert_int_equal(block_pool_create(threads, fn, data, &fed->pool), 0);
}

static void all_requests_are_served_and_return_their_status(void **state)
{
	struct io *io = calloc(NR, sizeof(*io));
	_Atomic int served = 0;
	struct pool_backend fed;

	fed_init(&fed, 3, note_concurrency, &served);
	for (unsigned int i = 0; i < NR; i++) {
		io_init(&io[i], LKL_BLK_READ, NULL, 0, i);
		io_submit(&fed.bd, &io[i]);
	}
	for (unsigned int i = 0; i < NR; i++) {
		assert_int_equal(io_wait(&io[i]), -(int)i);
		assert_int_equal(io[i].completions, 1);
	}
	assert_int_equal(served, NR);
	assert_in_range(most_inside, 1, 3);
	block_pool_destroy(fed.pool);
	free(io);
}

static int meet(void *data, struct lkl_block_req *req)
{
	pthread_barrier_wait(&barrier);
	return 0;
}

static void serves_as_many_requests_at_once_as_it_has_threads(void **state)
{
	struct io io[4];
	struct pool_backend fed;

	pthread_barrier_init(&barrier, NULL, 4);
	fed_init(&fed, 4, meet, NULL);
	/* Ends only if all four are served at the same time. */
	for (unsigned int round = 0; round < 50; round++) {
		for (unsigned int i = 0; i < 4; i++) {
			io_init(&io[i], LKL_BLK_READ, NULL, 0, 0);
			io_submit(&fed.bd, &io[i]);
		}
		for (unsigned int i = 0; i < 4; i++)
			assert_int_equal(io_wait(&io[i]), 0);
	}
	block_pool_destroy(fed.pool);
	pthread_barrier_destroy(&barrier);
}

static void block_pool_destroy_waits_for_queued_requests(void **state)
{
	struct io *io = calloc(NR, sizeof(*io));
	_Atomic int served = 0;
	struct pool_backend fed;

	fed_init(&fed, 2, note_concurrency, &served);
	for (unsigned int i = 0; i < NR; i++) {
		io_init(&io[i], LKL_BLK_READ, NULL, 0, 0);
		io_submit(&fed.bd, &io[i]);
	}
	block_pool_destroy(fed.pool);
	assert_int_equal(served, NR);
	for (unsigned int i = 0; i < NR; i++)
		assert_int_equal(io[i].completions, 1);
	free(io);
}

static void threads_exist_only_while_there_is_work(void **state)
{
	struct io io[8];
	_Atomic int served = 0;
	struct pool_backend fed;

	assert_true(no_thread_is_left());
	fed_init(&fed, 8, note_concurrency, &served);
	assert_int_equal(thread_count(), threads_at_start);
	for (unsigned int round = 0; round < 2; round++) {
		for (unsigned int i = 0; i < 8; i++) {
			io_init(&io[i], LKL_BLK_READ, NULL, 0, 0);
			io_submit(&fed.bd, &io[i]);
		}
		for (unsigned int i = 0; i < 8; i++)
			assert_int_equal(io_wait(&io[i]), 0);
		assert_true(thread_count() > threads_at_start);
		assert_true(thread_count_becomes(threads_at_start, 20));
	}
	block_pool_destroy(fed.pool);
	assert_int_equal(thread_count(), threads_at_start);
}

static void block_pool_destroy_leaves_no_thread(void **state)
{
	for (unsigned int i = 0; i < 200; i++) {
		_Atomic int served = 0;
		struct pool_backend fed;
		struct io io;

		fed_init(&fed, 2, note_concurrency, &served);
		io_init(&io, LKL_BLK_READ, NULL, 0, 0);
		assert_int_equal(io_run(&fed.bd, &io), 0);
		block_pool_destroy(fed.pool);
	}
	assert_true(no_thread_is_left());
	block_pool_destroy(NULL);
}

static int blocks_signals(void *data, struct lkl_block_req *req)
{
	sigset_t set;

	pthread_sigmask(SIG_SETMASK, NULL, &set);
	return sigismember(&set, SIGINT) && sigismember(&set, SIGALRM) ? 0 : -EINTR;
}

static void pool_threads_block_the_programs_signals(void **state)
{
	struct pool_backend fed;
	struct io io;
	sigset_t set;

	fed_init(&fed, 1, blocks_signals, NULL);
	io_init(&io, LKL_BLK_READ, NULL, 0, 0);
	assert_int_equal(io_run(&fed.bd, &io), 0);
	pthread_sigmask(SIG_SETMASK, NULL, &set);
	assert_false(sigismember(&set, SIGINT));
	block_pool_destroy(fed.pool);
}

static bool is_ahead(const struct lkl_block_req *req)
{
	return req->flags & LKL_BLK_AHEAD;
}

static int count_and_wait(void *data, struct lkl_block_req *req)
{
	++*(_Atomic int *)data;
	pthread_barrier_wait(&barrier);
	return 0;
}

/* The first request keeps the only thread busy, so the others stay in the queue. */
static void an_idle_thread_takes_the_first_request_of_the_queue(void **state)
{
	struct lkl_block_req *req;
	_Atomic int came = 0;
	struct io io[4];
	struct pool_backend fed;

	pthread_barrier_init(&barrier, NULL, 2);
	fed_init(&fed, 1, count_and_wait, &came);
	for (unsigned int i = 0; i < 4; i++) {
		io_init(&io[i], LKL_BLK_READ, NULL, 0, 0);
		io[i].req.flags = i == 3 ? 0 : LKL_BLK_AHEAD;
		io_submit(&fed.bd, &io[i]);
		while (!came)
			usleep(1000);
	}
	req = block_pool_take(fed.pool, is_ahead);
	assert_ptr_equal(req, &io[1].req);
	block_pool_put_back(fed.pool, req);
	assert_ptr_equal(block_pool_take(fed.pool, is_ahead), req);
	blockdev_complete(req, -EIO);
	assert_int_equal(io_wait(&io[1]), -EIO);
	req = block_pool_take(fed.pool, is_ahead);
	assert_ptr_equal(req, &io[2].req);
	assert_null(block_pool_take(fed.pool, is_ahead));
	block_pool_put_back(fed.pool, req);
	/*
	 * The pool's thread reaches the barrier once for each remaining request, reads ahead
	 * last.
	 */
	for (unsigned int i = 0; i < 3; i++) {
		struct io *next = &io[(unsigned int[]){ 0, 3, 2 }[i]];

		pthread_barrier_wait(&barrier);
		assert_int_equal(io_wait(next), 0);
		assert_int_equal(next->completions, 1);
	}
	block_pool_destroy(fed.pool);
	pthread_barrier_destroy(&barrier);
}

/* Reads at offset 1 wait until the test reaches the barrier. */
static int wait_at_one(void *data, struct lkl_block_req *req)
{
	if (req->offset != 1)
		return 0;
	block_pool_will_wait(((struct pool_backend *)data)->pool);
	pthread_barrier_wait(&barrier);
	return 0;
}

static void a_read_ahead_that_waits_does_not_delay_other_requests(void **state)
{
	struct io io[3];
	struct pool_backend fed;

	pthread_barrier_init(&barrier, NULL, 2);
	fed_init(&fed, 2, wait_at_one, &fed);
	block_pool_read_ahead_in_turn(fed.pool);
	for (unsigned int i = 0; i < 3; i++) {
		io_init(&io[i], LKL_BLK_READ, NULL, 0, i == 0);
		io[i].req.flags = LKL_BLK_AHEAD;
		io_submit(&fed.bd, &io[i]);
	}
	/* The first read still waits, so another thread must serve the other two. */
	assert_int_equal(io_wait(&io[1]), 0);
	assert_int_equal(io_wait(&io[2]), 0);
	assert_int_equal(io[0].completions, 0);
	pthread_barrier_wait(&barrier);
	assert_int_equal(io_wait(&io[0]), 0);
	block_pool_destroy(fed.pool);
	pthread_barrier_destroy(&barrier);
}

static int note_order(void *data, struct lkl_block_req *req)
{
	unsigned int *order = data;

	if (!req->offset)
		pthread_barrier_wait(&barrier);
	else
		order[++order[0]] = req->offset;
	return 0;
}

static void reads_ahead_are_served_behind_all_others(void **state)
{
	static const struct { unsigned int offset; bool ahead; } queue[] = {
		{ 0, false }, { 1, true }, { 2, false }, { 3, true }, { 4, false },
	};
	unsigned int order[5] = { 0 };
	struct io io[5];
	struct pool_backend fed;

	pthread_barrier_init(&barrier, NULL, 2);
	fed_init(&fed, 1, note_order, order);
	for (unsigned int i = 0; i < 5; i++) {
		io_init(&io[i], LKL_BLK_READ, NULL, 0, queue[i].offset);
		io[i].req.flags = queue[i].ahead ? LKL_BLK_AHEAD : 0;
		io_submit(&fed.bd, &io[i]);
	}
	pthread_barrier_wait(&barrier);
	for (unsigned int i = 0; i < 5; i++)
		assert_int_equal(io_wait(&io[i]), 0);
	assert_true(order[1] == 2 && order[2] == 4 && order[3] == 1 && order[4] == 3);
	block_pool_destroy(fed.pool);
	pthread_barrier_destroy(&barrier);
}

static void store_spare(struct lkl_block_req *req)
{
	*(int *)req->submitter = block_pool_can_spare_caller();
}

/* One of @threads threads serves three queued requests. */
static void serve_three(unsigned int threads, int spare[3])
{
	struct lkl_block_req req[3] = { 0 };
	struct block_pool *pool;
	_Atomic int came = 0;

	pthread_barrier_init(&barrier, NULL, 2);
	assert_int_equal(block_pool_create(threads, count_and_wait, &came, &pool), 0);
	block_pool_read_ahead_in_turn(pool);
	for (unsigned int i = 0; i < 3; i++) {
		req[i].flags = LKL_BLK_AHEAD;	/* one thread is enough for them */
		req[i].done = store_spare;
		req[i].submitter = &spare[i];
		block_pool_submit(pool, &req[i]);
	}
	for (unsigned int i = 0; i < 3; i++)
		pthread_barrier_wait(&barrier);
	block_pool_destroy(pool);
	assert_int_equal(came, 3);
	pthread_barrier_destroy(&barrier);
}

static void can_spare_a_thread_only_if_others_serve_new_requests(void **state)
{
	int spare[3];

	assert_false(block_pool_can_spare_caller());
	serve_three(1, spare);
	assert_true(!spare[0] && !spare[1] && !spare[2]);
	serve_three(2, spare);
	assert_true(!spare[0] && !spare[1] && spare[2]);
	assert_false(block_pool_can_spare_caller());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SENTENCE("serves all requests and returns their status",
			 all_requests_are_served_and_return_their_status),
		SENTENCE("serves as many requests at once as it has threads",
			 serves_as_many_requests_at_once_as_it_has_threads),
		SENTENCE("block_pool_destroy waits for queued requests",
			 block_pool_destroy_waits_for_queued_requests),
		SENTENCE("threads exist only while there is work",
			 threads_exist_only_while_there_is_work),
		SENTENCE("block_pool_destroy leaves no thread",
			 block_pool_destroy_leaves_no_thread),
		SENTENCE("pool threads block the program's signals",
			 pool_threads_block_the_programs_signals),
		SENTENCE("an idle thread takes the first request of the queue",
			 an_idle_thread_takes_the_first_request_of_the_queue),
		SENTENCE("a read ahead that waits does not delay other requests",
			 a_read_ahead_that_waits_does_not_delay_other_requests),
		SENTENCE("reads ahead are served behind all others",
			 reads_ahead_are_served_behind_all_others),
		SENTENCE("can spare a thread only if others serve new requests",
			 can_spare_a_thread_only_if_others_serve_new_requests),
	};

	return cmocka_run_group_tests(tests, count_threads_at_start, NULL);
}
