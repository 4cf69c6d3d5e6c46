// SPDX-License-Identifier: GPL-2.0
/*
 * reader-handoff.c - choose the thread that reads the channel
 *
 * The standby (see the header) checks the reader every millisecond while requests come.  After some
 * milliseconds without a request it sleeps, until the reader begins the next request.
 * So a request costs two atomic operations, and an idle mount nothing.
 *
 * While every thread is inside a request, no thread reads.  The first one that
 * finishes becomes the standby, and takes over reading after its next check.
 */
#define _GNU_SOURCE
#include <time.h>
#include "reader-handoff.h"

#define CHECK_NS	1000000		/* between two checks by the standby */
#define QUIET_CHECKS	8		/* checks without a request before it sleeps */

void handoff_init(struct handoff *h)
{
	*h = (struct handoff){ 0 };
	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->vacant, NULL);
	pthread_cond_init(&h->wake, NULL);
}

static bool is_over(struct handoff *h)
{
	return __atomic_load_n(&h->over, __ATOMIC_SEQ_CST);
}

/* Sleep until the next request, unless one has come since @seen. */
static void sleep_until_request(struct handoff *h, uint64_t seen)
{
	pthread_mutex_lock(&h->lock);
	/*
	 * Barrier: either this thread sees the new count of handoff_begin(), or
	 * handoff_begin() sees asleep.
	 */
	__atomic_store_n(&h->asleep, true, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&h->count, __ATOMIC_SEQ_CST) != seen)
		__atomic_store_n(&h->asleep, false, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&h->asleep, __ATOMIC_SEQ_CST) && !is_over(h))
		pthread_cond_wait(&h->wake, &h->lock);
	pthread_mutex_unlock(&h->lock);
}

/* Wait until the reader is stuck in a request.  False: the mount has ended. */
static bool wait_until_stuck(struct handoff *h)
{
	const struct timespec pause = { .tv_nsec = CHECK_NS };
	uint64_t seen = __atomic_load_n(&h->count, __ATOMIC_SEQ_CST), now;
	unsigned int quiet = 0;

	while (!is_over(h)) {
		if (quiet >= QUIET_CHECKS) {
			sleep_until_request(h, seen);
			quiet = 0;
		}
		nanosleep(&pause, NULL);
		now = __atomic_load_n(&h->count, __ATOMIC_SEQ_CST);
		if (now == seen && (now & 1) &&
		    __atomic_compare_exchange_n(&h->count, &now, now + 1, false,
						__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			return true;
		quiet = now == seen ? quiet + 1 : 0;
		seen = now;
	}
	return false;
}

bool handoff_wait(struct handoff *h, bool *last)
{
	bool mine;

	pthread_mutex_lock(&h->lock);
	h->spares++;
	while (h->has_standby && !is_over(h))
		pthread_cond_wait(&h->vacant, &h->lock);
	h->spares--;
	h->has_standby = true;
	pthread_mutex_unlock(&h->lock);
	mine = wait_until_stuck(h);
	pthread_mutex_lock(&h->lock);
	h->has_standby = false;
	*last = !h->spares;
	pthread_cond_signal(&h->vacant);
	pthread_mutex_unlock(&h->lock);
	return mine;
}

uint64_t handoff_begin(struct handoff *h)
{
	uint64_t begun = __atomic_add_fetch(&h->count, 1, __ATOMIC_SEQ_CST);

	if (__builtin_expect(__atomic_load_n(&h->asleep, __ATOMIC_SEQ_CST), 0)) {
		pthread_mutex_lock(&h->lock);
		__atomic_store_n(&h->asleep, false, __ATOMIC_SEQ_CST);
		pthread_cond_signal(&h->wake);
		pthread_mutex_unlock(&h->lock);
	}
	return begun;
}

bool handoff_end(struct handoff *h, uint64_t begun)
{
	return __atomic_compare_exchange_n(&h->count, &begun, begun + 1, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

void handoff_stop(struct handoff *h)
{
	pthread_mutex_lock(&h->lock);
	__atomic_store_n(&h->over, true, __ATOMIC_SEQ_CST);
	pthread_cond_broadcast(&h->vacant);
	pthread_cond_signal(&h->wake);
	pthread_mutex_unlock(&h->lock);
}
