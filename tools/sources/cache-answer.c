// SPDX-License-Identifier: GPL-2.0
/*
 * cache-answer.c - answer the parts of reads whose blocks have arrived
 *
 * The library gets the places of the blocks in the shared memory.  They stay pinned until it has
 * copied the data.  Data of a cache in a file are sent instead.
 */
#include <errno.h>
#include <stdlib.h>
#include "cache-internal.h"

_Static_assert(PART_BLOCKS <= NBD_MEMORY_RANGES, "a chunk has room for all blocks of a part");

/* Send the data of @p, or the places of its blocks: then @p may be freed at any time. */
static void send_part(const struct part *p)
{
	struct iovec iov[PART_BLOCKS];
	uint32_t skip = p->offset % BLOCK, left = p->len;

	for (unsigned int i = 0; i < p->nr; i++) {
		uint32_t n = BLOCK - skip < left ? BLOCK - skip : left;

		iov[i] = (struct iovec){ block_data(p->blocks[i]) + skip, n };
		left -= n;
		skip = 0;
	}
	if (cache.s->memory)
		serve_memory(cache.s, p->request->c, p->token, p->offset, iov, p->nr);
	else
		serve_data(cache.s, p->request->c, p->offset, iov, p->nr);
}

static void end_request(struct request *r)
{
	if (r->error)
		serve_fail(cache.s, r->c, EIO, r->error);
	else
		serve_end(cache.s, r->c);
	free(r);
}

static void lend(struct part *p)
{
	pthread_mutex_lock(&cache.lock);
	p->token = ++cache.tokens;
	p->next = cache.lent;
	cache.lent = p;
	pthread_mutex_unlock(&cache.lock);
}

void cache_release(uint64_t token)
{
	struct part **pos = &cache.lent, *p, *ready = NULL;

	pthread_mutex_lock(&cache.lock);
	while ((p = *pos) && p->token != token)
		pos = &p->next;
	if (p) {
		*pos = p->next;
		cache_unpin(p);
		cache_pump(&ready);
	}
	pthread_mutex_unlock(&cache.lock);
	free(p);
	cache_answer(ready);
}

/* Answer @p.  Parts that got their places by that are added to *@more. */
static void answer_part(struct part *p, struct part **more)
{
	struct request *r = p->request;
	const char *error = p->error;
	bool is_lent = !error && cache.s->memory, last;

	if (is_lent)
		lend(p);
	if (!error)
		send_part(p);
	pthread_mutex_lock(&cache.lock);
	if (error)
		r->error = error;
	if (!is_lent) {
		cache_unpin(p);
		cache_pump(more);
	}
	last = !--r->parts && r->begun == r->c->len;
	pthread_mutex_unlock(&cache.lock);
	if (!is_lent)
		free(p);
	if (last)
		end_request(r);
}

void cache_answer(struct part *ready)
{
	while (ready) {
		struct part *p = ready, *more = NULL;

		ready = p->next;
		answer_part(p, &more);
		while (more) {
			p = more;
			more = p->next;
			p->next = ready;
			ready = p;
		}
	}
}
