// SPDX-License-Identifier: GPL-2.0
/*
 * cache-fetch.c - the threads that fetch blocks, with retries
 *
 * Several fetches are under way at once.  Fetches for which a read waits precede those that
 * read ahead.  An interrupted fetch is continued at its last byte until the time limit is
 * over; while the network has been down for longer than the limit, each fetch is tried once.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "cache-internal.h"

#define FIRST_PAUSE_MS	100u
#define LAST_PAUSE_MS	2000u
#define IDLE_S		2u		/* a long fetch waits so long for its reader */
#define LARGE		(256u << 10)	/* bytes of a fetch whose times are noted */

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

void cache_queue(struct cache_fetch *f)
{
	struct fetch_queue *q = f->urgent ? &cache.urgent : &cache.ahead;

	if (!f->is_long)
		f->limit = f->end;
	f->next = NULL;
	*q->tail = f;
	q->tail = &f->next;
	pthread_cond_signal(&cache.work);
}

static struct cache_fetch *dequeue(struct fetch_queue *q, struct cache_fetch **pos)
{
	struct cache_fetch *f = *pos;

	*pos = f->next;
	if (q->tail == &f->next)
		q->tail = pos;
	return f;
}

void cache_make_urgent(const struct block *b)
{
	for (struct cache_fetch **pos = &cache.ahead.head; *pos; pos = &(*pos)->next) {
		if (b->nr * BLOCK >= (*pos)->start && b->nr * BLOCK < (*pos)->end) {
			struct cache_fetch *f = dequeue(&cache.ahead, pos);

			f->urgent = true;
			cache_queue(f);
			return;
		}
	}
}

static struct cache_fetch *wait_for_work(void)
{
	for (;;) {
		if (cache.urgent.head)
			return dequeue(&cache.urgent, &cache.urgent.head);
		if (cache.ahead.head)
			return dequeue(&cache.ahead, &cache.ahead.head);
		pthread_cond_wait(&cache.work, &cache.lock);
	}
}

/*
 * Wait until it is known where the next byte of @f is to be stored: *@place, or NULL if it is not
 * needed.  False: no more bytes are needed.
 */
static bool next_place(struct cache_fetch *f, struct block **place)
{
	struct timespec until;
	bool wanted;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += IDLE_S;
	pthread_mutex_lock(&cache.lock);
	while (f->pos == f->end && f->pos < f->limit)
		if (pthread_cond_timedwait(&cache.room, &cache.lock, &until))
			cache_end_long(f);
	wanted = f->pos < f->end;
	*place = wanted ? cache_find(f->pos / BLOCK) : NULL;
	if (*place && (*place)->fetch != f)
		*place = NULL;
	pthread_mutex_unlock(&cache.lock);
	return wanted;
}

/* All data of @b have arrived. */
static void end_block(struct block *b)
{
	struct part *ready = NULL;

	pthread_mutex_lock(&cache.lock);
	cache_store_keep(b);
	cache_block_ready(b, &ready);
	pthread_mutex_unlock(&cache.lock);
	cache_answer(ready);
}

bool cache_take(struct cache_fetch *f, const void *data, size_t len)
{
	const char *from = data;

	if (!f->first_ns)
		f->first_ns = now_ns();
	while (len) {
		uint32_t at = f->pos % BLOCK, room, n;
		struct block *b;

		if (!next_place(f, &b))
			return false;
		room = block_len(f->pos / BLOCK) - at;
		n = len < room ? len : room;
		if (b)
			memcpy(block_data(b) + at, from, n);
		from += n;
		len -= n;
		f->pos += n;
		if (b && n == room)
			end_block(b);
	}
	return true;
}

/* Whether to try the fetch again.  Lock held. */
static bool may_retry(bool progress, uint64_t now)
{
	if (progress || !cache.is_down) {
		cache.is_down = true;
		cache.down_since = now;
	}
	return now - cache.down_since < cache.o.timeout_s * 1000000000ull;
}

/* Keep the text, because there are few different errors. */
static const char *keep_text(const char *text)
{
	static char *last;

	if (!last || strcmp(last, text)) {
		char *copy = strdup(text);

		if (!copy)
			return "out of memory";
		last = copy;
	}
	return last;
}

