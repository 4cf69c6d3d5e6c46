// SPDX-License-Identifier: GPL-2.0
/*
 * sha.c - SHA-1 and SHA-2 (FIPS 180-4)
 */
#include <string.h>
#include "bytes.h"
#include "sha.h"

static const uint64_t k[80] = {
	0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
	0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
	0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
	0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
	0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
	0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
	0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
	0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
	0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
	0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
	0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
	0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
	0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
	0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
	0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
	0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
	0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
	0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
	0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
	0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

static inline uint32_t rotl32(uint32_t x, unsigned int n)
{
	return x << n | x >> (32 - n);
}

static inline uint32_t rotr32(uint32_t x, unsigned int n)
{
	return x >> n | x << (32 - n);
}

static inline uint64_t rotr64(uint64_t x, unsigned int n)
{
	return x >> n | x << (64 - n);
}

static void compress1(struct sha_state *s, const uint8_t *block)
{
	uint32_t w[80], a = s->h.w[0], b = s->h.w[1], c = s->h.w[2], d = s->h.w[3], e = s->h.w[4];

	for (unsigned int i = 0; i < 80; i++)
		w[i] = i < 16 ? get_be32(block + 4 * i) :
				rotl32(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	for (unsigned int i = 0; i < 80; i++) {
		uint32_t f = i < 20 ? (b & c) | (~b & d) : i < 40 ? b ^ c ^ d :
			     i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
		uint32_t constant = i < 20 ? 0x5a827999 : i < 40 ? 0x6ed9eba1 :
				    i < 60 ? 0x8f1bbcdc : 0xca62c1d6;
		uint32_t t = rotl32(a, 5) + f + e + constant + w[i];

		e = d;
		d = c;
		c = rotl32(b, 30);
		b = a;
		a = t;
	}
	s->h.w[0] += a;
	s->h.w[1] += b;
	s->h.w[2] += c;
	s->h.w[3] += d;
	s->h.w[4] += e;
}

/*
 * One round of SHA-2 on the working variables; their names rotate from round to round.  @R is
 * rotr32 or rotr64, with the amounts of the two large sigmas.
 */
#define ROUND(R, s0, s1, s2, t0, t1, t2, a, b, c, d, e, f, g, h, kw) do { \
	h += (R(e, t0) ^ R(e, t1) ^ R(e, t2)) + ((e & f) ^ (~e & g)) + (kw); \
	d += h; \
	h += (R(a, s0) ^ R(a, s1) ^ R(a, s2)) + ((a & b) ^ (a & c) ^ (b & c)); \
} while (0)

#define ROUND256(...)	ROUND(rotr32, 2, 13, 22, 6, 11, 25, __VA_ARGS__)
#define ROUND512(...)	ROUND(rotr64, 28, 34, 39, 14, 18, 41, __VA_ARGS__)

/* Eight rounds, after which each variable has its name again. */
#define EIGHT(ROUND, KW) do { \
	ROUND(a, b, c, d, e, f, g, h, KW(0)); \
	ROUND(h, a, b, c, d, e, f, g, KW(1)); \
	ROUND(g, h, a, b, c, d, e, f, KW(2)); \
	ROUND(f, g, h, a, b, c, d, e, KW(3)); \
	ROUND(e, f, g, h, a, b, c, d, KW(4)); \
	ROUND(d, e, f, g, h, a, b, c, KW(5)); \
	ROUND(c, d, e, f, g, h, a, b, KW(6)); \
	ROUND(b, c, d, e, f, g, h, a, KW(7)); \
} while (0)

#define KW256(n)	((uint32_t)(k[i + (n)] >> 32) + w[i + (n)])
#define KW512(n)	(k[i + (n)] + w[i + (n)])

