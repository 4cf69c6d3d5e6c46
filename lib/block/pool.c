// SPDX-License-Identifier: GPL-2.0
/*
 * pool.c - threads that serve the requests which would block
 *
 * A queue and up to a given number of threads.  A thread starts when there is
 * more queued than threads are idle, and leaves after IDLE_SECONDS without
 * work, so that a process without I/O has neither threads nor wake-ups.
 *
 * A leaving thread joins the one that left before it and is itself joined by
 * the next, or by block_pool_destroy(): when that returns, no thread is left.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include "blockdev.h"
#include "own_thread.h"

#define IDLE_SECONDS	5

struct block_pool {
	int (*fn)(void *data, struct lkl_block_req *req);
	void *data;
	unsigned int max;		/* threads */

	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t work;		/* something is queued, or stop */
	pthread_cond_t gone;		/* running became 0 */
	struct lkl_block_req *head, **tail;
	unsigned int queued;		/* requests */
	unsigned int idle;		/* threads that wait for work */
	unsigned int running;		/* threads, idle ones included */
	bool stop;
	bool has_left;			/* last_left is to be joined */
	pthread_t last_left;
};

static struct lkl_block_req *dequeue(struct block_pool *pool)
{
	struct lkl_block_req *req = pool->head;

	if (!req)
		return NULL;
	pool->head = req->next;
	if (!pool->head)
		pool->tail = &pool->head;
	pool->queued--;
	return req;
}

/* The next request, or NULL when it is time to leave.  Lock held. */
static struct lkl_block_req *wait_for_work(struct block_pool *pool)
{
	struct lkl_block_req *req;
	struct timespec deadline;
	int err = 0;

	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec += IDLE_SECONDS;
	while (!(req = dequeue(pool)) && !pool->stop && !err) {
		pool->idle++;
		err = pthread_cond_timedwait(&pool->work, &pool->lock, &deadline);
		pool->idle--;
	}
	return req;
}

static void *pool_thread(void *arg)
{
	struct block_pool *pool = arg;
	struct lkl_block_req *req;
	pthread_t before;
	bool join;

	pthread_mutex_lock(&pool->lock);
	while ((req = wait_for_work(pool))) {
		pthread_mutex_unlock(&pool->lock);
		blockdev_complete(req, pool->fn(pool->data, req));
		pthread_mutex_lock(&pool->lock);
	}
	join = pool->has_left;
	before = pool->last_left;
	pool->has_left = true;
	pool->last_left = pthread_self();
	if (!--pool->running)
		pthread_cond_signal(&pool->gone);
	pthread_mutex_unlock(&pool->lock);
	if (join)
		pthread_join(before, NULL);
	return NULL;
}

/* Lock held. */
static int start_thread(struct block_pool *pool)
{
	pthread_t thread;
	int err = own_thread_start(&thread, pool_thread, pool);

	if (!err)
		pool->running++;
	return err;
}

int block_pool_create(unsigned int threads, int (*fn)(void *data, struct lkl_block_req *req),
		      void *data, struct block_pool **poolp)
{
	struct block_pool *pool = calloc(1, sizeof(*pool));
	pthread_condattr_t attr;

	if (!pool)
		return -ENOMEM;
	pool->fn = fn;
	pool->data = data;
	pool->max = threads ? threads : 1;
	pool->tail = &pool->head;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&pool->work, &attr);
	pthread_cond_init(&pool->gone, NULL);
	pthread_condattr_destroy(&attr);
	*poolp = pool;
	return 0;
}

void block_pool_submit(struct block_pool *pool, struct lkl_block_req *req)
{
	int err = 0;

	pthread_mutex_lock(&pool->lock);
	if (pool->queued >= pool->idle && pool->running < pool->max)
		err = start_thread(pool);
	if (err && !pool->running) {
		/* Nobody would ever take it. */
		pthread_mutex_unlock(&pool->lock);
		blockdev_complete(req, err);
		return;
	}
	req->next = NULL;
	*pool->tail = req;
	pool->tail = &req->next;
	pool->queued++;
	if (pool->idle)
		pthread_cond_signal(&pool->work);
	pthread_mutex_unlock(&pool->lock);
}

void block_pool_destroy(struct block_pool *pool)
{
	if (!pool)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->stop = true;
	pthread_cond_broadcast(&pool->work);
	while (pool->running)
		pthread_cond_wait(&pool->gone, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
	if (pool->has_left)
		pthread_join(pool->last_left, NULL);
	pthread_cond_destroy(&pool->gone);
	pthread_cond_destroy(&pool->work);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}
