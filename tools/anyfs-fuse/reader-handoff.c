// SPDX-License-Identifier: GPL-2.0
/*
 * reader-handoff.c - choose the thread that reads the channel
 *
 * The relief checks the reader every millisecond while requests come.  After some
 * milliseconds without a request it sleeps, and the reader wakes it with the next one.
 * So a request costs two atomic operations, and an idle mount nothing.
 *
 * While every thread is inside a request, no thread reads.  The first one that
 * finishes becomes the relief, and takes over reading after its next check.
 */
#define _GNU_SOURCE
#include <time.h>
#include "reader-handoff.h"

#define LOOK_NS		1000000		/* ms between two checks of the waiting thread */
#define QUIET_LOOKS	8		/* checks without a request before it sleeps */

void turn_init(struct turn *t)
{
	*t = (struct turn){ 0 };
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->vacant, NULL);
	pthread_cond_init(&t->wake, NULL);
}

static bool is_over(struct turn *t)
{
	return __atomic_load_n(&t->over, __ATOMIC_SEQ_CST);
}

/* Sleep until the next request, unless one has come since @seen. */
static void sleep_until_request(struct turn *t, uint64_t seen)
{
	pthread_mutex_lock(&t->lock);
	/*
	 * Barrier: either this thread sees the new count of turn_begin(), or turn_begin() sees
	 * asleep.
	 */
	__atomic_store_n(&t->asleep, true, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&t->count, __ATOMIC_SEQ_CST) != seen)
		__atomic_store_n(&t->asleep, false, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&t->asleep, __ATOMIC_SEQ_CST) && !is_over(t))
		pthread_cond_wait(&t->wake, &t->lock);
	pthread_mutex_unlock(&t->lock);
}

/* Wait until the reader is stuck in a request.  False: the mount has ended. */
static bool relieve(struct turn *t)
{
	const struct timespec look = { .tv_nsec = LOOK_NS };
	uint64_t seen = __atomic_load_n(&t->count, __ATOMIC_SEQ_CST), now;
	unsigned int quiet = 0;

	while (!is_over(t)) {
		if (quiet >= QUIET_LOOKS) {
			sleep_until_request(t, seen);
			quiet = 0;
		}
		nanosleep(&look, NULL);
		now = __atomic_load_n(&t->count, __ATOMIC_SEQ_CST);
		if (now == seen && (now & 1) &&
		    __atomic_compare_exchange_n(&t->count, &now, now + 1, false,
						__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			return true;
		quiet = now == seen ? quiet + 1 : 0;
		seen = now;
	}
	return false;
}

bool turn_wait(struct turn *t, bool *last)
{
	bool mine;

	pthread_mutex_lock(&t->lock);
	t->spares++;
	while (t->has_relief && !is_over(t))
		pthread_cond_wait(&t->vacant, &t->lock);
	t->spares--;
	t->has_relief = true;
	pthread_mutex_unlock(&t->lock);
	mine = relieve(t);
	pthread_mutex_lock(&t->lock);
	t->has_relief = false;
	*last = !t->spares;
	pthread_cond_signal(&t->vacant);
	pthread_mutex_unlock(&t->lock);
	return mine;
}

uint64_t turn_begin(struct turn *t)
{
	uint64_t begun = __atomic_add_fetch(&t->count, 1, __ATOMIC_SEQ_CST);

	if (__builtin_expect(__atomic_load_n(&t->asleep, __ATOMIC_SEQ_CST), 0)) {
		pthread_mutex_lock(&t->lock);
		__atomic_store_n(&t->asleep, false, __ATOMIC_SEQ_CST);
		pthread_cond_signal(&t->wake);
		pthread_mutex_unlock(&t->lock);
	}
	return begun;
}

bool turn_end(struct turn *t, uint64_t begun)
{
	return __atomic_compare_exchange_n(&t->count, &begun, begun + 1, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

void turn_over(struct turn *t)
{
	pthread_mutex_lock(&t->lock);
	__atomic_store_n(&t->over, true, __ATOMIC_SEQ_CST);
	pthread_cond_broadcast(&t->vacant);
	pthread_cond_signal(&t->wake);
	pthread_mutex_unlock(&t->lock);
}
