// SPDX-License-Identifier: GPL-2.0
/*
 * blake2b.c - the hash BLAKE2b (RFC 7693), without a key
 *
 * Tools use it for checksums, and pages for Argon2.  Nettle 3.8, the version in Debian 12,
 * does not have it.
 */
#include <endian.h>
#include <string.h>
#include "blake2b.h"

#define ROUNDS	12

static const uint64_t iv[8] = {
	0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
	0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

/* The order of the words in each round; rounds 10 and 11 repeat 0 and 1. */
static const uint8_t sigma[10][16] = {
	{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
	{ 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4 },
	{ 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8 },
	{ 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13 },
	{ 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9 },
	{ 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11 },
	{ 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10 },
	{ 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5 },
	{ 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0 },
};

static inline uint64_t rotr(uint64_t x, unsigned int n)
{
	return x >> n | x << (64 - n);
}

static inline void mix(uint64_t *v, int a, int b, int c, int d, uint64_t x, uint64_t y)
{
	v[a] += v[b] + x;
	v[d] = rotr(v[d] ^ v[a], 32);
	v[c] += v[d];
	v[b] = rotr(v[b] ^ v[c], 24);
	v[a] += v[b] + y;
	v[d] = rotr(v[d] ^ v[a], 16);
	v[c] += v[d];
	v[b] = rotr(v[b] ^ v[c], 63);
}

static void compress(struct blake2b *s, uint64_t last)
{
	uint64_t v[16], m[16];

	memcpy(m, s->block, sizeof(m));
	for (int i = 0; i < 16; i++)
		m[i] = le64toh(m[i]);
	memcpy(v, s->h, sizeof(s->h));
	memcpy(v + 8, iv, sizeof(iv));
	v[12] ^= s->total;
	v[14] ^= last;
	for (int round = 0; round < ROUNDS; round++) {
		const uint8_t *o = sigma[round % 10];

		mix(v, 0, 4, 8, 12, m[o[0]], m[o[1]]);
		mix(v, 1, 5, 9, 13, m[o[2]], m[o[3]]);
		mix(v, 2, 6, 10, 14, m[o[4]], m[o[5]]);
		mix(v, 3, 7, 11, 15, m[o[6]], m[o[7]]);
		mix(v, 0, 5, 10, 15, m[o[8]], m[o[9]]);
		mix(v, 1, 6, 11, 12, m[o[10]], m[o[11]]);
		mix(v, 2, 7, 8, 13, m[o[12]], m[o[13]]);
		mix(v, 3, 4, 9, 14, m[o[14]], m[o[15]]);
	}
	for (int i = 0; i < 8; i++)
		s->h[i] ^= v[i] ^ v[i + 8];
}

void blake2b_init(struct blake2b *s, size_t len)
{
	memset(s, 0, sizeof(*s));
	memcpy(s->h, iv, sizeof(iv));
	s->h[0] ^= 0x01010000 ^ len;
	s->len = len;
}

void blake2b_add(struct blake2b *s, const void *data, size_t len)
{
	const uint8_t *from = data;

	while (len) {
		size_t part = sizeof(s->block) - s->have;

		/* blake2b_end() compresses the last block, even if that is full. */
		if (!part) {
			s->total += s->have;
			compress(s, 0);
			s->have = 0;
			part = sizeof(s->block);
		}
		if (part > len)
			part = len;
		memcpy(s->block + s->have, from, part);
		s->have += part;
		from += part;
		len -= part;
	}
}

void blake2b_end(struct blake2b *s, uint8_t *out)
{
	memset(s->block + s->have, 0, sizeof(s->block) - s->have);
	s->total += s->have;
	compress(s, ~0ull);
	for (int i = 0; i < 8; i++)
		s->h[i] = htole64(s->h[i]);
	memcpy(out, s->h, s->len);
	explicit_bzero(s, sizeof(*s));
}
