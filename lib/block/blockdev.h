/* SPDX-License-Identifier: GPL-2.0 */
/*
 * blockdev.h - the contract between the block engine and its backends
 *
 * A blockdev yields the bytes of a disk.  A backend (raw, memory, callback) is
 * one kind of blockdev; a layer (limit, overlay) is a blockdev on top of another.
 * A request is the kernel's own struct lkl_block_req, so that nothing needs to be
 * copied or allocated between the kernel and a backend.
 *
 * Threads: submit may be called from any thread, for several requests at the same
 * time, and on a small stack (only 8 KiB may be left).  A backend that calls foreign
 * code must therefore call it from a thread of its own.
 */
#ifndef ANYFS_BLOCKDEV_H
#define ANYFS_BLOCKDEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lkl_abi.h"

struct blockdev;
struct discards;

/*
 * Result of the operation "extents": the kind of a range, known without reading it.  Extents
 * have no gaps.
 */
struct blockdev_extent {
	uint64_t len;			/* bytes, not 0 */
	unsigned int flags;		/* BLOCKDEV_EXTENT_*; 0: data */
};
#define BLOCKDEV_EXTENT_ZERO	(1u << 0)	/* reads as zeros */
#define BLOCKDEV_EXTENT_HOLE	(1u << 1)	/* no storage is allocated for it */

enum blockdev_descriptor {
	BLOCKDEV_FD_READ,		/* descriptor for pread() and fstat() */
	/*
	 * For probing libraries, which change the file offset and the readahead
	 * setting of the open file.  lib/image/probe.c lets one probe at a time.
	 */
	BLOCKDEV_FD_PROBE,
};

struct blockdev_ops {
	size_t size;			/* sizeof this struct: later versions may add members */
	const char *kind;		/* "raw", "memory", ... */

	/*
	 * Serve @req.  BLOCKDEV_DONE: @req is complete, req->status is set and
	 * req->done is not called.  BLOCKDEV_KEPT: the backend calls
	 * blockdev_complete() once, from any thread, perhaps before submit returns.
	 * Must not wait for anything slow.
	 *
	 * blockdev_submit() has checked @req: it is inside the capacity, aligned to
	 * blocks, and an operation that the blockdev declares.
	 */
	int (*submit)(struct blockdev *bd, struct lkl_block_req *req);

	/*
	 * Complete, on the calling thread, one LKL_BLK_AHEAD request that was kept
	 * and that no thread has started, if that needs no waiting.  False: there was
	 * none.  NULL: the backend does not support this.
	 */
	bool (*help)(struct blockdev *bd);

	/*
	 * Complete the kept request @req (NULL: all kept requests) soon, with any
	 * status: the result is no longer needed.  @req may be complete already.
	 * Does not wait.  NULL: the backend cannot cancel requests.
	 */
	void (*cancel)(struct blockdev *bd, struct lkl_block_req *req);

	/*
	 * Return a host file descriptor that holds the disk's bytes from offset
	 * fd_start on, borrowed while the blockdev is open; -1: none.  NULL: none.
	 */
	int (*descriptor)(struct blockdev *bd, enum blockdev_descriptor use);

	/*
	 * Describe the range [@offset, @offset + @len), from its start, with one to
	 * @max extents, which need not cover all of it; @len and @max are not 0.
	 * Returns the number of extents, or -errno.  May wait.  NULL: all is data.
	 */
	int (*extents)(struct blockdev *bd, uint64_t offset, uint64_t len,
		       struct blockdev_extent *extents, unsigned int max);

	/*
	 * Read @len bytes, of whole blocks, on the calling thread, without starting
	 * threads: for programs that have not entered their sandbox yet.  0, -EAGAIN (a thread
	 * already serves requests: use submit) or -errno. NULL: use submit.
	 */
	int (*read_now)(struct blockdev *bd, void *buf, size_t len, uint64_t offset);

	/*
	 * [@offset, @offset + @len) will be read soon.  Does not wait and may do nothing.
	 * NULL: does nothing.
	 */
	void (*prefetch)(struct blockdev *bd, uint64_t offset, uint64_t len);

