// SPDX-License-Identifier: GPL-2.0
/*
 * reproducible.c - a kernel that does the same in each run
 *
 * The behaviour of a kernel depends on its calls, on random numbers, on time, and on when
 * requests complete.  For a reproducible kernel the random numbers are a stream with a fixed
 * seed, and block requests complete before blk_submit() returns.  Its clock does not depend on
 * the host's: each read advances it a little, and when the kernel is idle while a call waits, the
 * clock jumps to the next timer.  Between calls time stands still, and a call returns only when
 * no task of the kernel can run, so the speed of the caller has no effect.
 *
 * This holds for calls from a single thread: the order of calls from several threads is that of
 * the host's scheduler.
 */
#include <string.h>
#include "internal.h"

/* Nanoseconds by which a read advances the clock, so that loops which wait for a time end. */
#define READ_NS		1000u

#define BLOCK_WORDS	16u

static uint32_t rotate(uint32_t v, unsigned int bits)
{
	return v << bits | v >> (32 - bits);
}

static void quarter_round(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
	*d = rotate(*d ^ (*a += *b), 16);
	*b = rotate(*b ^ (*c += *d), 12);
	*d = rotate(*d ^ (*a += *b), 8);
	*b = rotate(*b ^ (*c += *d), 7);
}

/* The block function of ChaCha20, RFC 8439 section 2.3. */
static void chacha_block(const uint32_t in[BLOCK_WORDS], uint32_t x[BLOCK_WORDS])
{
	memcpy(x, in, BLOCK_WORDS * sizeof(*x));
	for (int i = 0; i < 10; i++) {
		for (int c = 0; c < 4; c++)
			quarter_round(&x[c], &x[4 + c], &x[8 + c], &x[12 + c]);
		for (int c = 0; c < 4; c++)
			quarter_round(&x[c], &x[4 + (c + 1) % 4], &x[8 + (c + 2) % 4],
				      &x[12 + (c + 3) % 4]);
	}
	for (unsigned int i = 0; i < BLOCK_WORDS; i++)
		x[i] += in[i];
}

void reproducible_init(struct anyfs_kernel *k, uint64_t seed)
{
	/* "expand 32-byte k"; the key is the seed, counter and nonce begin at 0 */
	uint32_t start[BLOCK_WORDS] = {
		0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, seed, seed >> 32,
	};

	memcpy(k->repro.stream, start, sizeof(start));
	k->repro.deadline = ~0ULL;
	k->repro.calls = 1;		/* the boot */
	k->reproducible = true;
}

void reproducible_random(struct anyfs_kernel *k, void *buf, size_t len)
{
	uint32_t block[BLOCK_WORDS];
	char *to = buf;

	while (len) {
		size_t part = len < sizeof(block) ? len : sizeof(block);

		chacha_block(k->repro.stream, block);
		if (!++k->repro.stream[12])
			k->repro.stream[13]++;
		memcpy(to, block, part);
		to += part;
		len -= part;
	}
}

static void fire(struct anyfs_kernel *k)
{
	k->repro.deadline = ~0ULL;
	__atomic_fetch_or(&k->cpu->irqs, LKL_IRQ_TIMER, __ATOMIC_SEQ_CST);
}

uint64_t reproducible_clock_ns(struct anyfs_kernel *k)
{
	k->repro.now += READ_NS;
	if (k->repro.now >= k->repro.deadline)
		fire(k);
	return k->repro.now;
}

void reproducible_timer_set(struct anyfs_kernel *k, uint64_t deadline)
{
	k->repro.deadline = deadline;
}

bool reproducible_skip(struct anyfs_kernel *k)
{
	if (!__atomic_load_n(&k->repro.calls, __ATOMIC_RELAXED) ||
	    __atomic_load_n(&k->repro.kept, __ATOMIC_RELAXED) || k->repro.deadline == ~0ULL)
		return false;
	if (k->repro.now < k->repro.deadline)
		k->repro.now = k->repro.deadline;
	fire(k);
	return true;
}
