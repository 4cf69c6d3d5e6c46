// SPDX-License-Identifier: GPL-2.0
/*
 * adc.c - Apple Data Compression, of old DMG images
 *
 * The data consists of literals and repetitions of earlier bytes; the first bits of a code
 * say which of the two follows.
 */
#include <errno.h>
#include <string.h>
#include "dmg.h"

/* Repeat @len bytes that are @distance before @pos. */
static int copy_match(uint8_t *dst, size_t *pos, size_t dst_len, size_t distance, size_t len)
{
	if (distance > *pos || len > dst_len - *pos)
		return -EIO;
	for (; len; len--, ++*pos)
		dst[*pos] = dst[*pos - distance];
	return 0;
}

int adc_unpack(const uint8_t *src, size_t len, uint8_t *dst, size_t dst_len)
{
	const uint8_t *end = src + len;
	size_t pos = 0;
	int err = 0;

	while (!err && src < end && pos < dst_len) {
		size_t left = end - src, n = (*src & 0x7f) + 1;

		if (*src & 0x80) {
			if (n > left - 1 || n > dst_len - pos)
				return -EIO;
			memcpy(dst + pos, src + 1, n);
			pos += n;
			src += 1 + n;
		} else if (*src & 0x40) {
			if (left < 3)
				return -EIO;
			err = copy_match(dst, &pos, dst_len, (size_t)(src[1] << 8 | src[2]) + 1,
					 (*src & 0x3f) + 4);
			src += 3;
		} else {
			if (left < 2)
				return -EIO;
			err = copy_match(dst, &pos, dst_len, (size_t)((*src & 3) << 8 | src[1]) + 1,
					 (*src >> 2 & 0xf) + 3);
			src += 2;
		}
	}
	return err ? err : pos == dst_len ? 0 : -EIO;
}
