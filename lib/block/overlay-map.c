// SPDX-License-Identifier: GPL-2.0
/*
 * overlay-map.c - the bitmap of an overlay, see overlay-map.h
 */
#include <endian.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include "overlay-map.h"

#define WORD_BITS	64u
#define PAGE_WORDS	(OVERLAY_MAP_PAGE / sizeof(uint64_t))

uint64_t overlay_map_bytes(uint64_t blocks)
{
	uint64_t bits = OVERLAY_MAP_PAGE * 8;

	return (blocks / bits + !!(blocks % bits)) * OVERLAY_MAP_PAGE;
}

static void *get_zeroed(uint64_t bytes)
{
	void *mem;

	if (bytes != (size_t)bytes)
		return NULL;
	mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return mem == MAP_FAILED ? NULL : mem;
}

static uint64_t changed_bytes(const struct overlay_map *map)
{
	return (map->pages / WORD_BITS + 1) * sizeof(uint64_t);
}

int overlay_map_init(struct overlay_map *map, uint64_t blocks)
{
	map->blocks = blocks;
	map->pages = overlay_map_bytes(blocks) / OVERLAY_MAP_PAGE;
	map->words = get_zeroed(overlay_map_bytes(blocks));
	map->changed = get_zeroed(changed_bytes(map));
	if (map->words && map->changed)
		return 0;
	overlay_map_free(map);
	return -ENOMEM;
}

void overlay_map_free(struct overlay_map *map)
{
	if (map->words)
		munmap((void *)map->words, map->pages * OVERLAY_MAP_PAGE);
	if (map->changed)
		munmap((void *)map->changed, changed_bytes(map));
	map->words = map->changed = NULL;
}

uint64_t overlay_map_run(const struct overlay_map *map, uint64_t first, uint64_t nr, bool *set)
{
	uint64_t pos = first, end = first + nr, word;

	word = atomic_load_explicit(&map->words[pos / WORD_BITS], memory_order_acquire);
	*set = word >> pos % WORD_BITS & 1;
	for (;;) {
		/* Invert the word, so that the bits that end the run are ones. */
		word = (*set ? ~word : word) >> pos % WORD_BITS;
		if (word) {
			pos += __builtin_ctzll(word);
			break;
		}
		pos += WORD_BITS - pos % WORD_BITS;
		if (pos >= end)
			break;
		word = atomic_load_explicit(&map->words[pos / WORD_BITS], memory_order_acquire);
	}
	return (pos < end ? pos : end) - first;
}

static void mark_changed(struct overlay_map *map, uint64_t page)
{
	atomic_fetch_or_explicit(&map->changed[page / WORD_BITS], 1ull << page % WORD_BITS,
				 memory_order_release);
	atomic_store_explicit(&map->dirty, true, memory_order_release);
}

void overlay_map_set(struct overlay_map *map, uint64_t first, uint64_t nr)
{
	uint64_t pos = first, end = first + nr, bits = OVERLAY_MAP_PAGE * 8;

	if (!nr)
		return;
	while (pos < end) {
		uint64_t left = end - pos, shift = pos % WORD_BITS, mask = ~0ull << shift;

		if (left < WORD_BITS - shift)
			mask &= ~0ull >> (WORD_BITS - shift - left);
		atomic_fetch_or_explicit(&map->words[pos / WORD_BITS], mask, memory_order_release);
		pos += WORD_BITS - shift;
	}
	for (uint64_t page = first / bits; page <= (end - 1) / bits; page++)
		mark_changed(map, page);
	atomic_store_explicit(&map->used, true, memory_order_release);
}

void overlay_map_load(struct overlay_map *map, uint64_t offset, const void *data, size_t len)
{
	const uint64_t *src = data;

	for (size_t i = 0; i < len / sizeof(*src); i++) {
		uint64_t word = le64toh(src[i]), at = offset / sizeof(word) + i;

		if (at > map->blocks / WORD_BITS)
			return;
		if (at == map->blocks / WORD_BITS)	/* clear the bits after the last block */
			word &= ~(~0ull << map->blocks % WORD_BITS);
		if (!word)
			continue;
		atomic_store_explicit(&map->words[at], word, memory_order_relaxed);
		atomic_store_explicit(&map->used, true, memory_order_release);
	}
}

bool overlay_map_take(struct overlay_map *map, uint64_t *page, void *data)
{
	uint64_t *dst = data;

	for (; *page < map->pages; ++*page) {
		_Atomic uint64_t *word = &map->changed[*page / WORD_BITS];
		uint64_t bit = 1ull << *page % WORD_BITS;

		if (!atomic_load_explicit(word, memory_order_relaxed)) {
			*page |= WORD_BITS - 1;
			continue;
		}
		if (!(atomic_fetch_and_explicit(word, ~bit, memory_order_acquire) & bit))
			continue;
		for (size_t i = 0; i < PAGE_WORDS; i++)
			dst[i] = htole64(atomic_load_explicit(&map->words[*page * PAGE_WORDS + i],
							      memory_order_acquire));
		return true;
	}
	return false;
}
