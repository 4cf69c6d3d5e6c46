// SPDX-License-Identifier: GPL-2.0
/*
 * cache-ahead.c - recognise sequential reads, and fetch the blocks after them
 *
 * Usually several chunks are fetched at the same time, each with a request of its own.  If the
 * server takes much longer to answer than to send a chunk, a single long fetch is faster: it
 * requests everything up to the next blocks that the cache has, gets places for blocks while
 * the reader advances, and waits while it has none.  It ends if the reader goes elsewhere or
 * pauses.
 *
 * Blocks that the cache has already, and gaps that the reader skips, are received and ignored if
 * that takes less time than the answer to another request.
 */
#include <stdlib.h>
#include "cache-internal.h"

#define FIRST_WINDOW	8u		/* blocks */
#define WINDOW_FACTOR	4u
#define BEHIND		32u		/* blocks between reads that are out of order */
#define LONG_AFTER	32u		/* blocks of a stream before its long fetch */
#define LONG_FACTOR	2u		/* waiting must take so many times as long as transfer */
#define MOST_GAP	512u		/* blocks that a long fetch ignores: 32 MiB */
#define MOST_RUNS	16u		/* such runs of blocks that are looked for ahead */

/* Whether a read at block @first continues @st.  Reads of long streams arrive out of order. */
static bool continues(const struct stream *st, uint64_t first)
{
	if (!st->used)
		return false;
	if (first + 1 >= st->next && first <= st->next + ROUND_UP)
		return true;
	return st->length >= LONG_AFTER && first + BEHIND >= st->next && first < st->ahead;
}

/* The longest stream that a read at block @first continues, or a new one. */
static struct stream *find_stream(uint64_t first)
{
	struct stream *oldest = &cache.streams[0], *longest = NULL;

	for (unsigned int i = 0; i < STREAMS; i++) {
		struct stream *st = &cache.streams[i];

		if (continues(st, first) && (!longest || st->length > longest->length))
			longest = st;
		if (st->used < oldest->used)
			oldest = st;
	}
	if (longest)
		return longest;
	if (oldest->fetch)
		cache_end_long(oldest->fetch);
	*oldest = (struct stream){ .next = first, .ahead = first };
	return oldest;
}

void cache_end_long(struct cache_fetch *f)
{
	f->limit = f->end;
	for (unsigned int i = 0; i < STREAMS; i++)
		if (cache.streams[i].fetch == f)
			cache.streams[i].fetch = NULL;
	pthread_cond_broadcast(&cache.room);
}

/* End the long fetch whose reader has been idle for longest. */
static void end_oldest_long(void)
{
	struct stream *oldest = NULL;

	for (unsigned int i = 0; i < STREAMS; i++) {
		struct stream *st = &cache.streams[i];

		if (st->fetch && (!oldest || st->used < oldest->used))
			oldest = st;
	}
	if (oldest)
		cache_end_long(oldest->fetch);
}

/* Whether @st is to be read with a long fetch; only some can be under way. */
static bool may_begin_long(const struct stream *st)
{
	if (!cache.o.long_fetches || st->length < LONG_AFTER ||
	    cache.wait_ns <= LONG_FACTOR * cache.transfer_ns)
		return false;
	if (cache.long_fetches < cache.o.long_fetches)
		return true;
	end_oldest_long();
	return false;
}

/* Give places to the long fetch of @st, up to block @end. */
static void extend(struct stream *st, uint64_t end)
{
	struct cache_fetch *f = st->fetch;

	while (st->ahead < end && f->end < f->limit &&
	       (cache_look_up(st->ahead) || cache_take_place(st->ahead, f)))
		f->end += block_len(st->ahead++);
	if (f->end == f->limit)
		cache_end_long(f);
	else
		pthread_cond_broadcast(&cache.room);
}

/* The number of blocks that arrive while the server prepares another answer. */
static uint64_t blocks_in_wait(void)
{
	uint64_t nr = cache.transfer_ns ? cache.wait_ns * CHUNK_BLOCKS / cache.transfer_ns : 0;

	return nr < MOST_GAP ? nr : MOST_GAP;
}

