/* SPDX-License-Identifier: GPL-2.0 */
/*
 * blockdev.h - the contract between the block engine and its backends
 *
 * A blockdev yields the bytes of a disk.  A backend (raw, memory, callback) is
 * one kind of blockdev; a layer (slice, overlay) is a blockdev over another.
 * A request is the kernel's own struct lkl_block_req, so that nothing is copied
 * or allocated between the kernel and the backend that fits its shape.
 *
 * Threads: submit may be called from any thread, for several requests at
 * once, and on a small stack (8 KiB may be left): a backend that calls code
 * it does not know must do so from a thread of its own.
 */
#ifndef ANYFS_BLOCKDEV_H
#define ANYFS_BLOCKDEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lkl_abi.h"

struct blockdev;

/*
 * A range of the disk, as far as is known without reading it.  Extents follow
 * each other without gaps.
 */
struct blockdev_extent {
	uint64_t len;			/* bytes, not 0 */
	unsigned int flags;		/* BLOCKDEV_EXTENT_*; 0: data */
};
#define BLOCKDEV_EXTENT_ZERO	(1u << 0)	/* reads as zeros */
#define BLOCKDEV_EXTENT_HOLE	(1u << 1)	/* nothing is stored for it */

enum blockdev_descriptor {
	BLOCKDEV_FD_READ,		/* for pread() and fstat() */
	/*
	 * For probers, which move the offset and change the read-ahead of a
	 * description; they take turns (lib/image/probe.c).
	 */
	BLOCKDEV_FD_PROBE,
};

struct blockdev_ops {
	size_t size;			/* of this struct, so that members may be added */
	const char *kind;		/* "raw", "memory", ... */

	/*
	 * Take @req.  BLOCKDEV_DONE: complete, req->status is set, req->done
	 * is not called.  BLOCKDEV_KEPT: the backend sets req->status later
	 * and calls blockdev_complete(), once, from any thread, perhaps before
	 * submit returns.  Must not wait for anything slow.
	 *
	 * Requests arrive checked (blockdev_submit): inside the capacity, block
	 * aligned, of a kind the blockdev declares.
	 */
	int (*submit)(struct blockdev *bd, struct lkl_block_req *req);

	/*
	 * Complete, on the calling thread, an LKL_BLK_AHEAD request that was kept
	 * and that no thread has begun, if that needs no waiting.  False: there was none.
	 * NULL: never.
	 */
	bool (*help)(struct blockdev *bd);

	/*
	 * @req, which was kept, is no longer wanted (NULL: none of those that were
	 * kept is): complete it soon, with any status.  It may be complete already.
	 * Does not wait.  NULL: requests take the time they take.
	 */
	void (*cancel)(struct blockdev *bd, struct lkl_block_req *req);

	/*
	 * A descriptor of the host's that reads the same bytes from fd_start on,
	 * borrowed while the blockdev is open; -1: none.  NULL: none.
	 */
	int (*descriptor)(struct blockdev *bd, enum blockdev_descriptor use);

	/*
	 * Describe how [@offset, @offset + @len) begins, by at least one and at most
	 * @max extents; @len and @max are not 0.  Returns how many, or -errno.  May
	 * wait.  NULL: all is data.
	 */
	int (*extents)(struct blockdev *bd, uint64_t offset, uint64_t len,
		       struct blockdev_extent *extents, unsigned int max);

	/*
	 * The last reference is gone and no request is out.  Free @bd and all it
	 * holds, but not its name.
	 */
	void (*close)(struct blockdev *bd);
};

#define BLOCKDEV_DONE	0
#define BLOCKDEV_KEPT	1

/* What requests must keep to, or should.  Bytes, unless stated. */
struct blockdev_limits {
	uint32_t logical_block;		/* power of two, 512 ... 4096 */
	uint32_t physical_block;
	uint32_t io_opt;		/* a request has at best; 0: no wish */
	uint32_t discard_granularity;	/* if can_discard */
	/* Those that follow are kept for the backend by a layer: see limit.c. */
	uint64_t max_request;		/* of a READ or WRITE, whole blocks; 0: any */
	uint32_t max_in_flight;		/* requests; 0: any */
	uint32_t time_limit_ms;		/* milliseconds a request may take; 0: any */
};

