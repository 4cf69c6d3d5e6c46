/* SPDX-License-Identifier: GPL-2.0 */
/*
 * find-start.h - find the range that holds an offset
 */
#ifndef ANYFS_FORMAT_FIND_START_H
#define ANYFS_FORMAT_FIND_START_H

#include <stddef.h>
#include <stdint.h>

/*
 * Search an array of @nr structures that describe ranges, sorted by their start offset.
 * Returns the index of the last range that starts at or before @at.  @first points to the
 * start offset in the first structure, which must not be greater than @at; @stride is the
 * size of a structure.
 */
static inline unsigned long find_start(const uint64_t *first, size_t stride, unsigned long nr,
				       uint64_t at)
{
	const char *base = (const char *)first;
	unsigned long low = 0, high = nr - 1;

	while (low < high) {
		unsigned long middle = low + (high - low + 1) / 2;

		if (*(const uint64_t *)(base + middle * stride) <= at)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

#endif /* ANYFS_FORMAT_FIND_START_H */