static void fail(struct cache_fetch *f, const char *text, bool fatal)
{
	struct part *ready = NULL;

	pthread_mutex_lock(&cache.lock);
	text = keep_text(text);
	if (fatal && !cache.fatal)
		cache.fatal = text;
	cache_fetch_failed(f, cache.fatal ? cache.fatal : text, &ready);
	pthread_mutex_unlock(&cache.lock);
	cache_answer(ready);
}

/* The number of bytes to request from the server now. */
static uint64_t bytes_left(const struct cache_fetch *f)
{
	uint64_t left;

	pthread_mutex_lock(&cache.lock);
	left = f->limit - f->pos;
	pthread_mutex_unlock(&cache.lock);
	return left;
}

/* Whether @f has all its bytes.  A long fetch that was interrupted there ends. */
static bool is_complete(struct cache_fetch *f)
{
	bool complete;

	pthread_mutex_lock(&cache.lock);
	complete = f->pos == f->end;
	if (complete && f->pos < f->limit)
		cache_end_long(f);
	pthread_mutex_unlock(&cache.lock);
	return complete;
}

/* The network works: forget earlier failures, and note how long @f took. */
static void note_success(const struct cache_fetch *f)
{
	pthread_mutex_lock(&cache.lock);
	cache.is_down = false;
	if (!f->is_long && f->end - f->start >= LARGE) {
		cache.wait_ns = f->first_ns - f->begun_ns;
		cache.transfer_ns = (now_ns() - f->first_ns) * CHUNK_BLOCKS * BLOCK /
				    (f->end - f->start);
	}
	pthread_mutex_unlock(&cache.lock);
}

/* An interrupted fetch continues after its last byte. */
static void run_fetch(void *mine, struct cache_fetch *f)
{
	unsigned int pause_ms = FIRST_PAUSE_MS;
	char text[CACHE_TEXT] = "", line[CACHE_TEXT + 64];
	enum fetch_result result;
	bool again;

	f->begun_ns = now_ns();
	for (;;) {
		uint64_t before = f->pos;

		result = cache.fatal ? FETCH_FATAL :
			 cache.o.fetch(cache.o.data, mine, f->pos, bytes_left(f), f, text);
		/* The server may have sent more bytes, which were dropped. */
		if (result != FETCH_FATAL && is_complete(f))
			break;
		if (result == FETCH_DONE)
			strcpy(text, "the server sent less data than requested");
		pthread_mutex_lock(&cache.lock);
		again = may_retry(f->pos > before, now_ns()) && !cache.fatal;
		pthread_mutex_unlock(&cache.lock);
		if (result == FETCH_FATAL || !again) {
			snprintf(line, sizeof(line), result == FETCH_FATAL ? "%s" :
				 "%s (tried for %u seconds)", text, cache.o.timeout_s);
			fail(f, line, result == FETCH_FATAL);
			return;
		}
		if (f->pos > before)
			pause_ms = FIRST_PAUSE_MS;
		usleep(pause_ms * 1000);
		pause_ms = 2 * pause_ms < LAST_PAUSE_MS ? 2 * pause_ms : LAST_PAUSE_MS;
	}
	note_success(f);
}

static void *fetcher(void *data)
{
	void *mine = NULL;

	(void)data;
	pthread_mutex_lock(&cache.lock);
	for (;;) {
		struct cache_fetch *f = wait_for_work();

		pthread_mutex_unlock(&cache.lock);
		if (!mine)
			mine = cache.o.begin(cache.o.data);
		if (mine)
			run_fetch(mine, f);
		else
			fail(f, "out of memory", false);
		pthread_mutex_lock(&cache.lock);
		cache.long_fetches -= f->is_long;
		free(f);
	}
	return NULL;
}

int cache_start_threads(char *text)
{
	pthread_condattr_t attr;
	pthread_t thread;
	int err = 0;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&cache.work, NULL);
	pthread_cond_init(&cache.room, &attr);
	pthread_condattr_destroy(&attr);
	for (unsigned int i = 0; i < cache.o.threads && !err; i++)
		err = pthread_create(&thread, NULL, fetcher, NULL);
	if (err)
		snprintf(text, CACHE_TEXT, "no threads: %s", strerror(err));
	return err;
}
