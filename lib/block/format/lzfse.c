// SPDX-License-Identifier: GPL-2.0
/*
 * lzfse.c - LZFSE, Apple's compression of DMG images since Mac OS X 10.11
 *
 * A stream is a row of blocks: stored, LZVN, or LZ77 with entropy coding by finite states
 * (FSE, as in zstd).  A block of the last kind has the frequencies of the symbols, then the
 * literals, then triplets (L, M, D): copy L literals, repeat M bytes from D bytes before.
 * Both bit streams are read from the end to the beginning.  Numbers are little endian.
 *
 * Reference: Apple's open source liblzfse 1.0, whose header files describe the format.  Its
 * blocks "bvx1", with uncompressed frequencies, are not supported: no encoder writes them.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "dmg.h"

#define MAGIC_END	0x24787662u	/* bvx$ */
#define MAGIC_STORED	0x2d787662u	/* bvx- */
#define MAGIC_LZ77	0x32787662u	/* bvx2 */
#define MAGIC_LZVN	0x6e787662u	/* bvxn */

#define HEADER_BYTES	32u		/* without the frequencies */
#define L_SYMBOLS	20u
#define M_SYMBOLS	20u
#define D_SYMBOLS	64u
#define SYMBOLS		(L_SYMBOLS + M_SYMBOLS + D_SYMBOLS + 256u)
#define L_STATES	64u
#define M_STATES	64u
#define D_STATES	256u
#define LITERAL_STATES	1024u
#define LITERALS_MAX	40000u		/* of a block */
#define MATCHES_MAX	10000u

/* An entry of a decoding table, for one state. */
struct state {
	uint8_t bits;			/* number of bits to read for the next state */
	uint8_t symbol;			/* the decoded symbol */
	int16_t next;			/* the next state is this plus the bits */
};

/* The header of a compressed block.  "lmd": codes of (literals, match length, distance). */
struct header {
	uint32_t literals, literal_bytes;	/* number of literals, bytes of their codes */
	uint32_t matches, lmd_bytes;	/* number of lmd codes, their bytes */
	int literal_bits, lmd_bits;	/* unused bits at the end, as a number from -7 to 0 */
	uint16_t literal_state[4], l_state, m_state, d_state;	/* initial states */
	uint16_t freq[SYMBOLS];		/* number of states of each symbol: L, M, D, literals */
	size_t len;			/* of the header, bytes */
};

struct decoder {
	struct header h;		/* of the current block */
	struct state l[L_STATES], m[M_STATES], d[D_STATES], literal[LITERAL_STATES];	/* tables */
	uint8_t literals[LITERALS_MAX];	/* decoded literals of the block */
};

/* A bit stream that is read from the end of a buffer to its beginning. */
struct bits {
	const uint8_t *buf;
	uint64_t left;			/* bits */
	bool bad;			/* more bits were read than the buffer has */
};

static uint32_t pull(struct bits *b, unsigned int nr)
{
	uint32_t window = 0;
	uint64_t at;

	if (nr > b->left) {
		b->bad = true;
		return 0;
	}
	b->left -= nr;
	at = b->left / 8;
	/* At most 15 bits, which are in three bytes. */
	for (unsigned int i = 0; at + i < (b->left + nr + 7) / 8; i++)
		window |= (uint32_t)b->buf[at + i] << (8 * i);
	return window >> (b->left % 8) & ((1u << nr) - 1);
}

/* ---- headers --------------------------------------------------------------------- */

/* The next frequency of a list of codes: small numbers have short codes. */
static unsigned int freq_code(uint32_t bits, unsigned int *len)
{
	if (!(bits & 1)) {
		*len = 2;
		return bits >> 1 & 1;
	}
	if (!(bits & 2)) {
		*len = 3;
		return 2 + (bits >> 2 & 1);
	}
	if (!(bits & 4)) {
		*len = 5;
		return 4 + (bits >> 3 & 3);
	}
	if (!(bits & 8)) {
		*len = 8;
		return 8 + (bits >> 4 & 0xf);
	}
	*len = 14;
	return 24 + (bits >> 4 & 0x3ff);
}

static int read_freq_codes(struct header *h, const uint8_t *p, const uint8_t *end)
{
	uint32_t bits = 0;
	unsigned int nr = 0, len;

	for (unsigned int i = 0; i < SYMBOLS; i++) {
		for (; nr <= 24 && p < end; nr += 8)
			bits |= (uint32_t)*p++ << nr;
		h->freq[i] = freq_code(bits, &len);
		if (len > nr)
			return -EIO;
		bits >>= len;
		nr -= len;
	}
	return p == end && nr < 8 ? 0 : -EIO;
}

