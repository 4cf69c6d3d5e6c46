/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cache-internal.h - shared by cache.c (blocks and reads), cache-ahead.c (reading ahead),
 * cache-fetch.c (threads that fetch) and cache-store.c (storage of blocks)
 */
#ifndef ANYFS_SOURCES_CACHE_INTERNAL_H
#define ANYFS_SOURCES_CACHE_INTERNAL_H

#include "cache.h"

#define BLOCK		(64u << 10)	/* bytes */
#define FETCH_BLOCKS	64u		/* blocks of one fetch */
#define PART_BLOCKS	17u		/* blocks of one part of a read: 1 MiB, unaligned */
#define CHUNK_BLOCKS	32u		/* blocks of the usual chunk that is read ahead */
#define ROUND_UP	4u		/* blocks to fetch for a read outside a stream */
#define STREAMS		8u		/* sequential reads that are recognised at once */

enum block_state { BLOCK_ABSENT, BLOCK_FETCHING, BLOCK_READY };

/* A place for a block; the data of the place with index N is at N * BLOCK of cache.data. */
struct block {
	uint64_t nr;			/* number of the block of the image, unless ABSENT */
	struct block *hash_next;
	struct block *newer, *older;
	const struct cache_fetch *fetch;	/* that stores its data, while FETCHING */
	enum block_state state;
	unsigned int pins;		/* number of users: reads and the fetch */
	bool check;			/* from the cache file of an earlier run: not checked yet */
	bool lost;			/* the file system of the cache file is full */
};

/* A part of a read, which is answered when its blocks are there. */
struct part {
	struct part *next;
	struct request *request;
	uint64_t offset;
	uint32_t len;
	struct block *blocks[PART_BLOCKS];
	unsigned int nr, missing;
	const char *error;		/* NULL, or the error */
	uint64_t token;			/* if it is lent: its number for the library */
};

struct request {
	struct request *next;		/* in the backlog */
	struct command *c;
	uint32_t begun;			/* bytes that were split into parts */
	unsigned int parts;		/* number of parts without an answer */
	const char *error;
};

/*
 * A fetch: adjacent blocks that one request to the server reads.  Those that it stores are pinned
 * for it; a long fetch ignores the data of others.
 */
struct cache_fetch {
	struct cache_fetch *next;
	uint64_t start, pos, end;	/* byte range of the image; pos: the next byte to arrive */
	uint64_t limit;			/* end of the server's answer: beyond end, if is_long */
	uint64_t begun_ns, first_ns;	/* times: request sent, first byte arrived */
	bool urgent;
	bool is_long;			/* see cache-ahead.c */
};

struct fetch_queue {
	struct cache_fetch *head, **tail;
};

struct stream {
	uint64_t next;			/* block at which a read would continue the stream */
	uint64_t ahead;			/* block up to which data was requested */
	uint64_t used;			/* time of the last use; the oldest is replaced */
	uint64_t length;		/* blocks that were read in it */
	unsigned int window;		/* blocks to read ahead */
	struct cache_fetch *fetch;	/* its long fetch, or NULL */
};

struct cache {
	struct serve *s;
	struct cache_options o;
	unsigned int nr;		/* places */
	unsigned int lost;		/* places without room on the disk */
	struct block *blocks;
	struct block **buckets;
	unsigned int mask;		/* of buckets */
	struct block *newest, *oldest;
	uint8_t *data;			/* nr * BLOCK bytes; shared, unless in a file */

	pthread_mutex_t lock;
	struct part *waiting;		/* for blocks */
	struct part *lent;		/* parts whose blocks the library may be reading */
	uint64_t tokens;		/* the last token */
	struct request *backlog, **backlog_tail;	/* for places */
	struct fetch_queue urgent, ahead;
	pthread_cond_t work;		/* there is a fetch for a thread */
	pthread_cond_t room;		/* a long fetch has got places, or has to end */
	struct stream streams[STREAMS];
	uint64_t clock;			/* of streams */
	unsigned int long_fetches;	/* the number of them */
	uint64_t wait_ns, transfer_ns;	/* time to the first byte, and of a chunk after that */
	bool is_down;			/* the network fails, since the time down_since */
	uint64_t down_since;		/* ns */
	const char *fatal;		/* the error that ends all reads, or NULL */
};

