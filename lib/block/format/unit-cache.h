/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unit-cache.h - units that were unpacked: small reads of one come in a row
 */
#ifndef ANYFS_FORMAT_UNIT_CACHE_H
#define ANYFS_FORMAT_UNIT_CACHE_H

#include "mapped.h"

struct unit_cache *unit_cache_create(void);
void unit_cache_destroy(struct unit_cache *cache);

/* Copy @len bytes at @skip of @run's unit to @buf.  False: it is not cached.  Any thread. */
bool unit_cache_read(struct unit_cache *cache, const struct run *run, uint32_t skip, void *buf,
		     size_t len);
/* Keep @data, which is the cache's then, as @run's unit.  Any thread. */
void unit_cache_add(struct unit_cache *cache, const struct run *run, uint8_t *data);

#endif /* ANYFS_FORMAT_UNIT_CACHE_H */
