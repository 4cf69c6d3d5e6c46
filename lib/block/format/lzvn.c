// SPDX-License-Identifier: GPL-2.0
/*
 * lzvn.c - blocks of LZVN, by which LZFSE compresses short data
 *
 * A code has the number of literals that follow it, and the length and distance of a
 * repetition.  Its first byte selects the form of these numbers.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include "dmg.h"

/* A decoded code. */
struct code {
	size_t len;			/* of the code, bytes */
	size_t literals;		/* number of literal bytes that follow it */
	size_t match;			/* number of earlier bytes to repeat after them */
	size_t distance;		/* 0: the distance of the previous code */
	bool end;			/* the block ends here */
};

/* 111xxxxx: only literals, or only a match at the previous distance. */
static bool parse_single(struct code *c, const uint8_t *p, size_t left)
{
	size_t n = *p & 0xf;

	c->len = n ? 1 : 2;
	if (!n && left < 2)
		return false;
	if (!n)
		n = p[1] + 16u;
	if (*p & 0x10)
		c->match = n;
	else
		c->literals = n;
	return true;
}

/* 101xxxxx: a distance of 14 bits and a match of up to 34 bytes. */
static bool parse_medium(struct code *c, const uint8_t *p, size_t left)
{
	if (left < 3)
		return false;
	c->len = 3;
	c->literals = *p >> 3 & 3;
	c->match = ((*p & 7u) << 2 | (p[1] & 3u)) + 3;
	c->distance = (size_t)p[2] << 6 | p[1] >> 2;
	return c->distance;
}

/* xxxxx110 without literals has special meanings. */
static bool parse_special(struct code *c, const uint8_t *p)
{
	c->len = 1;
	c->end = *p == 0x06;
	return *p == 0x06 || *p == 0x0e || *p == 0x16;
}

static bool parse_code(struct code *c, const uint8_t *p, size_t left)
{
	*c = (struct code){ 0 };
	if (*p >= 0xe0)
		return parse_single(c, p, left);
	if ((*p & 0xe0) == 0xa0)
		return parse_medium(c, p, left);
	if ((*p & 0xf0) == 0x70 || (*p & 0xf0) == 0xd0)
		return false;
	if ((*p & 7) == 6 && *p < 0x40)
		return parse_special(c, p);
	c->literals = *p >> 6;
	c->match = (*p >> 3 & 7) + 3;
	c->len = (*p & 7) == 6 ? 1 : (*p & 7) == 7 ? 3 : 2;
	if (c->len > left)
		return false;
	if (c->len == 2)
		c->distance = (size_t)(*p & 7) << 8 | p[1];
	else if (c->len == 3)
		c->distance = (size_t)p[2] << 8 | p[1];
	return c->len == 1 || c->distance;
}

int lzvn_unpack(const uint8_t *src, size_t len, uint8_t *dst, size_t pos, size_t raw_len)
{
	size_t end = pos + raw_len, distance = 0;
	struct code c;

	for (; len && pos < end; src += c.literals, len -= c.literals) {
		if (!parse_code(&c, src, len))
			return -EIO;
		if (c.end)
			break;
		src += c.len;
		len -= c.len;
		if (c.literals > len || c.literals > end - pos || c.match > end - pos - c.literals)
			return -EIO;
		memcpy(dst + pos, src, c.literals);
		pos += c.literals;
		if (c.distance)
			distance = c.distance;
		if (c.match && (!distance || distance > pos))
			return -EIO;
		for (; c.match; c.match--, pos++)
			dst[pos] = dst[pos - distance];
	}
	return pos == end ? 0 : -EIO;
}