static void compress256(struct sha_state *s, const uint8_t *block)
{
	uint32_t w[64], *v = s->h.w;
	uint32_t a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], f = v[5], g = v[6], h = v[7];

	for (unsigned int i = 0; i < 16; i++)
		w[i] = get_be32(block + 4 * i);
	for (unsigned int i = 16; i < 64; i++) {
		uint32_t x = w[i - 15], y = w[i - 2];

		w[i] = w[i - 16] + w[i - 7] + (rotr32(x, 7) ^ rotr32(x, 18) ^ x >> 3) +
		       (rotr32(y, 17) ^ rotr32(y, 19) ^ y >> 10);
	}
	for (unsigned int i = 0; i < 64; i += 8)
		EIGHT(ROUND256, KW256);
	v[0] += a;
	v[1] += b;
	v[2] += c;
	v[3] += d;
	v[4] += e;
	v[5] += f;
	v[6] += g;
	v[7] += h;
}

static void compress512(struct sha_state *s, const uint8_t *block)
{
	uint64_t w[80], *v = s->h.x;
	uint64_t a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], f = v[5], g = v[6], h = v[7];

	for (unsigned int i = 0; i < 16; i++)
		w[i] = get_be64(block + 8 * i);
	for (unsigned int i = 16; i < 80; i++) {
		uint64_t x = w[i - 15], y = w[i - 2];

		w[i] = w[i - 16] + w[i - 7] + (rotr64(x, 1) ^ rotr64(x, 8) ^ x >> 7) +
		       (rotr64(y, 19) ^ rotr64(y, 61) ^ y >> 6);
	}
	for (unsigned int i = 0; i < 80; i += 8)
		EIGHT(ROUND512, KW512);
	v[0] += a;
	v[1] += b;
	v[2] += c;
	v[3] += d;
	v[4] += e;
	v[5] += f;
	v[6] += g;
	v[7] += h;
}

/* In the order of enum GCRY_MD_... */
const struct sha sha_table[SHA_NR] = {
	{ .name = "" },
	{ "sha1", 20, 64, 4, { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 },
	  compress1 },
	{ "sha224", 28, 64, 4, { 0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31,
				 0x68581511, 0x64f98fa7, 0xbefa4fa4 }, compress256 },
	{ "sha256", 32, 64, 4, { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
				 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 }, compress256 },
	{ "sha384", 48, 128, 8, { 0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17,
				  0x152fecd8f70e5939, 0x67332667ffc00b31, 0x8eb44a8768581511,
				  0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4 }, compress512 },
	{ "sha512", 64, 128, 8, { 0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
				  0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
				  0x1f83d9abfb41bd6b, 0x5be0cd19137e2179 }, compress512 },
};

void sha_init(const struct sha *sha, struct sha_state *s)
{
	memset(s, 0, sizeof(*s));
	for (unsigned int i = 0; i < 8; i++) {
		if (sha->word == 8)
			s->h.x[i] = sha->start[i];
		else
			s->h.w[i] = sha->start[i];
	}
}

void sha_add(const struct sha *sha, struct sha_state *s, const void *data, size_t len)
{
	const uint8_t *from = data;

	while (len) {
		size_t have = s->total % sha->block, part = sha->block - have;

		if (part > len)
			part = len;
		memcpy(s->block + have, from, part);
		s->total += part;
		from += part;
		len -= part;
		if (have + part == sha->block)
			sha->compress(s, s->block);
	}
}

void sha_end(const struct sha *sha, struct sha_state *s, uint8_t *out)
{
	static const uint8_t padding[SHA_BLOCK_MAX] = { 0x80 };
	uint64_t bits = s->total * 8;
	/* The length takes two words; the upper one is 0. */
	size_t used = s->total % sha->block + 2 * sha->word;
	size_t pad = (used < sha->block ? sha->block : 2 * sha->block) - used;
	uint8_t length[16] = { 0 };

	for (unsigned int i = 0; i < 8; i++)
		length[2 * sha->word - 1 - i] = bits >> 8 * i;
	sha_add(sha, s, padding, pad);
	sha_add(sha, s, length, 2 * sha->word);
	for (unsigned int i = 0; i < sha->len; i++) {
		unsigned int shift = 8 * (sha->word - 1 - i % sha->word);

		out[i] = (sha->word == 8 ? s->h.x[i / 8] : s->h.w[i / 4]) >> shift;
	}
	explicit_bzero(s, sizeof(*s));
}