extern struct cache cache;

/* cache.c; lock held */

/* The place of block @nr, or NULL. */
struct block *cache_find(uint64_t nr);
/* Find block @nr if it is present or being fetched; data from the cache file is checked here. */
struct block *cache_look_up(uint64_t nr);
/* Get a pinned place for block @nr, which @f is to fetch; NULL: all are in use. */
struct block *cache_take_place(uint64_t nr, const struct cache_fetch *f);
/* A fetch without blocks that will begin with block @nr. */
struct cache_fetch *cache_new_fetch(uint64_t nr, bool urgent);
/*
 * Fetch the absent blocks of [@nr, @end) while there are places, with at most @most blocks in each
 * fetch.  Returns the first block that was not handled.
 */
uint64_t cache_fetch_range(uint64_t nr, uint64_t end, unsigned int most, bool urgent);
/* To be called when the block @b has arrived: moves complete parts to *@ready. */
void cache_block_ready(struct block *b, struct part **ready);
/* To be called when the rest of @f failed: moves the parts that needed it to *@ready. */
void cache_fetch_failed(struct cache_fetch *f, const char *text, struct part **ready);
/* The blocks of @p are no longer used for it. */
void cache_unpin(struct part *p);
/* Begin waiting parts while there are places.  Those that are complete are added to *@ready. */
void cache_pump(struct part **ready);

/* cache-answer.c */

/* Answer the parts in @ready.  To be called without the lock. */
void cache_answer(struct part *ready);
/* The library has copied the data of the part that was lent with @token. */
void cache_release(uint64_t token);

/* cache-ahead.c */

/* Stop the long fetch @f at the blocks for which it has places. */
void cache_end_long(struct cache_fetch *f);
/*
 * If @c skips a gap that a long fetch will soon have passed, let that fetch store the blocks of
 * @c.  Lock held.
 */
void cache_skip_gap(const struct command *c);
/* Fetch what a reader that has sent @c will probably read next.  Lock held. */
void cache_read_ahead(const struct command *c);

/* cache-fetch.c */

/* Let a thread run @f and free it.  Lock held. */
void cache_queue(struct cache_fetch *f);
/* Move the fetch of @b, which is needed now, before fetches that read ahead. */
void cache_make_urgent(const struct block *b);
int cache_start_threads(char *text);

/* cache-store.c */

/* The size of the shared memory, in bytes. */
uint64_t cache_store_memory(void);
/* Map the places; cache_store_load() lists those that the file has. */
int cache_store_open(char *text);
/* Call @found for each block that the file has. */
void cache_store_load(void (*found)(unsigned int place, uint64_t nr));
/* Allocate room on the disk for the place of @b.  False: there is none. */
bool cache_store_reserve(struct block *b);
/* Mark the old content of the place of @b as invalid, before it is overwritten. */
void cache_store_forget(const struct block *b);
/* Mark the new content of the place of @b as valid. */
void cache_store_keep(const struct block *b);
/* Whether the data of @b is still the data that was stored. */
bool cache_store_check(const struct block *b);

static inline uint8_t *block_data(const struct block *b)
{
	return cache.data + (uint64_t)(b - cache.blocks) * BLOCK;
}

static inline uint64_t nr_blocks(void)
{
	return (cache.s->size + BLOCK - 1) / BLOCK;
}

/* The number of bytes of block @nr: the last block may be shorter. */
static inline uint32_t block_len(uint64_t nr)
{
	uint64_t left = cache.s->size - nr * BLOCK;

	return left < BLOCK ? left : BLOCK;
}

#endif /* ANYFS_SOURCES_CACHE_INTERNAL_H */
