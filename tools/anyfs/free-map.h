/* SPDX-License-Identifier: GPL-2.0 */
/*
 * free-map.h - the ranges that a file system does not use, from its own map
 */
#ifndef ANYFS_FREE_MAP_H
#define ANYFS_FREE_MAP_H

#include "tool.h"

struct free_map {
	struct anyfs_range *ranges;	/* sorted, offsets on the partition or volume */
	size_t nr;
	uint64_t size;			/* of the file system, or of its partition */
};

/*
 * Read the map of the file system @fs, whose root has the path @root.  On failure prints a
 * message and returns false.
 */
bool free_map_read(struct tool *t, struct anyfs_node *fs, const char *root, struct free_map *map);
void free_map_free(struct free_map *map);

/* Append a range; those that touch become one.  The caller adds them in order. */
void free_map_add(struct tool *t, struct free_map *map, uint64_t offset, uint64_t len);

/* free-map-f2fs.c: 0 or -errno; only this file system may be mounted. */
long free_map_f2fs(struct tool *t, struct anyfs_node *fs, struct free_map *map);

#endif /* ANYFS_FREE_MAP_H */
