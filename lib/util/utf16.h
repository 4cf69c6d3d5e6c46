/* SPDX-License-Identifier: GPL-2.0 */
/*
 * utf16.h - decode characters in UTF-16
 */
#ifndef ANYFS_UTF16_H
#define ANYFS_UTF16_H

#include <stdbool.h>
#include <stdint.h>
#include "bytes.h"

static inline uint32_t utf16_unit(const uint8_t *p, bool big_endian)
{
	return big_endian ? get_be16(p) : get_le16(p);
}

/*
 * Decode the character at *@p, and move *@p past it; at least two bytes precede @end.
 * Returns -1, and moves *@p past one unit, if that is a surrogate without its pair.
 */
static inline int32_t utf16_get(const uint8_t **p, const uint8_t *end, bool big_endian)
{
	uint32_t c = utf16_unit(*p, big_endian), low;

	*p += 2;
	if (c < 0xd800 || c >= 0xe000)
		return c;
	if (c >= 0xdc00 || end - *p < 2)
		return -1;
	low = utf16_unit(*p, big_endian);
	if (low < 0xdc00 || low >= 0xe000)
		return -1;
	*p += 2;
	return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
}

#endif /* ANYFS_UTF16_H */
