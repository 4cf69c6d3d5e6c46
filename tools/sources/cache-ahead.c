// SPDX-License-Identifier: GPL-2.0
/*
 * cache-ahead.c - recognise sequential reads, and fetch the blocks after them
 */
#include "cache-internal.h"

#define FIRST_WINDOW	8u		/* blocks */

static struct stream *find_stream(uint64_t first)
{
	struct stream *oldest = &cache.streams[0];

	for (unsigned int i = 0; i < STREAMS; i++) {
		struct stream *st = &cache.streams[i];

		if (st->used && first + 1 >= st->next && first <= st->next + ROUND_UP)
			return st;
		if (st->used < oldest->used)
			oldest = st;
	}
	*oldest = (struct stream){ .next = UINT64_MAX };
	return oldest;
}

void cache_read_ahead(const struct command *c)
{
	uint64_t first = c->offset / BLOCK, next = (c->offset + c->len) / BLOCK;
	struct stream *st = find_stream(first);
	unsigned int most = cache.nr / 4, chunk;

	st->used = ++cache.clock;
	if (st->next == UINT64_MAX) {
		st->next = st->ahead = next;
		return;
	}
	if (next <= st->next)
		return;
	st->window = st->window ? 2 * st->window : FIRST_WINDOW;
	if (st->window > most)
		st->window = most;
	chunk = st->window / 4;
	chunk = chunk < ROUND_UP ? ROUND_UP : chunk > FETCH_BLOCKS ? FETCH_BLOCKS : chunk;
	st->next = next;
	if (st->ahead < next)
		st->ahead = next;
	/* Read ahead in whole chunks, because each chunk is a request to the server. */
	while (st->ahead + chunk <= next + st->window && st->ahead < nr_blocks()) {
		uint64_t end = st->ahead + chunk;

		if (cache_fetch_range(st->ahead, end, chunk, false) < end)
			break;
		st->ahead = end;
	}
}