	/*
	 * Free @bd and all it holds, except its name.  Called when the last reference
	 * is dropped; no request is in flight.
	 */
	void (*close)(struct blockdev *bd);
};

#define BLOCKDEV_DONE	0
#define BLOCKDEV_KEPT	1

/* Limits and preferences of requests.  In bytes, unless stated. */
struct blockdev_limits {
	uint32_t logical_block;		/* power of two, 512 ... 4096 */
	uint32_t physical_block;
	uint32_t io_opt;		/* preferred size of a request; 0: no preference */
	uint32_t discard_granularity;	/* if can_discard */
	/* A layer enforces the following limits for the backend: see limit.c. */
	uint64_t max_request;		/* size of a READ or WRITE, whole blocks; 0: no limit */
	uint32_t max_in_flight;		/* number of requests; 0: no limit */
	uint32_t time_limit_ms;		/* milliseconds for one request; 0: no limit */
};

/* First member of every backend's own struct.  Constant after opening, except refs and stopped. */
struct blockdev {
	const struct blockdev_ops *ops;
	_Atomic unsigned int refs;
	char *name;			/* for messages; owned, freed by blockdev_close() */
	uint64_t capacity;		/* bytes, a multiple of limits.logical_block */
	struct blockdev_limits limits;
	bool can_write;
	bool can_flush;
	bool can_fua;
	bool can_discard;		/* DISCARD: the content becomes undefined */
	bool can_zero;			/* ZERO: the content becomes zeros */
	bool is_remote;			/* reads cost network round trips: read little, prefetch */
	bool has_cache;			/* reading costs none after prefetch */
	bool calls_kernel;		/* serves a kernel's requests by calls into that kernel */
	uint64_t fd_start;		/* byte offset of the disk in the file of its descriptors */
	char format[48];		/* format of the image file: "qcow2"; "" for raw */
	uint32_t tail;			/* bytes at the end that are not stored and read as zeros */
	uint64_t shadow_limit;		/* bytes of data in its shadow (attach.h); 0: default */
	bool block_given;		/* the user has set the sector size */
	bool force_write;		/* the user wants to write in spite of problems found */
	bool stop_on_error;		/* after a write has failed, attach.c refuses all writes */
	_Atomic int stopped;		/* then the error of that write, else 0 */
	struct discards *discards;	/* of the layer that keeps them (discards.h), or NULL */
};

/* blockdev.c */

/* True if the blockdev has the operation @member of struct blockdev_ops. */
#define BLOCKDEV_HAS(bd, member) \
	((bd)->ops->size >= offsetof(struct blockdev_ops, member) + sizeof((bd)->ops->member) && \
	 (bd)->ops->member)

/*
 * For backends: set the operations and a copy of @name in @bd, which is zeroed; the
 * caller gets one reference.  0 or -ENOMEM.  Do not call blockdev_close() before
 * everything that the close operation frees is initialized.
 */
int blockdev_init(struct blockdev *bd, const struct blockdev_ops *ops, const char *name);
/* Like blockdev_init(), for a layer: also copies name, capacity, limits and abilities of @lower. */
int blockdev_init_over(struct blockdev *bd, const struct blockdev_ops *ops,
		       const struct blockdev *lower);

/* The descriptor for @use, borrowed, or -1. */
int blockdev_descriptor(struct blockdev *bd, enum blockdev_descriptor use);

/*
 * Describe [@offset, @offset + @len) with extents, like the operation extents.
 * The extents may cover less than @len: call again for the rest.  -EINVAL if the
 * range is empty or not inside the disk, or @max is 0.  May wait: call it from any
 * thread outside the kernel.
 */
int blockdev_extents(struct blockdev *bd, uint64_t offset, uint64_t len,
		     struct blockdev_extent *extents, unsigned int max);

/* Call the operation help of @bd.  False: nothing was completed, or @bd cannot help. */
bool blockdev_help(struct blockdev *bd);
/* Call the operation cancel of @bd, if it has one. */
void blockdev_cancel(struct blockdev *bd, struct lkl_block_req *req);

/* [@offset, @offset + @len) will be read soon.  The part beyond the end of the disk is ignored. */
void blockdev_prefetch(struct blockdev *bd, uint64_t offset, uint64_t len);

