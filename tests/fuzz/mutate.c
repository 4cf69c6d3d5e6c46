// SPDX-License-Identifier: GPL-2.0
/*
 * mutate.c - change an image at random
 *
 * The seed and the number of the image determine all changes.  Most changes fall on bytes
 * that are read when the pristine image is mounted and walked: the rest of an image is
 * mostly unused space.  The checksums of btrfs blocks are corrected, or the code behind
 * the checks would not be reached.
 */
#include <string.h>
#include "fuzz.h"

static struct random start(const struct job *job, uint64_t number)
{
	struct random r = { job->seed * 0x10001 + number * 0x100000007ull };

	return r;
}

static uint64_t any_place(const struct job *job, struct random *r, uint64_t size)
{
	uint64_t kind = random_below(r, 16), place;

	if (kind < 12 && job->shared->nr_seed_reads) {
		uint32_t i = random_below(r, job->shared->nr_seed_reads);
		const struct range *range = &job->shared->seed_reads[i];
		/* The beginning of a block is the most interesting part. */
		bool all = random_below(r, 2) || range->len < 512;

		place = range->start + random_below(r, all ? range->len : 512);
	} else if (kind < 14) {
		place = random_below(r, size < 65536 ? size : 65536);
	} else {
		place = random_below(r, size);
	}
	return place < size ? place : random_below(r, size);
}

/* Prefer bytes that are not zero. */
static uint64_t pick_place(const struct job *job, struct random *r, const char *data, uint64_t size)
{
	uint64_t place = any_place(job, r, size);

	for (unsigned int tries = 0; tries < 6 && !data[place]; tries++)
		place = any_place(job, r, size);
	return place;
}

static void put(char *at, uint64_t value, unsigned int len, bool big)
{
	for (unsigned int i = 0; i < len; i++)
		at[big ? len - 1 - i : i] = value >> 8 * i;
}

static uint64_t get_number(const char *at, unsigned int len, bool big)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < len; i++)
		value |= (uint64_t)(unsigned char)at[big ? len - 1 - i : i] << 8 * i;
	return value;
}

/* Set a number of 2, 4 or 8 bytes to an extreme value, or change it a little. */
static void change_number(struct random *r, char *data, uint64_t place, uint64_t size)
{
	static const uint64_t odd[] = {
		0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000,
		0xffffffff, 0x7fffffffffffffff, 0x8000000000000000, ~0ull,
	};
	unsigned int len = 2u << random_below(r, 3);
	bool big = random_below(r, 4) == 0;
	char *at = data + place / len * len;

	if (place / len * len + len > size)
		return;
	if (random_below(r, 2))
		put(at, odd[random_below(r, sizeof(odd) / sizeof(*odd))], len, big);
	else
		put(at, get_number(at, len, big) + random_below(r, 33) - 16, len, big);
}

static void change(const struct job *job, struct random *r, char *data, uint64_t size)
{
	uint64_t place = pick_place(job, r, data, size);
	uint64_t from = pick_place(job, r, data, size), len;

	switch (random_below(r, 8)) {
	case 0:
		data[place] ^= 1 << random_below(r, 8);
		break;
	case 1:
		data[place] = random_next(r);
		break;
	case 2 ... 5:
		change_number(r, data, place, size);
		break;
	case 6:
		len = 1 + random_below(r, 512);
		if (len <= size - place && len <= size - from)
			memmove(data + place, data + from, len);
		break;
	case 7:
		len = 1 + random_below(r, 256);
		if (len <= size - place)
			memset(data + place, random_below(r, 2) ? 0 : 0xff, len);
		break;
	}
}

/* ---- btrfs ---- */

static uint32_t crc32c(const char *data, size_t len)
{
	static uint32_t table[256];
	uint32_t crc = ~0u;

	for (unsigned int i = 0; !table[255] && i < 256; i++) {
		table[i] = i;
		for (int k = 0; k < 8; k++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0x82f63b78 : 0);
	}
	while (len--)
		crc = table[(crc ^ *data++) & 0xff] ^ crc >> 8;
	return ~crc;
}

/* A block begins with 32 bytes for the checksum of the rest of the block. */
static void set_crc32c(char *data, uint64_t size, uint64_t start, uint64_t len)
{
	if (start + len <= size)
		put(data + start, crc32c(data + start + 32, len - 32), 4, false);
}

#define BTRFS_SUPER	65536
#define BTRFS_NODE	16384

static void fix_btrfs(const struct job *job, char *data, uint64_t size)
{
	set_crc32c(data, size, BTRFS_SUPER, 4096);
	for (uint32_t i = 0; i < job->shared->nr_seed_reads; i++) {
		const struct range *range = &job->shared->seed_reads[i];

		uint64_t end = range->start + range->len;

		for (uint64_t at = range->start; at + BTRFS_NODE <= end; at += BTRFS_NODE) {
			/*
			 * A tree block has the file system's id at the same offset as the
			 * superblock.
			 */
			if (at + BTRFS_NODE <= size && BTRFS_SUPER + 48 <= size &&
			    !memcmp(data + at + 32, data + BTRFS_SUPER + 32, 16))
				set_crc32c(data, size, at, BTRFS_NODE);
		}
	}
}

/* ---- one image ---- */

uint64_t mutate_size(const struct job *job, uint64_t number)
{
	struct random r = start(job, ~number);

	/* One image in 32 is truncated. */
	if (random_below(&r, 32))
		return job->size;
	return 512 + random_below(&r, job->size / 512) * 512;
}

void mutate(const struct job *job, uint64_t number, char *data, uint64_t size)
{
	struct random r = start(job, number);
	unsigned int nr = 1;

	while (nr < 32 && random_below(&r, 5))
		nr++;
	while (nr--)
		change(job, &r, data, size);
	if (!strcmp(job->fstype, "btrfs") && random_below(&r, 8))
		fix_btrfs(job, data, size);
}
