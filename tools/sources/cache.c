// SPDX-License-Identifier: GPL-2.0
/*
 * cache.c - blocks of an image, and the reads that wait for them
 *
 * A read is cut into parts of at most 1 MiB.  A part takes all places that it needs at once,
 * or waits in the backlog, so that parts never wait for each other's places.  Places without
 * users are reused, the least recently used first.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cache-internal.h"

#define LEAST_PLACES	(NBD_MEMORY_LEAST / BLOCK)

struct cache cache;

/* ---- places ---------------------------------------------------------------------- */

static struct block **find_bucket(uint64_t nr)
{
	return &cache.buckets[(nr * 0x9e3779b97f4a7c15ull >> 32) & cache.mask];
}

struct block *cache_find(uint64_t nr)
{
	struct block *b = *find_bucket(nr);

	while (b && b->nr != nr)
		b = b->hash_next;
	return b;
}

static void hash_add(struct block *b)
{
	struct block **pos = find_bucket(b->nr);

	b->hash_next = *pos;
	*pos = b;
}

static void hash_remove(struct block *b)
{
	struct block **pos = find_bucket(b->nr);

	while (*pos != b)
		pos = &(*pos)->hash_next;
	*pos = b->hash_next;
}

static void unlink_block(struct block *b)
{
	*(b->newer ? &b->newer->older : &cache.newest) = b->older;
	*(b->older ? &b->older->newer : &cache.oldest) = b->newer;
}

static void make_newest(struct block *b)
{
	unlink_block(b);
	b->newer = NULL;
	b->older = cache.newest;
	*(cache.newest ? &cache.newest->newer : &cache.oldest) = b;
	cache.newest = b;
}

static void drop(struct block *b)
{
	hash_remove(b);
	b->state = BLOCK_ABSENT;
	b->fetch = NULL;
}

struct block *cache_take_place(uint64_t nr, const struct cache_fetch *f)
{
	struct block *b = cache.oldest;

	for (; b; b = b->newer) {
		if (b->pins || b->lost)
			continue;
		if (b->state == BLOCK_READY) {
			drop(b);
			cache_store_forget(b);
		}
		if (cache_store_reserve(b))
			break;
		b->lost = true;
		cache.lost++;
	}
	if (!b)
		return NULL;
	b->nr = nr;
	b->state = BLOCK_FETCHING;
	b->fetch = f;
	b->pins = 1;
	b->check = false;
	hash_add(b);
	make_newest(b);
	return b;
}

struct block *cache_look_up(uint64_t nr)
{
	struct block *b = cache_find(nr);

	if (b && b->state == BLOCK_READY && b->check) {
		b->check = false;
		if (!b->pins && !cache_store_check(b)) {
			drop(b);
			cache_store_forget(b);
			return NULL;
		}
	}
	return b;
}

/* ---- fetches ---------------------------------------------------------------------- */

struct cache_fetch *cache_new_fetch(uint64_t nr, bool urgent)
{
	struct cache_fetch *f = calloc(1, sizeof(*f));

	if (!f)
		_exit(1);		/* the library will report that this process has ended */
	f->start = f->pos = f->end = nr * BLOCK;
	f->urgent = urgent;
	return f;
}

static unsigned int nr_of(const struct cache_fetch *f)
{
	return (f->end - f->start + BLOCK - 1) / BLOCK;
}

uint64_t cache_fetch_range(uint64_t nr, uint64_t end, unsigned int most, bool urgent)
{
	struct cache_fetch *f = NULL;
	struct block *b;

	if (end > nr_blocks())
		end = nr_blocks();
	for (; nr < end; nr++) {
		if (cache_look_up(nr)) {
			if (f)
				cache_queue(f);
			f = NULL;
			continue;
		}
		if (!f)
			f = cache_new_fetch(nr, urgent);
		b = cache_take_place(nr, f);
		if (!b)
			break;
		f->end += block_len(b->nr);
		if (nr_of(f) == most) {
			cache_queue(f);
			f = NULL;
		}
	}
	if (f && nr_of(f))
		cache_queue(f);
	else
		free(f);
	return nr;
}

/* ---- parts ------------------------------------------------------------------------ */

void cache_unpin(struct part *p)
{
	for (unsigned int i = 0; i < p->nr; i++)
		p->blocks[i]->pins--;
}

