/* SPDX-License-Identifier: GPL-2.0 */
/*
 * overlay-map.h - bitmap of the blocks that an overlay holds
 *
 * Bits are set and never cleared.  Any thread may read and set bits at any time.
 * Setting a bit is a release and reading it an acquire operation: a thread that sees
 * the bit also sees the data that were written before it was set.
 */
#ifndef ANYFS_BLOCK_OVERLAY_MAP_H
#define ANYFS_BLOCK_OVERLAY_MAP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OVERLAY_MAP_PAGE	4096u	/* bytes of the map that are stored as one */

struct overlay_map {
	_Atomic uint64_t *words;	/* mapped; pages are allocated on first access */
	uint64_t blocks;
	uint64_t pages;
	_Atomic uint64_t *changed;	/* one bit per page: changed since it was last taken */
	_Atomic bool used;		/* at least one bit is set */
	_Atomic bool dirty;		/* a page may have changed */
};

/* Bytes of the map of @blocks blocks: whole pages. */
uint64_t overlay_map_bytes(uint64_t blocks);

/* Make @map a map of @blocks blocks with no bit set.  0 or -ENOMEM. */
int overlay_map_init(struct overlay_map *map, uint64_t blocks);
void overlay_map_free(struct overlay_map *map);

/*
 * Set *@set to the bit of block @first.  Returns how many of the @nr blocks from
 * @first on have the same value, without a gap.
 */
uint64_t overlay_map_run(const struct overlay_map *map, uint64_t first, uint64_t nr, bool *set);

void overlay_map_set(struct overlay_map *map, uint64_t first, uint64_t nr);

/* Set the map from @len bytes at byte @offset of the stored map, both multiples of 8. */
void overlay_map_load(struct overlay_map *map, uint64_t offset, const void *data, size_t len);

/*
 * Find the next changed page, starting at *@page.  Store its number in *@page and
 * its content, in the format of the file, in @data, and mark it unchanged.  False:
 * no page from *@page on has changed.
 */
bool overlay_map_take(struct overlay_map *map, uint64_t *page, void *data);

#endif /* ANYFS_BLOCK_OVERLAY_MAP_H */