static uint32_t field(uint64_t v, unsigned int at, unsigned int nr)
{
	return v >> at & ((1u << nr) - 1);
}

static int read_header(struct header *h, const uint8_t *p, size_t left)
{
	uint64_t a, b, c;

	if (left < HEADER_BYTES)
		return -EIO;
	a = get_le64(p + 8);
	b = get_le64(p + 16);
	c = get_le64(p + 24);
	h->len = c & 0xffffffff;
	h->literals = field(a, 0, 20);
	h->literal_bytes = field(a, 20, 20);
	h->matches = field(a, 40, 20);
	h->literal_bits = (int)field(a, 60, 3) - 7;
	for (int i = 0; i < 4; i++)
		h->literal_state[i] = field(b, 10 * i, 10);
	h->lmd_bytes = field(b, 40, 20);
	h->lmd_bits = (int)field(b, 60, 3) - 7;
	h->l_state = field(c, 32, 10);
	h->m_state = field(c, 42, 10);
	h->d_state = field(c, 52, 10);
	if (h->len < HEADER_BYTES || h->len > left)
		return -EIO;
	return h->len > HEADER_BYTES ? read_freq_codes(h, p + HEADER_BYTES, p + h->len) : 0;
}

static int check_header(const struct header *h, size_t left)
{
	if (h->literals > LITERALS_MAX || h->literals % 4 || h->matches > MATCHES_MAX ||
	    h->literal_bytes > left - h->len || h->lmd_bytes > left - h->len - h->literal_bytes)
		return -EIO;
	if (h->literal_bits < -7 || h->literal_bits > 0 || h->lmd_bits < -7 || h->lmd_bits > 0)
		return -EIO;
	for (int i = 0; i < 4; i++)
		if (h->literal_state[i] >= LITERAL_STATES)
			return -EIO;
	return h->l_state < L_STATES && h->m_state < M_STATES && h->d_state < D_STATES ? 0 : -EIO;
}

/* ---- decoding -------------------------------------------------------------------- */

/*
 * A symbol of frequency f has f states.  The first of them read one bit more than the others,
 * so that together they lead to each state once.
 */
static int make_table(struct state *table, unsigned int states, const uint16_t *freq,
		      unsigned int symbols)
{
	unsigned int at = 0;

	memset(table, 0, states * sizeof(*table));
	for (unsigned int i = 0; i < symbols; i++) {
		unsigned int f = freq[i], k = 0, more;

		if (f > states - at)
			return -EIO;
		while (f && f << k < states)
			k++;
		/* The first (2 * states >> k) - f entries need one more bit than the others. */
		more = f ? (2 * states >> k) - f : 0;
		for (unsigned int j = 0; j < f; j++)
			table[at++] = j < more ?
				(struct state){ k, i, (int)((f + j) << k) - (int)states } :
				(struct state){ k - 1, i, (int)((j - more) << (k - 1)) };
	}
	return 0;
}

static unsigned int next_symbol(const struct state *table, unsigned int states, uint16_t *state,
				struct bits *bits)
{
	const struct state *s = &table[*state];

	*state = (s->next + pull(bits, s->bits)) & (states - 1);
	return s->symbol;
}

static int decode_literals(struct decoder *d, const uint8_t *payload)
{
	uint64_t all = 8ull * d->h.literal_bytes, unused = -d->h.literal_bits;
	struct bits bits = { .buf = payload, .left = all - unused };

	if (unused > all)
		return -EIO;
	for (uint32_t i = 0; i < d->h.literals && !bits.bad; i++)
		d->literals[i] = next_symbol(d->literal, LITERAL_STATES, &d->h.literal_state[i % 4],
					     &bits);
	return bits.bad ? -EIO : 0;
}

/* Symbols of L and M from 16 on, and those of D, stand for a range: base and extra bits. */
static uint32_t length_value(unsigned int symbol, const uint8_t extra[4],
			     const uint16_t base[4], struct bits *bits)
{
	return symbol < 16 ? symbol : base[symbol - 16] + pull(bits, extra[symbol - 16]);
}

static uint32_t distance_value(unsigned int symbol, struct bits *bits)
{
	unsigned int extra = symbol / 4;

	/* Four symbols with no extra bits, four with one, four with two ... */
	return 4 * ((1u << extra) - 1) + ((symbol % 4) << extra) + pull(bits, extra);
}