/* First member of every backend's own struct.  Constant once opened, but for refs. */
struct blockdev {
	const struct blockdev_ops *ops;
	_Atomic unsigned int refs;
	char *name;			/* for messages; owned, freed by blockdev_close() */
	uint64_t capacity;		/* bytes, a multiple of limits.logical_block */
	struct blockdev_limits limits;
	bool can_write;
	bool can_flush;
	bool can_fua;
	bool can_discard;		/* DISCARD: the content may become anything */
	bool can_zero;			/* ZERO: the content becomes zeros */
	uint64_t fd_start;		/* where in the file of its descriptors the disk begins */
	uint32_t tail;			/* last bytes of the capacity that are not stored: zeros */
	uint64_t shadow_limit;		/* bytes its shadow may take (attach.h); 0: default */
	bool block_given;		/* the user has said how long a sector is */
	bool force_write;		/* the user wants to write in spite of what is wrong */
};

/* blockdev.c */

/* Whether the blockdev has the operation @member of struct blockdev_ops. */
#define BLOCKDEV_HAS(bd, member) \
	((bd)->ops->size >= offsetof(struct blockdev_ops, member) + sizeof((bd)->ops->member) && \
	 (bd)->ops->member)

/*
 * Backends: begin @bd, which is zeroed: its operations, a copy of @name and one
 * reference, the caller's.  0 or -ENOMEM; before blockdev_close() may be called
 * all that the close operation frees must be in place.
 */
int blockdev_init(struct blockdev *bd, const struct blockdev_ops *ops, const char *name);
/* The same for a layer: name, capacity, limits and abilities are those of @lower. */
int blockdev_init_over(struct blockdev *bd, const struct blockdev_ops *ops,
		       const struct blockdev *lower);

/* The descriptor for @use, borrowed, or -1. */
int blockdev_descriptor(struct blockdev *bd, enum blockdev_descriptor use);

/*
 * What [@offset, @offset + @len) holds, as the extents operation says.  The
 * extents may cover less than @len: go on behind the last one.  -EINVAL if the
 * range is empty or does not lie within the disk, or @max is 0.  May wait: any
 * thread outside the kernel.
 */
int blockdev_extents(struct blockdev *bd, uint64_t offset, uint64_t len,
		     struct blockdev_extent *extents, unsigned int max);

/* Take a reference, to be given back by blockdev_close().  Returns @bd.  Any thread. */
struct blockdev *blockdev_get(struct blockdev *bd);

/*
 * Check @req against the declared limits and pass it on.  Refused requests
 * are BLOCKDEV_DONE with status -EIO (out of range), -EINVAL (not whole
 * blocks, larger than limits.max_request, unknown operation), -EROFS or
 * -EOPNOTSUPP.  The lengths of req->iov add up to req->len.
 */
int blockdev_submit(struct blockdev *bd, struct lkl_block_req *req);

/*
 * @status as the kernel may see it: 0, or -errno with a number of Linux's.  What
 * is neither (a foreign function may return anything) becomes -EIO.
 */
int blockdev_status(int status);

/* Backends: @req, kept by submit, is complete with blockdev_status(@status). */
void blockdev_complete(struct lkl_block_req *req, int status);

/*
 * Synchronous helpers for any thread outside the kernel; whole blocks only.
 * 0 or -errno.  Flushing a blockdev that has nothing to flush succeeds.
 */
int blockdev_pread(struct blockdev *bd, void *buf, size_t len, uint64_t offset);
int blockdev_pwrite(struct blockdev *bd, const void *buf, size_t len, uint64_t offset);
int blockdev_flush(struct blockdev *bd);

/*
 * Read any @len bytes, not only whole blocks.  -EIO behind the last byte that is
 * stored.  On this thread alone where there is a descriptor: a program that is
 * about to enter a sandbox must not have started threads yet.
 */
int blockdev_read_bytes(struct blockdev *bd, void *buf, size_t len, uint64_t offset);

/*
 * Give a reference back; NULL is fine.  The last one closes @bd, which may wait
 * for its threads.  No request of the caller's is out.  Any thread outside the kernel.
 */
void blockdev_close(struct blockdev *bd);

/* raw.c: regular files and block devices */

#define BLOCKDEV_WRITE	(1u << 0)	/* open for writing, exclusive lock */
#define BLOCKDEV_NOLOCK	(1u << 1)	/* take no lock on the image */

/*
 * Open a regular file or block device.  Locks it: open-file-description lock,
 * shared for reading, exclusive for writing; -EBUSY when held otherwise.
 * -EISDIR, -ENODATA (empty), -EINVAL (neither file nor block device, or
 * shorter than a sector), -ENOLCK (writing where files cannot be locked), -EROFS
 * (writing to a block device that is read-only),
 * -errno of open.  The text is in the last error.
 */
