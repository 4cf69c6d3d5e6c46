// SPDX-License-Identifier: GPL-2.0
/*
 * unit-cache.c - cache of decompressed units, see unit-cache.h
 *
 * A few slots with LRU replacement and a limit on their bytes.  A few suffice, because the
 * kernel caches what it has read.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "unit-cache.h"

#define SLOTS		32u
#define MAX_BYTES	(8u << 20)

/* A decompressed unit. */
struct slot {
	const struct blockdev *from;	/* file with the packed bytes */
	uint64_t offset;		/* offset of the packed bytes, which identifies a unit */
	uint32_t len;			/* bytes of data */
	uint8_t *data;			/* owned; NULL: the slot is free, or pending */
	bool pending;			/* a thread unpacks the unit */
	uint64_t used;			/* value of the use counter at the last use */
};

struct unit_cache {
	pthread_mutex_t lock;		/* protects all members below */
	pthread_cond_t unpacked;	/* a slot is no longer pending */
	struct slot slots[SLOTS];
	uint64_t uses;			/* the use counter */
	size_t bytes;			/* sum of the lengths of all slots */
};

struct unit_cache *unit_cache_create(void)
{
	struct unit_cache *cache = calloc(1, sizeof(*cache));

	if (cache) {
		pthread_mutex_init(&cache->lock, NULL);
		pthread_cond_init(&cache->unpacked, NULL);
	}
	return cache;
}

void unit_cache_destroy(struct unit_cache *cache)
{
	if (!cache)
		return;
	for (unsigned int i = 0; i < SLOTS; i++)
		free(cache->slots[i].data);
	pthread_cond_destroy(&cache->unpacked);
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}

/* Lock held. */
static struct slot *find_slot(struct unit_cache *cache, const struct run *run)
{
	for (unsigned int i = 0; i < SLOTS; i++) {
		struct slot *s = &cache->slots[i];

		if ((s->data || s->pending) && s->from == run->from && s->offset == run->offset &&
		    s->len == run->unit_len) {
			s->used = ++cache->uses;
			return s;
		}
	}
	return NULL;
}

bool unit_cache_read(struct unit_cache *cache, const struct run *run, uint32_t skip, void *buf,
		     size_t len)
{
	struct slot *s;

	pthread_mutex_lock(&cache->lock);
	s = find_slot(cache, run);
	if (s && s->pending)
		s = NULL;
	if (s && len)
		memcpy(buf, s->data + skip, len);
	pthread_mutex_unlock(&cache->lock);
	return s != NULL;
}

/* Lock held. */
static void clear_slot(struct unit_cache *cache, struct slot *s)
{
	if (s->data)
		cache->bytes -= s->len;
	free(s->data);
	s->data = NULL;
	s->used = 0;
}

/* Lock held.  Free slots count as the oldest.  NULL: all are pending. */
static struct slot *oldest_slot(struct unit_cache *cache, bool in_use)
{
	struct slot *found = NULL;

	for (unsigned int i = 0; i < SLOTS; i++) {
		struct slot *s = &cache->slots[i];

		if (!s->pending && (s->data || !in_use) && (!found || s->used < found->used))
			found = s;
	}
	return found;
}

bool unit_cache_begin(struct unit_cache *cache, const struct run *run)
{
	struct slot *s;
	bool known;

	pthread_mutex_lock(&cache->lock);
	s = find_slot(cache, run);
	known = s;
	while (s && s->pending) {
		pthread_cond_wait(&cache->unpacked, &cache->lock);
		s = find_slot(cache, run);
	}
	if (!known)
		s = oldest_slot(cache, false);
	if (!known && s) {
		clear_slot(cache, s);
		*s = (struct slot){
			run->from, run->offset, run->unit_len, NULL, true, ++cache->uses,
		};
	}
	pthread_mutex_unlock(&cache->lock);
	return !known;
}

void unit_cache_end(struct unit_cache *cache, const struct run *run, uint8_t *data)
{
	struct slot *s;

	pthread_mutex_lock(&cache->lock);
	s = find_slot(cache, run);
	if (s && !s->pending)
		s = NULL;		/* there was no free slot, and another thread was faster */
	if (s && data && run->unit_len <= MAX_BYTES) {
		while (cache->bytes + run->unit_len > MAX_BYTES)
			clear_slot(cache, oldest_slot(cache, true));
		s->data = data;
		s->pending = false;
		cache->bytes += run->unit_len;
	} else {
		if (s)
			*s = (struct slot){ 0 };
		free(data);
	}
	pthread_cond_broadcast(&cache->unpacked);
	pthread_mutex_unlock(&cache->lock);
}

uint8_t *unit_unpack(const struct run *run, int *err)
{
	uint8_t *unit = malloc(run->unit_len);
	void *packed = malloc(run->packed_len);

	*err = unit && packed ? 0 : -ENOMEM;
	if (!*err)
		*err = blockdev_read_bytes(run->from, packed, run->packed_len, run->offset);
	if (!*err)
		*err = codec_unpack(run->codec, packed, run->packed_len, unit, run->unit_len);
	free(packed);
	if (*err) {
		free(unit);
		unit = NULL;
	}
	return unit;
}
