/* SPDX-License-Identifier: GPL-2.0 */
/*
 * overlay-map.h - which blocks of a disk an overlay holds: one bit a block
 *
 * Bits are only ever set.  Any thread may ask and set at any time; what was
 * stored before a bit was set is seen by who sees the bit.
 */
#ifndef ANYFS_BLOCK_OVERLAY_MAP_H
#define ANYFS_BLOCK_OVERLAY_MAP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OVERLAY_MAP_PAGE	4096u	/* bytes of the map that are stored as one */

struct overlay_map {
	_Atomic uint64_t *words;	/* memory that nobody has touched costs nothing */
	uint64_t blocks;
	uint64_t pages;
	_Atomic uint64_t *changed;	/* a bit a page: set since it was taken last */
	_Atomic bool used;		/* a bit was ever set */
	_Atomic bool dirty;		/* a page may have changed */
};

/* Bytes of the map of @blocks blocks: whole pages. */
uint64_t overlay_map_bytes(uint64_t blocks);

/* A map with no bit set.  0 or -ENOMEM. */
int overlay_map_init(struct overlay_map *map, uint64_t blocks);
void overlay_map_free(struct overlay_map *map);

/* Whether block @first is in the map, and for how many of the @nr from there this holds. */
uint64_t overlay_map_run(const struct overlay_map *map, uint64_t first, uint64_t nr, bool *set);

void overlay_map_set(struct overlay_map *map, uint64_t first, uint64_t nr);

/* Fill in @len bytes at byte @offset of the stored map, both multiples of 8. */
void overlay_map_load(struct overlay_map *map, uint64_t offset, const void *data, size_t len);

/*
 * Take a page that has changed: a copy as it is stored goes to @data, and it
 * counts as unchanged.  *@page is where to look from and what was found.
 * False: there is none at or behind *@page.
 */
bool overlay_map_take(struct overlay_map *map, uint64_t *page, void *data);

#endif /* ANYFS_BLOCK_OVERLAY_MAP_H */
