// SPDX-License-Identifier: GPL-2.0
/*
 * argon2.c - key derivation with Argon2i and Argon2id (RFC 9106)
 *
 * The lanes are computed one after the other, because a module has one thread; the result is
 * the same.
 */
#include <argon2.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "blake2b.h"

#define WORDS		128u		/* 64-bit words of a block */
#define BYTES		1024u
#define SLICES		4u
#define SEED		64u		/* bytes of H0 */

struct block {
	uint64_t v[WORDS];
};

struct argon2 {
	struct block *blocks;		/* lane after lane */
	uint32_t passes, memory, lanes;	/* memory: blocks of all lanes */
	uint32_t lane_len, segment_len;	/* blocks */
	argon2_type type;
};

/* Where a segment is: a slice of a lane in a pass. */
struct position {
	uint32_t pass, slice, lane;
};

/* ---- The compression function --------------------------------------------------- */

static inline uint64_t rotr(uint64_t x, unsigned int n)
{
	return x >> n | x << (64 - n);
}

static inline uint64_t add(uint64_t x, uint64_t y)
{
	return x + y + 2 * (uint64_t)(uint32_t)x * (uint32_t)y;
}

static inline __attribute__((always_inline))
void mix(uint64_t *a, uint64_t *b, uint64_t *c, uint64_t *d)
{
	*a = add(*a, *b);
	*d = rotr(*d ^ *a, 32);
	*c = add(*c, *d);
	*b = rotr(*b ^ *c, 24);
	*a = add(*a, *b);
	*d = rotr(*d ^ *a, 16);
	*c = add(*c, *d);
	*b = rotr(*b ^ *c, 63);
}

/* Permute 16 words of @v: 8 pairs from @first on, @step words apart. */
static inline __attribute__((always_inline))
void permute(uint64_t *v, unsigned int first, unsigned int step)
{
	uint64_t w[16];

	for (unsigned int i = 0; i < 16; i++)
		w[i] = v[first + i / 2 * step + i % 2];
	for (unsigned int i = 0; i < 4; i++)
		mix(&w[i], &w[i + 4], &w[i + 8], &w[i + 12]);
	for (unsigned int i = 0; i < 4; i++)
		mix(&w[i], &w[4 + (i + 1) % 4], &w[8 + (i + 2) % 4], &w[12 + (i + 3) % 4]);
	for (unsigned int i = 0; i < 16; i++)
		v[first + i / 2 * step + i % 2] = w[i];
}

/* *out = G(x, y), or ^= with @merge. */
static void compress(const struct block *x, const struct block *y, struct block *out, bool merge)
{
	struct block r, z;

	for (unsigned int i = 0; i < WORDS; i++)
		r.v[i] = x->v[i] ^ y->v[i];
	z = r;
	for (unsigned int row = 0; row < 8; row++)
		permute(z.v, 16 * row, 2);
	for (unsigned int column = 0; column < 8; column++)
		permute(z.v, 2 * column, 16);
	for (unsigned int i = 0; i < WORDS; i++)
		out->v[i] = (merge ? out->v[i] : 0) ^ r.v[i] ^ z.v[i];
}

/* ---- Hashes of any length -------------------------------------------------------- */

static void hash_u32(struct blake2b *s, uint32_t v)
{
	blake2b_add(s, &v, sizeof(v));
}

/* The function H' of the RFC; @in has @in_len bytes. */
static void hash_long(const void *in, size_t in_len, uint8_t *out, size_t len)
{
	uint8_t v[BLAKE2B_MAX];
	struct blake2b s;
	bool is_short = len <= BLAKE2B_MAX;

	blake2b_init(&s, is_short ? len : BLAKE2B_MAX);
	hash_u32(&s, len);
	blake2b_add(&s, in, in_len);
	blake2b_end(&s, is_short ? out : v);
	while (!is_short) {
		size_t next;

		memcpy(out, v, BLAKE2B_MAX / 2);
		out += BLAKE2B_MAX / 2;
		len -= BLAKE2B_MAX / 2;
		is_short = len <= BLAKE2B_MAX;
		next = is_short ? len : BLAKE2B_MAX;
		blake2b_init(&s, next);
		blake2b_add(&s, v, sizeof(v));
		blake2b_end(&s, v);
		if (is_short)
			memcpy(out, v, next);
	}
}

/* ---- Filling the memory ----------------------------------------------------------- */

/* The number of blocks that the block @index of a segment may refer to. */
static uint32_t reference_area(const struct argon2 *a, const struct position *p, uint32_t index,
			       bool same_lane)
{
	uint32_t done = p->pass ? a->lane_len - a->segment_len : p->slice * a->segment_len;

	return same_lane ? done + index - 1 : done - !index;
}

