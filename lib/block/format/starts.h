/* SPDX-License-Identifier: GPL-2.0 */
/*
 * starts.h - find the range that holds an offset
 */
#ifndef ANYFS_FORMAT_STARTS_H
#define ANYFS_FORMAT_STARTS_H

#include <stddef.h>
#include <stdint.h>

/*
 * The index of the last of @nr structures that starts at or before @at.  They are @stride
 * bytes apart and sorted by their start, of which @first is that of the first one; it is not
 * behind @at.
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

#endif /* ANYFS_FORMAT_STARTS_H */
