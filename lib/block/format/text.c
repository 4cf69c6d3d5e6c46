// SPDX-License-Identifier: GPL-2.0
/*
 * text.c - names in UTF-16 and little-endian GUIDs, as Windows and GPT store them
 */
#include <stdio.h>
#include <string.h>
#include "bytes.h"
#include "text.h"
#include "utf16.h"
#include "utf8.h"

void guid_text(const uint8_t *raw, char text[GUID_TEXT])
{
	snprintf(text, GUID_TEXT, "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		 get_le32(raw), get_le16(raw + 4), get_le16(raw + 6), raw[8], raw[9], raw[10],
		 raw[11], raw[12], raw[13], raw[14], raw[15]);
}

bool utf16_text(const uint8_t *src, size_t len, bool big_endian, char *dst, size_t room)
{
	const uint8_t *end = src + len;
	size_t used = 0;
	char bytes[4];

	while (end - src >= 2) {
		int32_t c = utf16_get(&src, end, big_endian);
		size_t n;

		if (!c)
			break;
		if (c < 0)
			return false;
		n = utf8_put(bytes, c);
		if (used + n >= room)
			return false;
		memcpy(dst + used, bytes, n);
		used += n;
	}
	dst[used] = '\0';
	return true;
}

void windows_path(char *path)
{
	for (; *path; path++)
		if (*path == '\\')
			*path = '/';
}

const char *windows_base(const char *path)
{
	const char *base = path;

	for (; *path; path++)
		if (*path == '\\' || *path == '/')
			base = path + 1;
	return base;
}
