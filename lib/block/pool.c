// SPDX-License-Identifier: GPL-2.0
/*
 * pool.c - threads that serve the requests which would block
 *
 * A pool is a queue and up to a given number of threads.  A thread starts when more
 * requests are queued than threads are idle, and exits after IDLE_SECONDS without
 * work, so that a process without I/O has neither threads nor wake-ups.
 *
 * Readahead requests come after all other requests in the queue, because no thread
 * waits for them yet.  With block_pool_read_ahead_in_turn() one thread serves them
 * all, until it has to wait for one.
 *
 * An exiting thread joins the thread that exited before it; block_pool_destroy()
 * joins the last one.  So no thread is left when block_pool_destroy() returns.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include "blockdev.h"
#include "os.h"

#define IDLE_SECONDS	5
/* How long a thread polls after a readahead request: the next one usually comes soon. */
#define POLL_NS		200000u

struct block_pool {
	int (*fn)(void *data, struct lkl_block_req *req);
	void *data;
	unsigned int max;		/* threads */
	bool ahead_in_turn;

	pthread_mutex_t lock;		/* guards all that follows */
	pthread_cond_t work;		/* a request is queued, or stop is set */
	pthread_cond_t all_stopped;	/* running became 0 */
	struct lkl_block_req *head, **tail;
	struct lkl_block_req **first_ahead;	/* link to the first readahead request */
	_Atomic unsigned int queued;	/* requests */
	unsigned int idle;		/* threads that wait for work or are starting */
	unsigned int polling;		/* idle threads that poll instead of sleeping */
	unsigned int ahead;		/* readahead requests queued, or served without waiting */
	unsigned int running;		/* threads, including idle ones */
	_Atomic bool stop;
	bool has_exited;		/* last_exited must be joined */
	pthread_t last_exited;
};

static __thread bool spare;		/* the pool does not need the calling thread now */
static __thread bool is_counted;	/* pool->ahead counts the calling thread's request */

bool block_pool_can_spare_caller(void)
{
	return spare;
}

bool block_pool_has_threads(void)
{
	return true;
}

static bool is_read_ahead(const struct lkl_block_req *req)
{
	return req->flags & LKL_BLK_AHEAD;
}

/* Remove the request at @pos from the queue; NULL if there is none.  Lock held. */
static struct lkl_block_req *dequeue(struct block_pool *pool, struct lkl_block_req **pos)
{
	struct lkl_block_req *req = *pos;

	if (!req)
		return NULL;
	*pos = req->next;
	if (pool->tail == &req->next)
		pool->tail = pos;
	if (pool->first_ahead == &req->next)
		pool->first_ahead = pos;
	pool->queued--;
	return req;
}

/* Poll for work.  Lock held; released meanwhile. */
static void poll_for_work(struct block_pool *pool)
{
	uint64_t start = os_clock_ns();

	pool->polling++;
	pthread_mutex_unlock(&pool->lock);
	while (!pool->queued && !pool->stop && os_clock_ns() - start < POLL_NS)
		;
	pthread_mutex_lock(&pool->lock);
	pool->polling--;
}

/* Lock held. */
static void sleep_for_work(struct block_pool *pool)
{
	struct timespec deadline;
	int err = 0;

	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec += IDLE_SECONDS;
	while (!pool->head && !pool->stop && !err)
		err = pthread_cond_timedwait(&pool->work, &pool->lock, &deadline);
}

/* Wait for the next request; NULL: the thread must exit.  Lock held. */
static struct lkl_block_req *wait_for_work(struct block_pool *pool, bool poll)
{
	pool->idle++;
	if (poll)
		poll_for_work(pool);
	sleep_for_work(pool);
	pool->idle--;
	return dequeue(pool, &pool->head);
}

/* Serve @req; returns true if it was a readahead request.  Lock held; released meanwhile. */
static bool serve(struct block_pool *pool, struct lkl_block_req *req)
{
	bool ahead = is_read_ahead(req);
	int status;

	is_counted = ahead;
	pthread_mutex_unlock(&pool->lock);
	status = pool->fn(pool->data, req);
	pthread_mutex_lock(&pool->lock);
	pool->ahead -= is_counted;
	is_counted = false;
	/* Queued requests may need this thread; for later ones another thread can start. */
	spare = !pool->head && pool->max > 1;
	pthread_mutex_unlock(&pool->lock);
	blockdev_complete(req, status);
	pthread_mutex_lock(&pool->lock);
	return ahead;
}

static void *pool_thread(void *arg)
{
	struct block_pool *pool = arg;
	struct lkl_block_req *req;
	pthread_t previous;
	bool join, ahead = false;

	pthread_mutex_lock(&pool->lock);
	pool->idle--;
	while ((req = wait_for_work(pool, ahead)))
		ahead = serve(pool, req);
	join = pool->has_exited;
	previous = pool->last_exited;
	pool->has_exited = true;
	pool->last_exited = pthread_self();
	if (!--pool->running)
		pthread_cond_signal(&pool->all_stopped);
	pthread_mutex_unlock(&pool->lock);
	if (join)
		pthread_join(previous, NULL);
	return NULL;
}