/* The first block from @nr on that the cache has. */
static uint64_t find_present(uint64_t nr)
{
	uint64_t end = nr_blocks();

	for (unsigned int i = 0; i < cache.nr; i++) {
		const struct block *b = &cache.blocks[i];

		if (b->state != BLOCK_ABSENT && b->nr >= nr && b->nr < end)
			end = b->nr;
	}
	return end;
}

/* The first byte from block @nr on that a long fetch need not fetch. */
static uint64_t find_limit(uint64_t nr)
{
	uint64_t most = blocks_in_wait(), end;

	for (unsigned int i = 0; i < MOST_RUNS; i++) {
		nr = end = find_present(nr);
		while (nr < nr_blocks() && nr - end <= most && cache_find(nr))
			nr++;
		if (end == nr_blocks())
			return cache.s->size;
		if (nr - end > most)
			break;
	}
	return end * BLOCK;
}

static void begin_long(struct stream *st, uint64_t end)
{
	struct cache_fetch *f;

	while (st->ahead < end && cache_look_up(st->ahead))
		st->ahead++;
	f = cache_new_fetch(st->ahead, false);
	f->limit = find_limit(st->ahead);
	st->fetch = f;
	extend(st, end);
	if (f->start == f->end) {
		st->fetch = NULL;
		free(f);
		return;
	}
	f->is_long = true;
	cache.long_fetches++;
	cache_queue(f);
}

/* Read ahead in whole chunks, because each chunk is a request to the server. */
static void fetch_chunks(struct stream *st, uint64_t end)
{
	unsigned int chunk = st->window / 4;

	chunk = chunk < ROUND_UP ? ROUND_UP : chunk > FETCH_BLOCKS ? FETCH_BLOCKS : chunk;
	while (st->ahead + chunk <= end && st->ahead < nr_blocks()) {
		uint64_t chunk_end = st->ahead + chunk;

		if (cache_fetch_range(st->ahead, chunk_end, chunk, false) < chunk_end)
			break;
		st->ahead = chunk_end;
	}
}

/* The number of blocks to read ahead: WINDOW_FACTOR times what the reader has read. */
static unsigned int window_of(const struct stream *st)
{
	uint64_t window = WINDOW_FACTOR * st->length, most = cache.nr / 4;

	if (window < FIRST_WINDOW)
		window = FIRST_WINDOW;
	return window < most ? window : most;
}

/* The reader of @st has read the blocks from @first to @next. */
static void advance(struct stream *st, uint64_t first, uint64_t next)
{
	st->length += next - (first > st->next ? first : st->next);
	st->next = next;
	if (st->ahead >= next)
		return;
	if (st->fetch)
		cache_end_long(st->fetch);
	st->ahead = next;
}

void cache_skip_gap(const struct command *c)
{
	uint64_t first = c->offset / BLOCK, next = (c->offset + c->len) / BLOCK;

	for (unsigned int i = 0; i < STREAMS; i++) {
		struct stream *st = &cache.streams[i];

		if (!st->fetch || c->len <= BLOCK || next * BLOCK > st->fetch->limit ||
		    first <= st->ahead || first - st->ahead > blocks_in_wait())
			continue;
		/* Reads may arrive out of order. */
		if (first - st->ahead > BEHIND)
			st->ahead = first - BEHIND;
		st->fetch->end = st->ahead * BLOCK;
		st->next = first;
		extend(st, next + st->window);
		return;
	}
}

void cache_read_ahead(const struct command *c)
{
	uint64_t first = c->offset / BLOCK, next = (c->offset + c->len) / BLOCK;
	struct stream *st = find_stream(first);
	uint64_t end;
	bool is_first;

	st->used = ++cache.clock;
	if (next <= st->next)
		return;
	is_first = !st->length;
	advance(st, first, next);
	if (is_first)
		return;
	st->window = window_of(st);
	end = next + st->window < nr_blocks() ? next + st->window : nr_blocks();
	if (st->fetch)
		extend(st, end);
	else if (may_begin_long(st))
		begin_long(st, end);
	else
		fetch_chunks(st, next + st->window);
}