struct output {
	uint8_t *dst;
	size_t pos, end;		/* next byte to write; end of the current block */
};

static int decode_matches(struct decoder *d, const uint8_t *payload, struct output *o)
{
	static const uint8_t l_extra[4] = { 2, 3, 5, 8 }, m_extra[4] = { 3, 5, 8, 11 };
	static const uint16_t l_base[4] = { 16, 20, 28, 60 }, m_base[4] = { 16, 24, 56, 312 };
	uint64_t all = 8ull * d->h.lmd_bytes, unused = -d->h.lmd_bits;
	struct bits bits = { .buf = payload, .left = all - unused };
	uint32_t used = 0, distance = 0;

	if (unused > all)
		return -EIO;
	for (uint32_t i = 0; i < d->h.matches; i++) {
		unsigned int symbol = next_symbol(d->l, L_STATES, &d->h.l_state, &bits);
		uint32_t l, m, new_distance;

		l = length_value(symbol, l_extra, l_base, &bits);
		symbol = next_symbol(d->m, M_STATES, &d->h.m_state, &bits);
		m = length_value(symbol, m_extra, m_base, &bits);
		symbol = next_symbol(d->d, D_STATES, &d->h.d_state, &bits);
		new_distance = distance_value(symbol, &bits);
		if (new_distance)
			distance = new_distance;
		if (bits.bad || l > d->h.literals - used || l > o->end - o->pos ||
		    m > o->end - o->pos - l || (m && (!distance || distance > o->pos + l)))
			return -EIO;
		memcpy(o->dst + o->pos, d->literals + used, l);
		used += l;
		o->pos += l;
		for (; m; m--, o->pos++)
			o->dst[o->pos] = o->dst[o->pos - distance];
	}
	return o->pos == o->end ? 0 : -EIO;
}

/* Decode the block at @src to @o.  Returns its length, or -EIO. */
static long decode_block(struct decoder *d, const uint8_t *src, size_t left, struct output *o)
{
	const uint16_t *freq = d->h.freq;
	int err;

	memset(&d->h, 0, sizeof(d->h));
	err = read_header(&d->h, src, left);
	if (!err)
		err = check_header(&d->h, left);
	if (!err)
		err = make_table(d->l, L_STATES, freq, L_SYMBOLS);
	if (!err)
		err = make_table(d->m, M_STATES, freq + L_SYMBOLS, M_SYMBOLS);
	if (!err)
		err = make_table(d->d, D_STATES, freq + L_SYMBOLS + M_SYMBOLS, D_SYMBOLS);
	if (!err)
		err = make_table(d->literal, LITERAL_STATES, freq + SYMBOLS - 256, 256);
	if (!err)
		err = decode_literals(d, src + d->h.len);
	if (!err)
		err = decode_matches(d, src + d->h.len + d->h.literal_bytes, o);
	return err ? err : (long)(d->h.len + d->h.literal_bytes + d->h.lmd_bytes);
}

/* Decode one block of any kind.  Returns its length with the magic number, or -EIO. */
static long unpack_block(struct decoder *d, const uint8_t *src, size_t left, struct output *o)
{
	uint32_t magic = get_le32(src), raw = get_le32(src + 4), packed;

	if (raw > o->end - o->pos)
		return -EIO;
	o->end = o->pos + raw;
	if (magic == MAGIC_LZ77)
		return decode_block(d, src, left, o);
	if (magic == MAGIC_STORED && raw <= left - 8) {
		memcpy(o->dst + o->pos, src + 8, raw);
		o->pos += raw;
		return 8 + (long)raw;
	}
	if (magic != MAGIC_LZVN || left < 12)
		return -EIO;
	packed = get_le32(src + 8);
	if (packed > left - 12 || lzvn_unpack(src + 12, packed, o->dst, o->pos, raw))
		return -EIO;
	o->pos += raw;
	return 12 + (long)packed;
}

int lzfse_unpack(const uint8_t *src, size_t len, uint8_t *dst, size_t dst_len)
{
	struct decoder *d = malloc(sizeof(*d));
	struct output o = { .dst = dst };
	long step = 0;

	if (!d)
		return -ENOMEM;
	while (len >= 8 && get_le32(src) != MAGIC_END && o.pos < dst_len) {
		o.end = dst_len;
		step = unpack_block(d, src, len, &o);
		if (step < 0)
			break;
		src += step;
		len -= step;
	}
	free(d);
	return step < 0 || o.pos != dst_len ? -EIO : 0;
}
