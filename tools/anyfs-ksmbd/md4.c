// SPDX-License-Identifier: GPL-2.0
/*
 * md4.c - the hash MD4 (RFC 1320), which SMB uses for passwords
 *
 * MD4 gives no security here: it only converts the password.  SMB 3 proves the knowledge of the
 * hash with HMAC-MD5 and encrypts with AES.
 */
#include <string.h>
#include "ksmbd.h"

static uint32_t rotate_left(uint32_t x, unsigned int by)
{
	return x << by | x >> (32 - by);
}

static uint32_t round_function(unsigned int round, uint32_t b, uint32_t c, uint32_t d)
{
	switch (round) {
	case 0:
		return (b & c) | (~b & d);
	case 1:
		return ((b & c) | (b & d) | (c & d)) + 0x5a827999;
	default:
		return (b ^ c ^ d) + 0x6ed9eba1;
	}
}

static void add_block(uint32_t state[4], const uint8_t *data)
{
	/* Round 2 takes the words by columns, round 3 by bit-reversed index. */
	static const uint8_t order[3][16] = {
		{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
		{ 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15 },
		{ 0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15 },
	};
	static const uint8_t shifts[3][4] = { { 3, 7, 11, 19 }, { 3, 5, 9, 13 }, { 3, 9, 11, 15 } };
	uint32_t s[4], words[16];

	memcpy(s, state, sizeof(s));
	for (int i = 0; i < 16; i++)
		words[i] = data[4 * i] | data[4 * i + 1] << 8 | data[4 * i + 2] << 16 |
			   (uint32_t)data[4 * i + 3] << 24;
	for (int i = 0; i < 48; i++) {
		uint32_t *a = &s[-i & 3];

		*a += round_function(i / 16, s[(1 - i) & 3], s[(2 - i) & 3], s[(3 - i) & 3]) +
		      words[order[i / 16][i % 16]];
		*a = rotate_left(*a, shifts[i / 16][i & 3]);
	}
	for (int i = 0; i < 4; i++)
		state[i] += s[i];
}

void md4(const void *data, size_t len, uint8_t sum[16])
{
	uint32_t state[4] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 };
	uint8_t last[128] = { 0 };
	size_t rest = len % 64, padded = rest < 56 ? 64 : 128;

	for (size_t i = 0; i + 64 <= len; i += 64)
		add_block(state, (const uint8_t *)data + i);
	memcpy(last, (const uint8_t *)data + len - rest, rest);
	last[rest] = 0x80;
	for (int i = 0; i < 8; i++)
		last[padded - 8 + i] = (uint64_t)len * 8 >> 8 * i;
	for (size_t i = 0; i < padded; i += 64)
		add_block(state, last + i);
	for (int i = 0; i < 16; i++)
		sum[i] = state[i / 4] >> 8 * (i % 4);
}
