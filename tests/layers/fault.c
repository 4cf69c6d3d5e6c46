// SPDX-License-Identifier: GPL-2.0
/*
 * fault.c - fault injection, see fault.h
 *
 * A delayed request waits in a list ordered by the time it is due, linked by the request's
 * next pointer; the first thread that finds a request due serves the request.  The delay is
 * before the request reaches the lower blockdev, so that its completion need not be intercepted.
 * The status of a waiting request is 0 if it will be passed down, or the error with which it will
 * end.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "error.h"
#include "fault.h"
#include "os.h"

#define THREADS		4

struct fault {
	struct blockdev bd;
	struct blockdev *lower;
	pthread_t threads[THREADS];
	unsigned int nr_threads;

	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t changed;		/* the lists, or stop */
	struct fault_rules rules;
	uint64_t matched;		/* requests that error_ops and range match */
	uint64_t requests;
	uint64_t random;
	struct lkl_block_req *delayed;	/* sorted by due time, see due_us() */
	struct lkl_block_req *held;
	unsigned int waiting;		/* in both lists */
	bool stop;
};

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000ull + ts.tv_nsec / 1000;
}

/*
 * When a delayed request is due, in microseconds.  Only differences are meaningful, because a
 * pointer may have 32 bits.
 */
static uintptr_t due_us(const struct lkl_block_req *req)
{
	return (uintptr_t)req->backend[0];
}

static bool is_before(uintptr_t a, uintptr_t b)
{
	return (intptr_t)(a - b) < 0;
}

static uint64_t next_random(struct fault *fault)
{
	uint64_t x = fault->random;

	/* xorshift64: any order is good enough if it is the same in each run. */
	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return fault->random = x;
}

/* Apply the rules to @req; returns 0 or the error.  Lock held. */
static int find_error(struct fault *fault, const struct lkl_block_req *req)
{
	const struct fault_rules *r = &fault->rules;

	if (!r->error || !(r->error_ops & FAULT_OP(req->op)))
		return 0;
	if (r->error_len && (req->op == LKL_BLK_FLUSH ||
			     req->offset >= r->error_offset + r->error_len ||
			     req->offset + req->len <= r->error_offset))
		return 0;
	if (fault->matched++ < r->error_after)
		return 0;
	if (r->error_count && fault->matched > r->error_after + r->error_count)
		return 0;
	return r->error;
}

/* Lock held. */
static void delay_request(struct fault *fault, struct lkl_block_req *req, unsigned int us)
{
	struct lkl_block_req **pos = &fault->delayed;

	req->backend[0] = (void *)((uintptr_t)now_us() + us);
	while (*pos && !is_before(due_us(req), due_us(*pos)))
		pos = &(*pos)->next;
	req->next = *pos;
	*pos = req;
	fault->waiting++;
	pthread_cond_signal(&fault->changed);
}

/* Whether @req waits.  Lock held. */
static bool postpone_request(struct fault *fault, struct lkl_block_req *req)
{
	const struct fault_rules *r = &fault->rules;
	unsigned int span = r->delay_max_us > r->delay_min_us ?
			    r->delay_max_us - r->delay_min_us : 0;

	if (r->hold_ops & FAULT_OP(req->op)) {
		req->next = fault->held;
		fault->held = req;
		fault->waiting++;
		return true;
	}
	if (!(r->delay_ops & FAULT_OP(req->op)))
		return false;
	delay_request(fault, req, r->delay_min_us + next_random(fault) % (span + 1ull));
	return true;
}

static int serve(struct fault *fault, struct lkl_block_req *req)
{
	return req->status ? BLOCKDEV_DONE : blockdev_submit(fault->lower, req);
}

static int fault_submit(struct blockdev *bd, struct lkl_block_req *req)
{
	struct fault *fault = (struct fault *)bd;
	bool waits;

	pthread_mutex_lock(&fault->lock);
	fault->requests++;
	req->status = find_error(fault, req);
	waits = postpone_request(fault, req);
	pthread_mutex_unlock(&fault->lock);
	return waits ? BLOCKDEV_KEPT : serve(fault, req);
}

static void wait_until(struct fault *fault, uintptr_t when)
{
	uint64_t now = now_us();
	intptr_t us = when - (uintptr_t)now;
	uint64_t then = now + (us > 0 ? us : 0);
	struct timespec ts = {
		.tv_sec = then / 1000000,
		.tv_nsec = then % 1000000 * 1000,
	};

	pthread_cond_timedwait(&fault->changed, &fault->lock, &ts);
}

