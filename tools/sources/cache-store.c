// SPDX-License-Identifier: GPL-2.0
/*
 * cache-store.c - store the blocks of the cache in memory that is shared with the library, or in a
 * file, which cannot be shared, since its size may change
 *
 * Format of the file, version 1; numbers are in the machine's byte order:
 *
 *   0        header, 4096 bytes: struct header, then zeros
 *   4096     table: for each place a struct entry; number 0: the place is free
 *   data     places of 64 KiB each, from the first multiple of 64 KiB after the table
 *
 * The file belongs to one state of one image.  An entry has a hash of its block,
 * which is compared before the block is used: a block that has changed in the file is fetched
 * again.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cache-internal.h"

#define MAGIC		"AnyfsNet"
#define VERSION		1u
#define HEADER_BYTES	4096u
#define IDENTITY_MAX	(HEADER_BYTES - 32)

struct header {
	char magic[8];
	uint32_t version, places;
	uint64_t size;			/* of the image */
	char identity[IDENTITY_MAX];
};

struct entry {
	uint64_t number;		/* number of the block plus 1; 0: none */
	uint64_t hash;
};

static int file = -1;
static struct header *header;
static struct entry *table;
static uint64_t data_start;

/* A checksum against accidental damage; the file belongs to the user, so attacks are no concern. */
static uint64_t checksum(const uint8_t *data, uint32_t len)
{
	uint64_t sum = len, word;

	for (; len >= 8; len -= 8, data += 8) {
		memcpy(&word, data, 8);
		sum = (sum ^ word) * 0x9fb21c651e98df25ull;
		sum ^= sum >> 29;
	}
	for (; len; len--)
		sum = (sum ^ *data++) * 0x9fb21c651e98df25ull;
	return sum ^ sum >> 32;
}

static bool is_ours(int fd, const struct stat *st)
{
	char magic[8];

	return !st->st_size || (pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
				!memcmp(magic, MAGIC, sizeof(magic)));
}

int cache_prepare(const struct cache_options *o, char *text)
{
	struct stat st;

	if (!o->file)
		return 0;
	file = open(o->file, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
	if (file < 0 || fstat(file, &st)) {
		snprintf(text, CACHE_TEXT, "the cache file %s: %s", o->file, strerror(errno));
		return errno;
	}
	if (!S_ISREG(st.st_mode) || !is_ours(file, &st)) {
		snprintf(text, CACHE_TEXT, "%s is not a cache file of anyfs; name another file",
			 o->file);
		return EINVAL;
	}
	if (flock(file, LOCK_EX | LOCK_NB)) {
		snprintf(text, CACHE_TEXT, "the cache file %s is in use by another process",
			 o->file);
		return EBUSY;
	}
	return 0;
}

bool cache_is_new(void)
{
	struct stat st;

	return file < 0 || fstat(file, &st) || !st.st_size;
}

static int store_failed(char *text, const char *what)
{
	int err = errno;

	snprintf(text, CACHE_TEXT, "%s: %s", what, strerror(err));
	return err;
}

static bool header_matches(void)
{
	return !memcmp(header->magic, MAGIC, sizeof(header->magic)) &&
	       header->version == VERSION && header->places == cache.nr &&
	       header->size == cache.s->size && cache.o.identity &&
	       !strncmp(header->identity, cache.o.identity, IDENTITY_MAX);
}

/* The file belongs to another image or an earlier state of this image: clear it. */
static int clear_file(void)
{
	if (ftruncate(file, 0) || ftruncate(file, data_start + (uint64_t)cache.nr * BLOCK))
		return -1;
	header->version = VERSION;
	header->places = cache.nr;
	header->size = cache.s->size;
	if (cache.o.identity && strlen(cache.o.identity) < IDENTITY_MAX)
		strcpy(header->identity, cache.o.identity);
	else
		header->version = 0;	/* the file must not be used again */
	memcpy(header->magic, MAGIC, sizeof(header->magic));
	return 0;
}

uint64_t cache_store_memory(void)
{
	struct stat st;

	return fstat(SERVE_EXTRA_FD, &st) ? 0 : st.st_size;
}

static int open_memory(uint64_t bytes, char *text)
{
	cache.data = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
			  SERVE_EXTRA_FD, 0);
	if (cache.data == MAP_FAILED)
		return store_failed(text, "the cache");
	cache.s->memory = cache.data;
	return 0;
}

int cache_store_open(char *text)
{
	uint64_t bytes = (uint64_t)cache.nr * BLOCK, length;
	uint8_t *base;

	if (file < 0)
		return open_memory(bytes, text);
	length = HEADER_BYTES + (uint64_t)cache.nr * sizeof(*table);
	data_start = (length + BLOCK - 1) / BLOCK * BLOCK;
	/* Set the file's size first: mapped pages must exist. */
	if (ftruncate(file, data_start + bytes))
		return store_failed(text, "the cache file");
	base = mmap(NULL, data_start + bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (base == MAP_FAILED)
		return store_failed(text, "the cache file");
	header = (struct header *)base;
	table = (struct entry *)(base + HEADER_BYTES);
	cache.data = base + data_start;
	if (!header_matches() && clear_file())
		return store_failed(text, "the cache file");
	if (posix_fallocate(file, 0, data_start)) {
		errno = ENOSPC;
		return store_failed(text, "the cache file");
	}
	return 0;
}

void cache_store_load(void (*found)(unsigned int place, uint64_t nr))
{
	for (unsigned int i = 0; table && i < cache.nr; i++)
		if (table[i].number)
			found(i, table[i].number - 1);
}

bool cache_store_reserve(struct block *b)
{
	return !table || !posix_fallocate(file, data_start + (uint64_t)(b - cache.blocks) * BLOCK,
					  BLOCK);
}

void cache_store_forget(const struct block *b)
{
	if (table)
		table[b - cache.blocks].number = 0;
}

void cache_store_keep(const struct block *b)
{
	struct entry *e = table ? &table[b - cache.blocks] : NULL;

	if (!e)
		return;
	e->hash = checksum(block_data(b), block_len(b->nr));
	__atomic_store_n(&e->number, b->nr + 1, __ATOMIC_RELEASE);
}

bool cache_store_check(const struct block *b)
{
	return table[b - cache.blocks].hash == checksum(block_data(b), block_len(b->nr));
}