int raw_open(const char *path, unsigned int flags, struct blockdev **bd);

/*
 * As raw_open for a descriptor; the caller keeps its own.  The file is opened
 * anew where /proc allows, so that the lock is this blockdev's alone; else the
 * descriptor is duplicated, and shares its lock with its other duplicates.
 */
int raw_open_fd(int fd, const char *name, unsigned int flags, struct blockdev **bd);

/*
 * Make @bd, of one of these two and not used yet, the @size bytes at @start of its
 * file only; @size 0: all that follows.  -EINVAL: they are not there, or no whole
 * sectors of 512 bytes and not the end of the file.
 */
int raw_limit(struct blockdev *bd, uint64_t start, uint64_t size);

/* memory.c: the worked example */

/* A zeroed disk of @capacity bytes (multiple of 512) in memory.  -EINVAL, -ENOMEM. */
int memory_open(uint64_t capacity, struct blockdev **bd);

/* limit.c */

/* Whether @bd has a limit that needs the layer: on requests' size, number or time. */
bool blockdev_is_limited(const struct blockdev *bd);

/*
 * Put a layer over @lower that takes any request and keeps the limits of @lower.
 * It takes a reference; the caller keeps its own.  A request that takes longer
 * than the time limit ends with -ETIMEDOUT, and closing the layer does not wait
 * for it: @lower is closed when the backend has given the last request back.
 * block_attach() does this to what needs it.  0 or -ENOMEM.
 */
int limit_open(struct blockdev *lower, struct blockdev **bd);

/* callback.c */

/*
 * A blockdev served by @request on at most @threads threads of its own, so
 * that as many requests may be inside it at once.  @request gets a whole
 * request, returns 0 or -errno, and may take its time.  @close may be NULL; it
 * runs on the thread that closes the blockdev, must not call the kernel that
 * has the disk, and is not called if callback_open() fails.  @capacity is a
 * multiple of 512; a writable blockdev gets flushes.  Whoever serves DISCARD,
 * ZERO or FUA too sets the can_ members before the first use, and whoever has
 * limits sets these.  @cancel (NULL: none) is called from any thread while
 * @request runs for @req (NULL: for any), and should make it return.
 */
struct callback_ops {
	int (*request)(void *data, struct lkl_block_req *req);
	void (*cancel)(void *data, struct lkl_block_req *req);
	void (*close)(void *data);
};
int callback_open(const struct callback_ops *ops, void *data, uint64_t capacity,
		  bool can_write, unsigned int threads, struct blockdev **bd);

/* pool.c: threads for what would block */

/*
 * Serve requests with @fn on at most @threads threads; its result becomes the
 * request's status.  Threads start when there is work for them and leave after
 * some seconds without.  A request uses req->next until @fn has it.
 */
struct block_pool;
int block_pool_create(unsigned int threads, int (*fn)(void *data, struct lkl_block_req *req),
		      void *data, struct block_pool **pool);
/*
 * Before the first request: serve reads ahead one after the other, by one
 * thread, as long as that does not have to wait.  For data that is only copied.
 */
void block_pool_read_ahead_in_turn(struct block_pool *pool);
/* For @fn: what follows may wait, so that other reads ahead need another thread. */
void block_pool_will_wait(struct block_pool *pool);
/*
 * Queue @req; it ends with blockdev_complete().  First in first out, reads ahead
 * (LKL_BLK_AHEAD) behind all others.
 */
void block_pool_submit(struct block_pool *pool, struct lkl_block_req *req);
/* Complete @req (NULL: all requests) with -ECANCELED if no thread has begun it. */
void block_pool_cancel(struct block_pool *pool, struct lkl_block_req *req);
/* Take the first @wanted request out of the queue; NULL: there is none. */
struct lkl_block_req *block_pool_take(struct block_pool *pool,
				      bool (*wanted)(const struct lkl_block_req *req));
/* Queue @req, which was taken, again, before the others of its kind. */
void block_pool_put_back(struct block_pool *pool, struct lkl_block_req *req);
/*
 * Whether the calling thread completes a request of a pool that does without it
 * for a while: nothing is queued, and others serve what comes.
 */
bool block_pool_can_spare_caller(void);
/* Waits for what is queued.  NULL is fine. */
void block_pool_destroy(struct block_pool *pool);

#endif /* ANYFS_BLOCKDEV_H */