static const struct block *reference(const struct argon2 *a, const struct position *p,
				     uint32_t index, uint64_t random)
{
	uint32_t lane = p->pass || p->slice ? (random >> 32) % a->lanes : p->lane;
	uint64_t area = reference_area(a, p, index, lane == p->lane);
	uint64_t x = (uint64_t)(uint32_t)random * (uint32_t)random >> 32;
	uint64_t relative = area - 1 - (area * x >> 32);
	uint32_t start = p->pass && p->slice + 1 < SLICES ? (p->slice + 1) * a->segment_len : 0;

	return a->blocks + (size_t)lane * a->lane_len + (start + relative) % a->lane_len;
}

/* Compute the next pseudo-random numbers, which do not depend on the secret. */
static void next_addresses(const struct argon2 *a, struct block *input, struct block *addresses)
{
	static const struct block zero;

	input->v[6]++;
	compress(&zero, input, addresses, false);
	compress(&zero, addresses, addresses, false);
}

static void fill_segment(const struct argon2 *a, const struct position *p)
{
	bool independent = a->type == Argon2_i || (!p->pass && p->slice < SLICES / 2);
	struct block *lane = a->blocks + (size_t)p->lane * a->lane_len;
	struct block addresses, input = { .v = {
		p->pass, p->lane, p->slice, a->memory, a->passes, a->type,
	} };
	uint32_t first = p->pass || p->slice ? 0 : 2;

	if (independent && first)
		next_addresses(a, &input, &addresses);
	for (uint32_t i = first; i < a->segment_len; i++) {
		uint32_t at = p->slice * a->segment_len + i;
		const struct block *previous = lane + (at ? at : a->lane_len) - 1;

		if (independent && i % WORDS == 0)
			next_addresses(a, &input, &addresses);
		compress(previous, reference(a, p, i, independent ? addresses.v[i % WORDS] :
							previous->v[0]), lane + at, p->pass);
	}
}

static void fill(const struct argon2 *a)
{
	struct position p;

	for (p.pass = 0; p.pass < a->passes; p.pass++)
		for (p.slice = 0; p.slice < SLICES; p.slice++)
			for (p.lane = 0; p.lane < a->lanes; p.lane++)
				fill_segment(a, &p);
}

/* The first two blocks of each lane; @seed has room for two numbers after H0. */
static void first_blocks(const struct argon2 *a, uint8_t *seed)
{
	for (uint32_t lane = 0; lane < a->lanes; lane++) {
		for (uint32_t i = 0; i < 2; i++) {
			struct block *b = a->blocks + (size_t)lane * a->lane_len + i;

			memcpy(seed + SEED, &i, sizeof(i));
			memcpy(seed + SEED + 4, &lane, sizeof(lane));
			hash_long(seed, SEED + 8, (uint8_t *)b->v, BYTES);
		}
	}
}

static void last_blocks(const struct argon2 *a, uint8_t *out, size_t len)
{
	struct block sum = a->blocks[a->lane_len - 1];

	for (uint32_t lane = 1; lane < a->lanes; lane++) {
		const struct block *b = a->blocks + (size_t)(lane + 1) * a->lane_len - 1;

		for (unsigned int i = 0; i < WORDS; i++)
			sum.v[i] ^= b->v[i];
	}
	hash_long(&sum, BYTES, out, len);
	explicit_bzero(&sum, sizeof(sum));
}

static void add_sized(struct blake2b *s, const void *data, size_t len)
{
	hash_u32(s, len);
	blake2b_add(s, data, len);
}

int argon2_hash(uint32_t passes, uint32_t memory, uint32_t lanes, const void *secret,
		size_t secret_len, const void *salt, size_t salt_len, void *out, size_t out_len,
		char *encoded, size_t encoded_len, argon2_type type, uint32_t version)
{
	struct argon2 a = { .passes = passes, .lanes = lanes, .type = type };
	uint8_t seed[SEED + 8];
	struct blake2b s;

	if (!passes || !lanes || memory < 8 * lanes || version != ARGON2_VERSION_13 || encoded)
		return ARGON2_INCORRECT_PARAMETER;
	a.segment_len = memory / (SLICES * lanes);
	a.lane_len = a.segment_len * SLICES;
	a.memory = a.lane_len * lanes;
	if (a.memory > SIZE_MAX / BYTES)
		return ARGON2_MEMORY_ALLOCATION_ERROR;
	a.blocks = malloc((size_t)a.memory * BYTES);
	if (!a.blocks)
		return ARGON2_MEMORY_ALLOCATION_ERROR;
	blake2b_init(&s, SEED);
	hash_u32(&s, lanes);
	hash_u32(&s, out_len);
	hash_u32(&s, memory);
	hash_u32(&s, passes);
	hash_u32(&s, version);
	hash_u32(&s, type);
	add_sized(&s, secret, secret_len);
	add_sized(&s, salt, salt_len);
	hash_u32(&s, 0);		/* no secret key, no associated data */
	hash_u32(&s, 0);
	blake2b_end(&s, seed);
	first_blocks(&a, seed);
	fill(&a);
	last_blocks(&a, out, out_len);
	explicit_bzero(seed, sizeof(seed));
	free(a.blocks);
	return ARGON2_OK;
}