/* Lock held. */
static int start_thread(struct block_pool *pool)
{
	pthread_t thread;
	int err = os_thread_start(&thread, pool_thread, pool);

	if (!err) {
		pool->running++;
		pool->idle++;
	}
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
	pool->first_ahead = &pool->head;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&pool->work, &attr);
	pthread_cond_init(&pool->all_stopped, NULL);
	pthread_condattr_destroy(&attr);
	*poolp = pool;
	return 0;
}

void block_pool_read_ahead_in_turn(struct block_pool *pool)
{
	pool->ahead_in_turn = true;
}

/* Lock held. */
static bool needs_thread(const struct block_pool *pool, const struct lkl_block_req *req)
{
	/*
	 * The thread that already serves readahead requests will take this one; a
	 * second thread would take a processor from the thread that uses the data.
	 */
	if (pool->ahead_in_turn && is_read_ahead(req) && pool->ahead)
		return false;
	return pool->queued >= pool->idle && pool->running < pool->max;
}

void block_pool_will_wait(struct block_pool *pool)
{
	if (!is_counted)
		return;
	is_counted = false;
	pthread_mutex_lock(&pool->lock);
	pool->ahead--;
	/* If no thread can be started, the existing thread serves the queue later. */
	if (pool->queued > pool->idle && pool->running < pool->max)
		start_thread(pool);
	pthread_mutex_unlock(&pool->lock);
}

/* Put @req into the queue at @pos.  Lock held. */
static void insert(struct block_pool *pool, struct lkl_block_req *req, struct lkl_block_req **pos)
{
	bool before_ahead = pos == pool->first_ahead && !is_read_ahead(req);

	req->next = *pos;
	*pos = req;
	if (!req->next)
		pool->tail = &req->next;
	if (before_ahead)
		pool->first_ahead = &req->next;
	pool->queued++;
	pool->ahead += is_read_ahead(req);
}

static void enqueue(struct block_pool *pool, struct lkl_block_req *req, bool again)
{
	int err = 0;

	pthread_mutex_lock(&pool->lock);
	if (needs_thread(pool, req))
		err = start_thread(pool);
	if (err && !pool->running) {
		/* No thread would ever serve it. */
		pthread_mutex_unlock(&pool->lock);
		blockdev_complete(req, err);
		return;
	}
	/* A request that is put back was the first of its kind. */
	insert(pool, req, again && !is_read_ahead(req) ? &pool->head :
			  again || !is_read_ahead(req) ? pool->first_ahead : pool->tail);
	/* Wake a sleeping thread if there are more requests than polling threads. */
	if (pool->queued > pool->polling && pool->idle > pool->polling)
		pthread_cond_signal(&pool->work);
	pthread_mutex_unlock(&pool->lock);
}

void block_pool_submit(struct block_pool *pool, struct lkl_block_req *req)
{
	enqueue(pool, req, false);
}

struct lkl_block_req *block_pool_take(struct block_pool *pool,
				      bool (*wanted)(const struct lkl_block_req *req))
{
	struct lkl_block_req *req, **pos;

	pthread_mutex_lock(&pool->lock);
	for (pos = &pool->head; *pos && !wanted(*pos); pos = &(*pos)->next)
		;
	req = dequeue(pool, pos);
	if (req)
		pool->ahead -= is_read_ahead(req);
	pthread_mutex_unlock(&pool->lock);
	return req;
}

void block_pool_cancel(struct block_pool *pool, struct lkl_block_req *req)
{
	struct lkl_block_req *canceled = NULL, *next;

	pthread_mutex_lock(&pool->lock);
	for (struct lkl_block_req **pos = &pool->head; *pos;) {
		if (req && *pos != req) {
			pos = &(*pos)->next;
			continue;
		}
		next = dequeue(pool, pos);
		pool->ahead -= is_read_ahead(next);
		next->next = canceled;
		canceled = next;
	}
	pthread_mutex_unlock(&pool->lock);
	for (; canceled; canceled = next) {
		next = canceled->next;
		blockdev_complete(canceled, -ECANCELED);
	}
}

void block_pool_put_back(struct block_pool *pool, struct lkl_block_req *req)
{
	enqueue(pool, req, true);
}

void block_pool_destroy(struct block_pool *pool)
{
	if (!pool)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->stop = true;
	pthread_cond_broadcast(&pool->work);
	while (pool->running)
		pthread_cond_wait(&pool->all_stopped, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
	if (pool->has_exited)
		pthread_join(pool->last_exited, NULL);
	pthread_cond_destroy(&pool->all_stopped);
	pthread_cond_destroy(&pool->work);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}
