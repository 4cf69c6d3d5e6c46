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

static int take_data(const char *text, const char *end,
		     int (*take)(void *data, const uint8_t *table, size_t len), void *data)
{
	size_t room = (end - text) / 4 * 3 + 4;
	uint8_t *table = malloc(room);
	long len = table ? base64_decode(text, end, table, room) : 0;
	int err = !table ? -ENOMEM : len < 0 ? -EBADMSG : take(data, table, len);

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