/* Fetch the blocks of @p that got a place in take_places(). */
static void fetch_places(struct part *p, const bool *is_new)
{
	struct cache_fetch *f = NULL;
	uint64_t last = 0;

	for (unsigned int i = 0; i < p->nr; i++) {
		struct block *b = p->blocks[i];

		if (!is_new[i]) {
			if (f)
				cache_queue(f);
			f = NULL;
			continue;
		}
		if (!f)
			f = cache_new_fetch(b->nr, true);
		b->fetch = f;
		b->pins++;
		f->end += block_len(b->nr);
		last = b->nr;
	}
	if (!f)
		return;
	/* A slightly larger request takes hardly any more time. */
	while (nr_of(f) < FETCH_BLOCKS && ++last % ROUND_UP && last < nr_blocks() &&
	       !cache_look_up(last)) {
		struct block *b = cache_take_place(last, f);

		if (!b)
			break;
		f->end += block_len(b->nr);
	}
	cache_queue(f);
}

/* Get pinned places for all blocks of @p; false if there are not enough now. */
static bool take_places(struct part *p, bool *is_new)
{
	uint64_t nr = p->offset / BLOCK, end = (p->offset + p->len + BLOCK - 1) / BLOCK;

	for (; nr < end; nr++) {
		struct block *b = cache_look_up(nr);

		is_new[p->nr] = !b;
		if (b) {
			b->pins++;
			make_newest(b);
			if (b->state == BLOCK_FETCHING)
				cache_make_urgent(b);
		} else {
			b = cache_take_place(nr, NULL);	/* fetch_places() makes the fetch */
		}
		if (!b) {
			for (unsigned int i = 0; i < p->nr; i++)
				if (is_new[i])
					drop(p->blocks[i]);
			cache_unpin(p);
			/* If the part fails now, cache_answer() must not unpin them again. */
			p->nr = p->missing = 0;
			return false;
		}
		p->missing += b->state != BLOCK_READY;
		p->blocks[p->nr++] = b;
	}
	return true;
}

/* Begin the next part of @r; false if it has to wait.  A complete part is added to *@ready. */
static bool begin_part(struct request *r, struct part **ready)
{
	struct part *p = calloc(1, sizeof(*p));
	uint64_t offset = r->c->offset + r->begun;
	uint32_t left = r->c->len - r->begun;
	uint32_t most = (PART_BLOCKS - 1) * BLOCK - offset % BLOCK;
	bool is_new[PART_BLOCKS];

	if (!p)
		_exit(1);
	p->request = r;
	p->offset = offset;
	p->len = left < most ? left : most;
	if (cache.fatal) {
		p->error = cache.fatal;
	} else if (take_places(p, is_new)) {
		fetch_places(p, is_new);
	} else if (cache.lost + 2 * PART_BLOCKS > cache.nr) {
		p->error = "there is no room for the cache file";
	} else {
		free(p);
		return false;
	}
	r->begun += p->len;
	r->parts++;
	if (p->missing && !p->error) {
		p->next = cache.waiting;
		cache.waiting = p;
	} else {
		p->next = *ready;
		*ready = p;
	}
	return true;
}

void cache_pump(struct part **ready)
{
	while (cache.backlog) {
		struct request *r = cache.backlog;

		while (r->begun < r->c->len)
			if (!begin_part(r, ready))
				return;
		cache.backlog = r->next;
		if (!r->next)
			cache.backlog_tail = &cache.backlog;
	}
}

void cache_block_ready(struct block *b, struct part **ready)
{
	struct part **pos = &cache.waiting, *p;

	b->state = BLOCK_READY;
	b->fetch = NULL;
	b->pins--;
	while ((p = *pos)) {
		uint64_t index = b->nr - p->offset / BLOCK;

		if (index < p->nr && p->blocks[index] == b && !--p->missing) {
			*pos = p->next;
			p->next = *ready;
			*ready = p;
		} else {
			pos = &p->next;
		}
	}
}

static bool part_has_block(const struct part *p, const struct block *b)
{
	for (unsigned int i = 0; i < p->nr; i++)
		if (p->blocks[i] == b)
			return true;
	return false;
}

