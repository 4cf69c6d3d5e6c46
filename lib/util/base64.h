/* SPDX-License-Identifier: GPL-2.0 */
/*
 * base64.h - decode base64 (RFC 4648)
 */
#ifndef ANYFS_BASE64_H
#define ANYFS_BASE64_H

#include <stddef.h>
#include <stdint.h>

/* The value of a digit of base64; -1 for any other character. */
static inline int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/*
 * Decode the text [@text, @end) up to the first '=', skipping blanks.  Returns the number of
 * bytes, or -1 if there are more than @room or the text is not base64.
 */
static inline long base64_decode(const char *text, const char *end, uint8_t *out, size_t room)
{
	uint32_t bits = 0;
	unsigned int nr = 0;
	size_t len = 0;

	for (; text < end && *text != '='; text++) {
		int digit = base64_digit(*text);

		if (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n')
			continue;
		if (digit < 0)
			return -1;
		bits = bits << 6 | digit;
		/* The first of four digits does not complete a byte. */
		if (++nr % 4 == 1)
			continue;
		if (len == room)
			return -1;
		out[len++] = bits >> (nr % 4 ? 8 - 2 * (nr % 4) : 0);
	}
	return len;
}

#endif /* ANYFS_BASE64_H */
