/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cache.h - blocks of an image that is read over the network
 *
 * The cache serves reads from its blocks, lets threads fetch missing blocks, and reads ahead
 * of sequential reads.  The blocks are kept in memory, or in a file for the next run, within a
 * limit.
 */
#ifndef ANYFS_SOURCES_CACHE_H
#define ANYFS_SOURCES_CACHE_H

#include "nbd-server.h"

#define CACHE_TEXT	512		/* bytes of a message */

/* The result of a fetch. */
enum fetch_result {
	FETCH_DONE,
	FETCH_RETRY,			/* a network error: another try may succeed */
	FETCH_FATAL,			/* the image has changed: all later reads fail */
};

struct cache_fetch;

/* cache-fetch.c */

/*
 * Pass the next bytes of a fetch to the cache.  May wait for the reader.  False: no more bytes
 * are needed, so stop.
 */
bool cache_take(struct cache_fetch *f, const void *data, size_t len);

struct cache_options {
	uint64_t limit;			/* bytes; 0: default */
	const char *file;		/* NULL: memory */
	const char *identity;		/* identifies image and state; NULL: unknown */
	unsigned int threads, timeout_s;
	unsigned int long_fetches;	/* the most at once, fewer than threads; 0: none */
	/* Create the private data of a thread; NULL: out of memory. */
	void *(*begin)(void *data);
	/*
	 * Fetch [@offset, @offset + @len), handing it to cache_take() in order.
	 * Unless the result is FETCH_DONE, @text, of CACHE_TEXT bytes, gets the reason.
	 */
	enum fetch_result (*fetch)(void *data, void *mine, uint64_t offset, uint64_t len,
				   struct cache_fetch *f, char *text);
	void *data;
};

/* cache-store.c */

/*
 * Open the cache file, if there is one, before the sandbox.  0 or errno with
 * @text; EBUSY: another process uses it.
 */
int cache_prepare(const struct cache_options *o, char *text);
/* Whether the cache file contains nothing that can be used again. */
bool cache_is_new(void);

/* cache.c */

/* Create the cache of @s, whose size is set, and start its threads.  0 or errno with @text. */
int cache_create(struct serve *s, const struct cache_options *o, char *text);
/* Add data that was read already. */
void cache_put(uint64_t offset, const void *data, size_t len);
/* Serve all commands of the connection: READ and CACHE from the cache, others fail. */
void cache_run(void) __attribute__((noreturn));

#endif /* ANYFS_SOURCES_CACHE_H */