/* Take a reference; blockdev_close() drops it.  Returns @bd.  Any thread. */
struct blockdev *blockdev_get(struct blockdev *bd);

/*
 * Check @req against the declared limits and submit it to the backend.  A rejected
 * request is BLOCKDEV_DONE with status -EIO (out of range), -EINVAL (not whole
 * blocks, larger than limits.max_request, unknown operation), -EROFS or
 * -EOPNOTSUPP.  The lengths in req->iov add up to req->len.
 */
int blockdev_submit(struct blockdev *bd, struct lkl_block_req *req);

/*
 * Return @status if it is 0 or a negative Linux errno, else -EIO: a foreign function
 * may return any value.
 */
int blockdev_status(int status);

/* For backends: complete @req, which submit kept, with blockdev_status(@status). */
void blockdev_complete(struct lkl_block_req *req, int status);

/*
 * Synchronous helpers for any thread outside the kernel; whole blocks only.
 * 0 or -errno.  Flushing a blockdev that has nothing to flush succeeds.
 */
int blockdev_pread(struct blockdev *bd, void *buf, size_t len, uint64_t offset);
int blockdev_pwrite(struct blockdev *bd, const void *buf, size_t len, uint64_t offset);
int blockdev_flush(struct blockdev *bd);

/*
 * Read any @len bytes, not only whole blocks; -EIO beyond the last byte that is stored.
 * If @bd has a descriptor or read_now, the calling thread reads and no thread is started:
 * a program must not start threads before it enters its sandbox.
 */
int blockdev_read_bytes(struct blockdev *bd, void *buf, size_t len, uint64_t offset);

/*
 * Drop a reference; NULL is fine.  Dropping the last one closes @bd, which may wait for
 * its threads.  The caller must have no request in flight.  Any thread outside the kernel.
 */
void blockdev_close(struct blockdev *bd);

/* stop.c: for a blockdev with stop_on_error */

/* True if @req is refused, because an earlier write failed: then its status is set. */
bool blockdev_stop_refuses(struct blockdev *bd, struct lkl_block_req *req);
/* To be called for each completed request, before its submitter gets it back. */
void blockdev_stop_note(struct blockdev *bd, const struct lkl_block_req *req);
/* The error with which writes are refused, or 0. */
int blockdev_stopped(struct blockdev *bd);
/* Set the error text for @object on @bd, which has stopped.  Returns the error. */
int blockdev_stop_error(struct blockdev *bd, const char *object);

/* raw.c: regular files and block devices */

#define BLOCKDEV_WRITE	(1u << 0)	/* open for writing, exclusive lock */
#define BLOCKDEV_NOLOCK	(1u << 1)	/* take no lock on the image */
#define BLOCKDEV_SHORT	(1u << 2)	/* may be shorter than a sector: raw_check_length() */

/*
 * Open a regular file or block device and lock it with an open file description
 * lock, shared for reading, exclusive for writing.  0; -EBUSY if another lock
 * conflicts; -EISDIR; -ENODATA if it is empty; -EINVAL if it is neither a file nor a
 * block device, or shorter than a sector; -ENOLCK if it cannot be locked for
 * writing; -EROFS if the block device is read-only; or -errno of open(2).  Every
 * error sets the error text.
 */
int raw_open(const char *path, unsigned int flags, struct blockdev **bd);

/*
 * Like raw_open(), for a descriptor, which the caller keeps.  The file is opened again
 * through /proc, so that the lock belongs to this blockdev alone.  If that fails, the
 * descriptor is duplicated, and the lock is shared with its other duplicates.
 */
int raw_open_fd(int fd, const char *name, unsigned int flags, struct blockdev **bd);

/* Set the size of @bd, opened by raw_open_fd() and not used yet, to @size bytes, not 0. */
void raw_set_size(struct blockdev *bd, uint64_t size);

/* 0, or -EINVAL with error text if @bd is shorter than a sector, which no raw image is. */
int raw_check_length(const struct blockdev *bd);

/*
 * Restrict @bd, opened by raw_open() or raw_open_fd() and not used yet, to @size bytes
 * at offset @start of its file; @size 0: up to the end.  -EINVAL if the range is not
 * inside the file, or if @size is not a multiple of 512 and the range does not end at
 * the end of the file.
 */
