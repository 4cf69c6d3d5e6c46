// SPDX-License-Identifier: GPL-2.0
/* Requests obey the limits of the backend, and a backend that hangs blocks no other request. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "contract.h"

#define SIZE	(1u << 20)

/* The requests that a callback disk saw, and the condition it waits for. */
struct callback_log {
	_Atomic unsigned int inside, most, largest, canceled;
	sem_t go, closed;
	_Atomic bool waits;
};

static int request(void *data, struct lkl_block_req *req)
{
	struct callback_log *seen = data;
	unsigned int now = ++seen->inside, most = seen->most;

	while (now > most && !atomic_compare_exchange_weak(&seen->most, &most, now))
		;
	if (req->len > seen->largest)
		seen->largest = req->len;
	if (seen->waits)
		sem_wait(&seen->go);
	if (req->op == LKL_BLK_READ)
		memset(req->iov[0].base, 0x55, req->iov[0].len);
	seen->inside--;
	return 0;
}

static void cancel(void *data, struct lkl_block_req *req)
{
	((struct callback_log *)data)->canceled++;
}

static void note_close(void *data)
{
	sem_post(&((struct callback_log *)data)->closed);
}

static struct blockdev *open_seen(struct callback_log *seen, const struct blockdev_limits *limits)
{
	static const struct callback_ops ops = {
		.request = request, .cancel = cancel, .close = note_close,
	};
	struct blockdev *lower, *bd;

	memset(seen, 0, sizeof(*seen));
	sem_init(&seen->go, 0, 0);
	sem_init(&seen->closed, 0, 0);
	assert_int_equal(callback_open(&ops, seen, SIZE, true, 8, &lower), 0);
	lower->limits.max_request = limits->max_request;
	lower->limits.max_in_flight = limits->max_in_flight;
	lower->limits.time_limit_ms = limits->time_limit_ms;
	assert_true(blockdev_is_limited(lower));
	assert_int_equal(limit_open(lower, &bd), 0);
	assert_false(blockdev_is_limited(bd));
	blockdev_close(lower);
	return bd;
}

static void limits_the_size_and_the_number_of_requests(void **state)
{
	struct blockdev *bd;
	struct callback_log seen;
	struct io io[8];
	char *buf = malloc(SIZE);

	bd = open_seen(&seen, &(struct blockdev_limits){ .max_request = 8192, .max_in_flight = 3 });
	for (unsigned int i = 0; i < 8; i++) {
		io_init(&io[i], LKL_BLK_READ, buf + i * (SIZE / 8), SIZE / 8, i * (SIZE / 8));
		io_submit(bd, &io[i]);
	}
	for (unsigned int i = 0; i < 8; i++)
		assert_int_equal(io_wait(&io[i]), 0);
	assert_int_equal(seen.largest, 8192);
	assert_in_range(seen.most, 1, 3);
	blockdev_close(bd);
	free(buf);
}

static void refuses_larger_requests_without_the_layer(void **state)
{
	struct blockdev *bd;
	char buf[4096];
	struct io io;

	assert_int_equal(memory_open(SIZE, &bd), 0);
	bd->limits.max_request = 1024;
	io_init(&io, LKL_BLK_READ, buf, 4096, 0);
	assert_int_equal(io_run(bd, &io), -EINVAL);
	assert_int_equal(blockdev_pread(bd, buf, sizeof(buf), 0), 0);
	blockdev_close(bd);
}

static void requests_to_a_backend_that_hangs_end_with_etimedout(void **state)
{
	struct blockdev *bd;
	struct callback_log seen;
	struct io io[4];
	char buf[4][4096];
	unsigned int hung;

	bd = open_seen(&seen, &(struct blockdev_limits){
		.max_in_flight = 2, .time_limit_ms = 200,
	});
	seen.waits = true;
	memset(buf, 0, sizeof(buf));
	for (unsigned int i = 0; i < 4; i++) {
		io_init(&io[i], LKL_BLK_READ, buf[i], 4096, i * 4096);
		io_submit(bd, &io[i]);
	}
	/* Two are in the backend, two in the layer's queue. */
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(io_wait(&io[i]), -ETIMEDOUT);
	assert_in_range(seen.inside, 0, 2);
	assert_true(seen.canceled >= 2);
	/* Closing does not wait for the hung requests; the backend stays open until they end. */
	hung = seen.inside;
	blockdev_close(bd);
	if (hung)
		assert_int_equal(sem_trywait(&seen.closed), -1);
	for (unsigned int i = 0; i < 4; i++)
		sem_post(&seen.go);
	sem_wait(&seen.closed);
	/* The late data was not written anywhere. */
	assert_true(is_zero(buf, sizeof(buf)));
	assert_int_equal(seen.inside, 0);
}

static void requests_succeed_again_when_the_backend_recovers(void **state)
{
	struct blockdev *bd;
	struct callback_log seen;
	char buf[4096];

	bd = open_seen(&seen, &(struct blockdev_limits){ .max_in_flight = 1, .time_limit_ms = 30 });
	seen.waits = true;
	assert_int_equal(blockdev_pread(bd, buf, sizeof(buf), 0), -ETIMEDOUT);
	assert_int_equal(blockdev_pread(bd, buf, sizeof(buf), 0), -ETIMEDOUT);
	seen.waits = false;
	sem_post(&seen.go);
	while (blockdev_pread(bd, buf, sizeof(buf), 0))
		;
	assert_int_equal(buf[4095], 0x55);
	blockdev_close(bd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SENTENCE("limits the size and number of requests",
			 limits_the_size_and_the_number_of_requests),
		SENTENCE("refuses larger requests without the layer",
			 refuses_larger_requests_without_the_layer),
		SENTENCE("requests to a backend that hangs end with ETIMEDOUT",
			 requests_to_a_backend_that_hangs_end_with_etimedout),
		SENTENCE("requests succeed again when the backend recovers",
			 requests_succeed_again_when_the_backend_recovers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
