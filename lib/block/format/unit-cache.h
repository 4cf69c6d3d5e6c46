/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unit-cache.h - cache of decompressed units, for consecutive small reads
 */
#ifndef ANYFS_FORMAT_UNIT_CACHE_H
#define ANYFS_FORMAT_UNIT_CACHE_H

#include "mapped.h"

struct unit_cache *unit_cache_create(void);
void unit_cache_destroy(struct unit_cache *cache);

/* Copy @len bytes (may be 0) at @skip of @run's unit to @buf.  False: not cached.  Any thread. */
bool unit_cache_read(struct unit_cache *cache, const struct run *run, uint32_t skip, void *buf,
		     size_t len);
/*
 * Announce that the caller unpacks the unit of @run.  True: unit_cache_end() must follow.  False:
 * the unit is cached, or another thread was unpacking it and has ended.  Any thread that may wait.
 */
bool unit_cache_begin(struct unit_cache *cache, const struct run *run);
/* Add @data as @run's unit; the cache takes it over.  NULL: it cannot be unpacked. */
void unit_cache_end(struct unit_cache *cache, const struct run *run, uint8_t *data);

/* Decompress the unit of @run; the caller frees it.  NULL and an error on failure.  Any thread. */
uint8_t *unit_unpack(const struct run *run, int *err);

#endif /* ANYFS_FORMAT_UNIT_CACHE_H */