/* The next request that is due; NULL: stop.  Lock held. */
static struct lkl_block_req *next_due(struct fault *fault)
{
	struct lkl_block_req *req;

	for (;;) {
		req = fault->delayed;
		if (!req && fault->stop)
			return NULL;
		if (!req) {
			pthread_cond_wait(&fault->changed, &fault->lock);
		} else if (is_before((uintptr_t)now_us(), due_us(req))) {
			wait_until(fault, due_us(req));
		} else {
			fault->delayed = req->next;
			fault->waiting--;
			return req;
		}
	}
}

static void *fault_thread(void *arg)
{
	struct fault *fault = arg;
	struct lkl_block_req *req;

	pthread_mutex_lock(&fault->lock);
	while ((req = next_due(fault))) {
		/* This thread may be the only one that was woken. */
		if (fault->delayed)
			pthread_cond_signal(&fault->changed);
		pthread_mutex_unlock(&fault->lock);
		if (serve(fault, req) == BLOCKDEV_DONE)
			blockdev_complete(req, req->status);
		pthread_mutex_lock(&fault->lock);
	}
	pthread_mutex_unlock(&fault->lock);
	return NULL;
}

static void stop_threads(struct fault *fault)
{
	pthread_mutex_lock(&fault->lock);
	fault->stop = true;
	pthread_cond_broadcast(&fault->changed);
	pthread_mutex_unlock(&fault->lock);
	for (unsigned int i = 0; i < fault->nr_threads; i++)
		pthread_join(fault->threads[i], NULL);
}

static void fault_close(struct blockdev *bd)
{
	struct fault *fault = (struct fault *)bd;

	stop_threads(fault);
	pthread_cond_destroy(&fault->changed);
	pthread_mutex_destroy(&fault->lock);
	blockdev_close(fault->lower);
	free(fault);
}

static int fault_extents(struct blockdev *bd, uint64_t offset, uint64_t len,
			 struct blockdev_extent *extents, unsigned int max)
{
	return blockdev_extents(((struct fault *)bd)->lower, offset, len, extents, max);
}

static const struct blockdev_ops fault_ops = {
	.size = sizeof(struct blockdev_ops),
	.kind = "fault",
	.submit = fault_submit,
	.extents = fault_extents,
	.close = fault_close,
};

static int start_threads(struct fault *fault)
{
	int err = 0;

	while (!err && fault->nr_threads < THREADS) {
		err = os_thread_start(&fault->threads[fault->nr_threads], fault_thread, fault);
		if (!err)
			fault->nr_threads++;
	}
	return err;
}

int fault_open(struct blockdev *lower, struct blockdev **bd)
{
	struct fault *fault = calloc(1, sizeof(*fault));
	pthread_condattr_t attr;
	int err;

	if (!fault || blockdev_init_over(&fault->bd, &fault_ops, lower) < 0) {
		free(fault);
		return error_set(-ENOMEM, "%s: out of memory", lower->name);
	}
	pthread_mutex_init(&fault->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&fault->changed, &attr);
	pthread_condattr_destroy(&attr);
	fault->random = 88172645463325252ull;
	err = start_threads(fault);
	if (err) {
		fault->lower = NULL;
		blockdev_close(&fault->bd);
		return error_set(err, "%s: cannot start threads: %s", lower->name, error_name(err));
	}
	fault->lower = lower;
	*bd = &fault->bd;
	return 0;
}

/* Held requests that the new rules let go become delayed ones.  Lock held. */
static void release_held(struct fault *fault)
{
	struct lkl_block_req *req, *held = fault->held;

	fault->held = NULL;
	while ((req = held)) {
		held = req->next;
		fault->waiting--;
		if (!postpone_request(fault, req))
			delay_request(fault, req, 0);
	}
}

void fault_set(struct blockdev *bd, const struct fault_rules *rules)
{
	struct fault *fault = (struct fault *)bd;

	pthread_mutex_lock(&fault->lock);
	fault->rules = *rules;
	fault->matched = 0;
	release_held(fault);
	pthread_mutex_unlock(&fault->lock);
}

uint64_t fault_requests(struct blockdev *bd)
{
	struct fault *fault = (struct fault *)bd;
	uint64_t n;

	pthread_mutex_lock(&fault->lock);
	n = fault->requests;
	pthread_mutex_unlock(&fault->lock);
	return n;
}

unsigned int fault_waiting(struct blockdev *bd)
{
	struct fault *fault = (struct fault *)bd;
	unsigned int n;

	pthread_mutex_lock(&fault->lock);
	n = fault->waiting;
	pthread_mutex_unlock(&fault->lock);
	return n;
}
