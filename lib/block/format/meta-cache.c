// SPDX-License-Identifier: GPL-2.0
/*
 * meta-cache.c - a cache of parts of an image's tables, with LRU replacement
 *
 * Tables are cached in chunks of the image file, independent of the size of a table, so
 * that neither a table of 2 MiB nor one that claims 1 TB exceeds the memory limit.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "mapped.h"

#define CHUNK		(16u << 10)
#define MAX_CHUNKS	1024u		/* 16 MiB */
#define MIN_CHUNKS	8u
#define BUCKETS		256u

/* CHUNK bytes of a file. */
struct chunk {
	struct chunk *next;		/* next chunk of the bucket */
	struct chunk *newer, *older;	/* list by last use */
	struct blockdev *file;		/* borrowed */
	uint64_t nr;			/* offset of the chunk in the file / CHUNK */
	uint32_t len;			/* bytes; less than CHUNK at the file's end */
	uint8_t data[CHUNK];
};

struct meta_cache {
	pthread_mutex_t lock;		/* protects all members below */
	struct chunk *buckets[BUCKETS];
	struct chunk *newest, *oldest;
	unsigned int count, max;	/* chunks that exist, and their limit */
};

struct meta_cache *meta_cache_create(void)
{
	struct meta_cache *cache = calloc(1, sizeof(*cache));

	if (cache) {
		cache->max = MAX_CHUNKS;
		pthread_mutex_init(&cache->lock, NULL);
	}
	return cache;
}

void meta_cache_limit(struct meta_cache *cache, unsigned int share)
{
	cache->max = MAX_CHUNKS / share > MIN_CHUNKS ? MAX_CHUNKS / share : MIN_CHUNKS;
}

void meta_cache_destroy(struct meta_cache *cache)
{
	if (!cache)
		return;
	while (cache->oldest) {
		struct chunk *c = cache->oldest;

		cache->oldest = c->newer;
		free(c);
	}
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}

/* Lock held. */
static void unlink_use(struct meta_cache *cache, struct chunk *c)
{
	if (c->newer)
		c->newer->older = c->older;
	else
		cache->newest = c->older;
	if (c->older)
		c->older->newer = c->newer;
	else
		cache->oldest = c->newer;
}

/* Lock held. */
static void link_newest(struct meta_cache *cache, struct chunk *c)
{
	c->newer = NULL;
	c->older = cache->newest;
	if (cache->newest)
		cache->newest->newer = c;
	else
		cache->oldest = c;
	cache->newest = c;
}

/* Lock held. */
static struct chunk *find_chunk(struct meta_cache *cache, const struct blockdev *file, uint64_t nr)
{
	struct chunk *c = cache->buckets[nr % BUCKETS];

	while (c && (c->nr != nr || c->file != file))
		c = c->next;
	if (c && c != cache->newest) {
		unlink_use(cache, c);
		link_newest(cache, c);
	}
	return c;
}

/* Lock held. */
static void drop_oldest(struct meta_cache *cache)
{
	struct chunk *c = cache->oldest, **pos = &cache->buckets[c->nr % BUCKETS];

	while (*pos != c)
		pos = &(*pos)->next;
	*pos = c->next;
	unlink_use(cache, c);
	cache->count--;
	free(c);
}

/* Lock held.  Another thread may have inserted the chunk first. */
static void insert_chunk(struct meta_cache *cache, struct chunk *c)
{
	if (find_chunk(cache, c->file, c->nr)) {
		free(c);
		return;
	}
	c->next = cache->buckets[c->nr % BUCKETS];
	cache->buckets[c->nr % BUCKETS] = c;
	link_newest(cache, c);
	if (++cache->count > cache->max)
		drop_oldest(cache);
}

static int load_chunk(struct mapped *m, struct blockdev *file, uint64_t nr)
{
	uint64_t size = format_file_size(file);
	struct chunk *c;
	int err;

	if (nr * CHUNK >= size)
		return -EIO;
	c = malloc(sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->file = file;
	c->nr = nr;
	c->len = size - nr * CHUNK < CHUNK ? size - nr * CHUNK : CHUNK;
	err = blockdev_read_bytes(file, c->data, c->len, nr * CHUNK);
	if (err) {
		free(c);
		return err;
	}
	pthread_mutex_lock(&m->meta->lock);
	insert_chunk(m->meta, c);
	pthread_mutex_unlock(&m->meta->lock);
	return 0;
}

/* Copy from one chunk.  -EAGAIN: not cached. */
static int copy_out(struct meta_cache *cache, const struct blockdev *file, uint64_t offset,
		    void *buf, size_t len)
{
	uint32_t at = offset % CHUNK;
	struct chunk *c;
	int err = -EAGAIN;

	pthread_mutex_lock(&cache->lock);
	c = find_chunk(cache, file, offset / CHUNK);
	if (c && (at >= c->len || len > c->len - at)) {
		err = -EIO;
	} else if (c) {
		memcpy(buf, c->data + at, len);
		err = 0;
	}
	pthread_mutex_unlock(&cache->lock);
	return err;
}

int meta_read_from(struct mapped *m, struct blockdev *file, uint64_t offset, void *buf,
		   size_t len, bool may_wait)
{
	char *dst = buf;

	while (len) {
		size_t step = CHUNK - offset % CHUNK < len ? CHUNK - offset % CHUNK : len;
		int err = copy_out(m->meta, file, offset, dst, step);

		if (err == -EAGAIN && may_wait)
			err = load_chunk(m, file, offset / CHUNK);
		else if (!err) {
			dst += step;
			offset += step;
			len -= step;
		}
		if (err)
			return err;
	}
	return 0;
}

int meta_read(struct mapped *m, uint64_t offset, void *buf, size_t len, bool may_wait)
{
	return meta_read_from(m, m->lower, offset, buf, len, may_wait);
}