int raw_limit(struct blockdev *bd, uint64_t start, uint64_t size);

/* memory.c: the example of a backend */

/* A zeroed disk of @capacity bytes (multiple of 512) in memory.  -EINVAL, -ENOMEM. */
int memory_open(uint64_t capacity, struct blockdev **bd);

/* limit.c */

/* True if @bd limits the size, number or time of requests: then it needs the layer. */
bool blockdev_is_limited(const struct blockdev *bd);

/*
 * Create a layer over @lower that accepts any request and enforces the limits of
 * @lower.  The layer takes a reference to @lower; the caller keeps its own.  A
 * request that takes longer than the time limit ends with -ETIMEDOUT.  Closing the
 * layer does not wait for such a request: @lower is closed after the backend has
 * completed the last one.  block_attach() adds this layer if it is needed.  0 or
 * -ENOMEM.
 */
int limit_open(struct blockdev *lower, struct blockdev **bd);

/* callback.c */

/*
 * A blockdev whose requests are served by the function @request, on at most
 * @threads threads, so up to that many calls run at the same time.  @request serves
 * a whole request, returns 0 or -errno, and may wait.  @cancel (may be NULL) is
 * called from any thread while @request serves @req (NULL: any request), and should
 * make @request return.  @close (may be NULL) runs on the thread that closes the
 * blockdev; it must not call the kernel that has the disk, and is not called if
 * callback_open() fails.  @capacity is a multiple of 512.  A writable blockdev gets
 * flushes.  A caller that serves DISCARD, ZERO or FUA sets the can_ members of the
 * blockdev, and one that has limits sets its limits, before the first use.
 */
struct callback_ops {
	int (*request)(void *data, struct lkl_block_req *req);
	void (*cancel)(void *data, struct lkl_block_req *req);
	void (*close)(void *data);
};
int callback_open(const struct callback_ops *ops, void *data, uint64_t capacity,
		  bool can_write, unsigned int threads, struct blockdev **bd);

/* pool.c: threads for requests that would block */

/*
 * Serve requests with @fn on at most @threads threads; its result becomes the
 * request's status.  Threads start when there is work and exit after some seconds
 * without work.  The pool uses req->next of a queued request.
 */
struct block_pool;
int block_pool_create(unsigned int threads, int (*fn)(void *data, struct lkl_block_req *req),
		      void *data, struct block_pool **pool);
/*
 * Call it before the first request: a single thread serves readahead requests one
 * after the other, as long as it does not have to wait.  For data that is only copied.
 */
void block_pool_read_ahead_in_turn(struct block_pool *pool);
/* To be called by @fn before it waits, so that another thread serves other readahead requests. */
void block_pool_will_wait(struct block_pool *pool);
/*
 * Queue @req; the pool calls blockdev_complete() for it.  The order is first in,
 * first out, with readahead requests (LKL_BLK_AHEAD) after all others.
 */
void block_pool_submit(struct block_pool *pool, struct lkl_block_req *req);
/* Complete @req (NULL: all requests) with -ECANCELED if no thread has started it. */
void block_pool_cancel(struct block_pool *pool, struct lkl_block_req *req);
/* Remove the first request for which @wanted returns true from the queue; NULL: none. */
struct lkl_block_req *block_pool_take(struct block_pool *pool,
				      bool (*wanted)(const struct lkl_block_req *req));
/*
 * Queue @req again, which block_pool_take() removed: a readahead request before the other
 * readahead requests, any other request before all others.
 */
void block_pool_put_back(struct block_pool *pool, struct lkl_block_req *req);
/*
 * True if the calling thread is a pool thread that completes a request, and the pool
 * does not need it at the moment: nothing is queued, and other threads can serve new
 * requests.
 */
bool block_pool_can_spare_caller(void);
/* False: pools have no threads, and submitting a request serves it. */
bool block_pool_has_threads(void);
/* Waits for all queued requests.  NULL is fine. */
void block_pool_destroy(struct block_pool *pool);

#endif /* ANYFS_BLOCKDEV_H */
