/* SPDX-License-Identifier: GPL-2.0 */
/*
 * text.h - names in UTF-16 and little-endian GUIDs, as Windows and GPT store them
 */
#ifndef ANYFS_FORMAT_TEXT_H
#define ANYFS_FORMAT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUID_TEXT	37u		/* bytes of "xxxxxxxx-xxxx-...", with the NUL */

/* The GUID of 16 bytes at @raw, whose first three parts are little endian, as text. */
void guid_text(const uint8_t *raw, char text[GUID_TEXT]);

/*
 * Convert UTF-16 of @len bytes at @src, which ends there or with a zero, to UTF-8.
 * False: it is not valid, or longer than @room.
 */
bool utf16_text(const uint8_t *src, size_t len, bool big_endian, char *dst, size_t room);

/* Turn a path of Windows at @path into a relative one: "..\a\b" is "../a/b". */
void windows_path(char *path);
/* The part after the last slash or backslash. */
const char *windows_base(const char *path);

#endif /* ANYFS_FORMAT_TEXT_H */