void cache_fetch_failed(struct cache_fetch *f, const char *text, struct part **ready)
{
	cache_end_long(f);
	for (uint64_t nr = f->pos / BLOCK; f->pos < f->end && nr * BLOCK < f->end; nr++) {
		struct block *b = cache_find(nr);
		struct part **pos = &cache.waiting, *p;

		if (!b || b->fetch != f)
			continue;
		while ((p = *pos)) {
			if (!part_has_block(p, b)) {
				pos = &p->next;
				continue;
			}
			p->error = text;
			*pos = p->next;
			p->next = *ready;
			*ready = p;
		}
		drop(b);
		b->pins--;
	}
}

/* ---- the interface ------------------------------------------------------------------ */

static void add_stored(unsigned int place, uint64_t nr)
{
	struct block *b = &cache.blocks[place];

	if (nr >= nr_blocks() || cache_find(nr))
		return;
	b->nr = nr;
	b->state = BLOCK_READY;
	b->check = true;
	hash_add(b);
	make_newest(b);			/* free places are taken first */
}

int cache_create(struct serve *s, const struct cache_options *o, char *text)
{
	uint64_t limit = !o->file ? cache_store_memory() : o->limit ? o->limit : 1ull << 30, places;
	int err;

	cache.s = s;
	cache.o = *o;
	places = limit / BLOCK < nr_blocks() ? limit / BLOCK : nr_blocks();
	cache.nr = places < LEAST_PLACES ? LEAST_PLACES : places > 1u << 26 ? 1u << 26 : places;
	for (cache.mask = 1; cache.mask < cache.nr; cache.mask *= 2)
		;
	cache.buckets = calloc(cache.mask--, sizeof(*cache.buckets));
	cache.blocks = calloc(cache.nr, sizeof(*cache.blocks));
	cache.backlog_tail = &cache.backlog;
	cache.urgent.tail = &cache.urgent.head;
	cache.ahead.tail = &cache.ahead.head;
	pthread_mutex_init(&cache.lock, NULL);
	if (!cache.buckets || !cache.blocks) {
		strcpy(text, "out of memory");
		return ENOMEM;
	}
	err = cache_store_open(text);
	if (err)
		return err;
	for (unsigned int i = 0; i < cache.nr; i++) {
		struct block *b = &cache.blocks[i];

		b->older = cache.newest;
		*(cache.newest ? &cache.newest->newer : &cache.oldest) = b;
		cache.newest = b;
	}
	cache_store_load(add_stored);
	return cache_start_threads(text);
}

void cache_put(uint64_t offset, const void *data, size_t len)
{
	pthread_mutex_lock(&cache.lock);
	for (uint64_t nr = offset / BLOCK; len && !(offset % BLOCK); nr++) {
		uint32_t n = block_len(nr);
		struct block *b;

		if (n > len || cache_find(nr) || !(b = cache_take_place(nr, NULL)))
			break;
		memcpy(block_data(b), data, n);
		b->state = BLOCK_READY;
		b->pins = 0;
		cache_store_keep(b);
		data = (const char *)data + n;
		len -= n;
	}
	pthread_mutex_unlock(&cache.lock);
}

static void serve_read(struct command *c)
{
	struct request *r = calloc(1, sizeof(*r));
	struct part *ready = NULL;

	if (!r) {
		serve_fail(cache.s, c, ENOMEM, "out of memory");
		return;
	}
	if (c->type == NBD_CMD_CACHE || !c->len) {
		pthread_mutex_lock(&cache.lock);
		if (!cache.fatal)
			cache_fetch_range(c->offset / BLOCK,
					  (c->offset + c->len + BLOCK - 1) / BLOCK,
					  PART_BLOCKS, true);
		pthread_mutex_unlock(&cache.lock);
		serve_end(cache.s, c);
		free(r);
		return;
	}
	r->c = c;
	pthread_mutex_lock(&cache.lock);
	cache_skip_gap(c);
	*cache.backlog_tail = r;
	cache.backlog_tail = &r->next;
	cache_pump(&ready);
	if (!cache.fatal)
		cache_read_ahead(c);
	pthread_mutex_unlock(&cache.lock);
	cache_answer(ready);
}

void cache_run(void)
{
	for (;;) {
		struct command *c = serve_next(cache.s);

		if (c->type == NBD_CMD_READ || c->type == NBD_CMD_CACHE) {
			serve_read(c);
		} else if (c->type == NBD_CMD_RELEASE) {
			cache_release(c->offset);
			serve_drop(c);
		} else {
			serve_fail(cache.s, c, EPERM, "the image can only be read");
		}
	}
}
