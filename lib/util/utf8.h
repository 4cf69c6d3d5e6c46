/* SPDX-License-Identifier: GPL-2.0 */
/*
 * utf8.h - encode characters in UTF-8
 */
#ifndef ANYFS_UTF8_H
#define ANYFS_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Write the character @c in UTF-8, without a NUL; returns its length, 1 to 4. */
static inline size_t utf8_put(char *dst, uint32_t c)
{
	if (c < 0x80) {
		dst[0] = c;
		return 1;
	}
	if (c < 0x800) {
		dst[0] = 0xc0 | c >> 6;
		dst[1] = 0x80 | (c & 0x3f);
		return 2;
	}
	if (c < 0x10000) {
		dst[0] = 0xe0 | c >> 12;
		dst[1] = 0x80 | (c >> 6 & 0x3f);
		dst[2] = 0x80 | (c & 0x3f);
		return 3;
	}
	dst[0] = 0xf0 | c >> 18;
	dst[1] = 0x80 | (c >> 12 & 0x3f);
	dst[2] = 0x80 | (c >> 6 & 0x3f);
	dst[3] = 0x80 | (c & 0x3f);
	return 4;
}

#endif /* ANYFS_UTF8_H */
