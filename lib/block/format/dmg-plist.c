// SPDX-License-Identifier: GPL-2.0
/*
 * dmg-plist.c - find the tables of chunks in a property list of a DMG image
 *
 * This is not a parser of XML: programs of Apple write these lists, and only the elements
 * <data> of the array "blkx" matter.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base64.h"
#include "dmg.h"

/* Decode the text [@text, @end); returns the number of bytes, or -EBADMSG. */
static long decode_base64(const char *text, const char *end, uint8_t *out)
{
	uint32_t bits = 0;
	unsigned int nr = 0;
	long len = 0;

	for (; text < end && *text != '='; text++) {
		int digit = base64_digit(*text);

		if (strchr(" \t\r\n", *text))
			continue;
		if (digit < 0)
			return -EBADMSG;
		bits = bits << 6 | digit;
		/* The first of four digits does not complete a byte. */
		if (++nr % 4 != 1)
			out[len++] = bits >> (nr % 4 ? 8 - 2 * (nr % 4) : 0);
	}
	return len;
}

static int take_data(const char *text, const char *end,
		     int (*take)(void *data, const uint8_t *table, size_t len), void *data)
{
	uint8_t *table = malloc((end - text) / 4 * 3 + 4);
	long len = table ? decode_base64(text, end, table) : -ENOMEM;
	int err = len < 0 ? len : take(data, table, len);

	free(table);
	return err;
}

int dmg_plist_tables(const char *text,
		     int (*take)(void *data, const uint8_t *table, size_t len), void *data)
{
	const char *p = strstr(text, "<key>blkx</key>"), *end, *stop;
	int err = -EBADMSG;

	end = p ? strstr(p, "</array>") : NULL;
	while (end && (p = strstr(p, "<data>")) && p < end) {
		p += strlen("<data>");
		stop = strstr(p, "</data>");
		if (!stop || stop > end)
			return -EBADMSG;
		err = take_data(p, stop, take, data);
		if (err)
			return err;
		p = stop;
	}
	return err;
}
