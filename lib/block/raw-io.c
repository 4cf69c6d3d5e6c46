// SPDX-License-Identifier: GPL-2.0
/*
 * raw-io.c - serve the requests of the raw backend
 *
 * Data in the host's page cache is read on the submitting thread, by one system
 * call that gets the kernel's array of buffers unchanged.  If that call does not
 * transfer everything, the rest goes to the pool, where a thread may wait.  Long
 * readahead requests go to the pool at once, so that the kernel can continue.
 *
 * If an image becomes shorter while it is in use, requests beyond its end fail with
 * -EIO: reads return no zeros, and writes do not extend the file.  But if the file
 * ended inside its last block when it was opened, the rest of that block reads as
 * zeros.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include "error.h"
#include "os.h"
#include "raw.h"

static_assert(sizeof(struct lkl_block_iov) == sizeof(struct iovec) &&
	      offsetof(struct lkl_block_iov, base) == offsetof(struct iovec, iov_base) &&
	      offsetof(struct lkl_block_iov, len) == offsetof(struct iovec, iov_len),
	      "the kernel's buffer array is passed to preadv2() unchanged");

/* Store the number of bytes transferred before the pool got the request. */
static void set_progress(struct lkl_block_req *req, ssize_t n)
{
	req->backend[0] = (void *)(uintptr_t)(n > 0 ? n : 0);
}

/* Note that a transfer without waiting was tried and did not transfer everything. */
static void set_tried(struct lkl_block_req *req, bool tried)
{
	req->backend[1] = tried ? req : NULL;
}

static uint64_t get_progress(const struct lkl_block_req *req)
{
	return (uintptr_t)req->backend[0];
}

static int nr_iov(const struct lkl_block_req *req)
{
	return req->nr_iov < IOV_MAX ? req->nr_iov : IOV_MAX;
}

/*
 * ext4 does not support RWF_NOWAIT for buffered writes.  But most writes only copy to
 * the page cache, and a thread switch takes up to 25 times as long.  So writes are
 * done on the submitting thread.  If one is slow (the host may throttle writers), the
 * pool does them, until SLOW_PAUSE_NS after the last slow one.
 */
#define SLOW_NS		1000000u	/* a request is slow above this, plus 1 ns per byte */
#define SLOW_PAUSE_NS	100000000u

static void note_pace(struct raw_way *way, uint64_t start, uint64_t len)
{
	uint64_t now = os_clock_ns();

	if (now - start > SLOW_NS + len)
		atomic_store_explicit(&way->slow_until, now + SLOW_PAUSE_NS, memory_order_relaxed);
}

static bool is_quick(struct raw_way *way, uint64_t now)
{
	return now >= atomic_load_explicit(&way->slow_until, memory_order_relaxed);
}

/* The file offset of the disk's byte @offset. */
static uint64_t file_offset(const struct raw *raw, uint64_t offset)
{
	return raw->bd.fd_start + offset;
}

static ssize_t call_host(struct raw *raw, struct lkl_block_req *req, int flags)
{
	const struct iovec *iov = (const struct iovec *)req->iov;

	if (req->op == LKL_BLK_READ)
		return preadv2(raw->fd, iov, nr_iov(req), file_offset(raw, req->offset), flags);
	return pwritev2(raw->fd, iov, nr_iov(req), file_offset(raw, req->offset), flags);
}

static ssize_t call_while_quick(struct raw *raw, struct raw_way *way, struct lkl_block_req *req)
{
	uint64_t start = os_clock_ns();
	ssize_t n;

	if (!is_quick(way, start))
		return 0;
	n = call_host(raw, req, 0);
	note_pace(way, start, req->len);
	return n;
}

/*
 * False if the file has become too short for @req.  A write beyond its end would extend
 * the file, and the lost data would read as zeros.
 */
static bool is_in_file(const struct raw *raw, const struct lkl_block_req *req)
{
	uint64_t end = file_offset(raw, req->offset) + req->len;
	struct stat st;

	return !raw->is_file || (!fstat(raw->fd, &st) && (uint64_t)st.st_size >= end);
}

/*
 * Try @req on the calling thread.  Returns the number of bytes transferred, or -1; the
 * pool does the rest.
 */
static ssize_t try_now(struct raw *raw, struct raw_way *way, struct lkl_block_req *req)
{
	ssize_t n;

	switch (atomic_load_explicit(&way->first, memory_order_relaxed)) {
	case RAW_NOWAIT:
		n = call_host(raw, req, RWF_NOWAIT);
		if (n < 0 && errno == EOPNOTSUPP)
			atomic_store_explicit(&way->first, RAW_WHILE_QUICK, memory_order_relaxed);
		return n;
	case RAW_WHILE_QUICK:
		return call_while_quick(raw, way, req);
	case RAW_INLINE:
		return call_host(raw, req, 0);
	default:
		return 0;
	}
}

/* True if try_now() takes no longer than a copy, so that any thread may call it. */
static bool never_blocks(struct raw_way *way)
{
	enum raw_first first = atomic_load_explicit(&way->first, memory_order_relaxed);

	return first == RAW_NOWAIT || first == RAW_INLINE;
}

int raw_submit(struct blockdev *bd, struct lkl_block_req *req)
{
	struct raw *raw = (struct raw *)bd;
	bool read_in_pool = (req->flags & LKL_BLK_AHEAD) && never_blocks(&raw->read);
	ssize_t n = 0;

	if (req->op == LKL_BLK_READ && !read_in_pool)
		n = try_now(raw, &raw->read, req);
	else if (req->op == LKL_BLK_WRITE && !(req->flags & LKL_BLK_FUA) && is_in_file(raw, req))
		n = try_now(raw, &raw->write, req);
	if (n > 0 && (uint64_t)n == req->len) {
		req->status = 0;
		return BLOCKDEV_DONE;
	}
	set_progress(req, n);
	set_tried(req, !read_in_pool);
	block_pool_submit(raw->pool, req);
	return BLOCKDEV_KEPT;
}

static bool is_untried(const struct lkl_block_req *req)
{
	return !req->backend[1];
}

bool raw_help(struct blockdev *bd)
{
	struct raw *raw = (struct raw *)bd;
	struct lkl_block_req *req = NULL;
	ssize_t n;

	if (never_blocks(&raw->read))
		req = block_pool_take(raw->pool, is_untried);
	if (!req)
		return false;
	n = try_now(raw, &raw->read, req);
	if (n > 0 && (uint64_t)n == req->len) {
		blockdev_complete(req, 0);
		return true;
	}
	set_progress(req, n);
	set_tried(req, true);
	block_pool_put_back(raw->pool, req);
	return false;
}

int raw_extents(struct blockdev *bd, uint64_t offset, uint64_t len,
		struct blockdev_extent *extents, unsigned int max)
{
	struct raw *raw = (struct raw *)bd;
	struct blockdev_extent *e = &extents[0];
	off_t data, hole, from = file_offset(raw, offset);

	*e = (struct blockdev_extent){ .len = len };
	/* If fd_start is not a multiple of the block size, holes do not end at block boundaries. */
	if (!raw->is_file || bd->fd_start % bd->limits.logical_block)
		return 1;
	/* ENXIO: a hole up to the end.  Any other error: SEEK_DATA is not supported. */
	data = lseek(raw->fd, from, SEEK_DATA);
	if (data < 0 && errno != ENXIO)
		return 1;
	if (data < 0 || data > from) {
		e->flags = BLOCKDEV_EXTENT_ZERO | BLOCKDEV_EXTENT_HOLE;
		if (data >= 0 && (uint64_t)(data - from) < len)
			e->len = data - from;
		return 1;
	}
	hole = lseek(raw->fd, from, SEEK_HOLE);
	if (hole > data && (uint64_t)(hole - data) < len)
		e->len = hole - data;
	return 1;
}

/* ---- on the pool's threads ---------------------------------------------- */

/* Fill @iov with the buffers of @req after its first @done bytes; returns their number. */
static int remaining_iov(const struct lkl_block_req *req, uint64_t done, struct iovec *iov)
{
	int nr = 0;

	for (unsigned int i = 0; i < req->nr_iov && nr < IOV_MAX; i++) {
		lkl_size len = req->iov[i].len;

		if (done >= len) {
			done -= len;
			continue;
		}
		iov[nr].iov_base = (char *)req->iov[i].base + done;
		iov[nr++].iov_len = len - done;
		done = 0;
	}
	return nr;
}

static ssize_t transfer_some(struct raw *raw, struct lkl_block_req *req, uint64_t done)
{
	int flags = req->flags & LKL_BLK_FUA ? RWF_DSYNC : 0;
	struct iovec iov[IOV_MAX];
	int nr = remaining_iov(req, done, iov);

	if (req->op == LKL_BLK_READ)
		return preadv(raw->fd, iov, nr, file_offset(raw, req->offset) + done);
	return pwritev2(raw->fd, iov, nr, file_offset(raw, req->offset) + done, flags);
}

/*
 * If the rest of the read @req lies in the tail, which is not stored in the file, fill
 * it with zeros and return true.
 */
static bool read_tail(const struct raw *raw, struct lkl_block_req *req, uint64_t done)
{
	struct iovec iov[IOV_MAX];
	int nr;

	if (req->op != LKL_BLK_READ || !raw->bd.tail ||
	    req->offset + done < raw->bd.capacity - raw->bd.tail)
		return false;
	nr = remaining_iov(req, done, iov);
	for (int i = 0; i < nr; i++)
		memset(iov[i].iov_base, 0, iov[i].iov_len);
	return true;
}

/*
 * One pool thread serves all readahead requests from the host's page cache.  If the
 * data is not in the cache, this thread will wait; another thread then serves the
 * other readahead requests.
 */
static void read_ahead(struct raw *raw, struct lkl_block_req *req)
{
	ssize_t n = 0;

	if (is_untried(req) && never_blocks(&raw->read)) {
		n = try_now(raw, &raw->read, req);
		set_progress(req, n);
	}
	if (n < 0 || (uint64_t)n < req->len)
		block_pool_will_wait(raw->pool);
}

static int transfer(struct raw *raw, struct raw_way *way, struct lkl_block_req *req)
{
	uint64_t done = get_progress(req), start = os_clock_ns();

	while (done < req->len) {
		ssize_t n = transfer_some(raw, req, done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_host(errno);
		if (n == 0 && read_tail(raw, req, done))
			break;
		if (n == 0)
			return -EIO;	/* the image has shrunk */
		done += n;
	}
	if (!(req->flags & LKL_BLK_FUA))
		note_pace(way, start, req->len);
	return 0;
}

static int sync_data(struct raw *raw)
{
	return fdatasync(raw->fd) < 0 ? error_host(errno) : 0;
}

static int write_zeros(struct raw *raw, uint64_t offset, uint64_t len)
{
	static const char zeros[64 << 10];

	while (len) {
		size_t step = len < sizeof(zeros) ? len : sizeof(zeros);
		ssize_t n = pwrite(raw->fd, zeros, step, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? error_host(errno) : -EIO;
		offset += n;
		len -= n;
	}
	return 0;
}

static int file_range(struct raw *raw, int mode, const struct lkl_block_req *req)
{
	int ret;

	do
		ret = fallocate(raw->fd, mode | FALLOC_FL_KEEP_SIZE, file_offset(raw, req->offset),
				req->len);
	while (ret < 0 && errno == EINTR);
	return ret < 0 ? error_host(errno) : 0;
}

static int device_range(struct raw *raw, unsigned long cmd, const struct lkl_block_req *req)
{
	uint64_t range[2] = { file_offset(raw, req->offset), req->len };

	return ioctl(raw->fd, cmd, range) < 0 ? error_host(errno) : 0;
}

static int discard(struct raw *raw, struct lkl_block_req *req)
{
	if (raw->is_file)
		return file_range(raw, FALLOC_FL_PUNCH_HOLE, req);
	return device_range(raw, BLKDISCARD, req);
}

static int zero(struct raw *raw, struct lkl_block_req *req)
{
	int err;

	if (!raw->is_file)
		return device_range(raw, BLKZEROOUT, req);	/* keeps blocks allocated */
	if (!(req->flags & LKL_BLK_NOUNMAP))
		return file_range(raw, FALLOC_FL_PUNCH_HOLE, req);
	if (atomic_load_explicit(&raw->can_zero_range, memory_order_relaxed)) {
		err = file_range(raw, FALLOC_FL_ZERO_RANGE, req);
		if (err != -EOPNOTSUPP)
			return err;
		atomic_store_explicit(&raw->can_zero_range, false, memory_order_relaxed);
	}
	return write_zeros(raw, file_offset(raw, req->offset), req->len);
}

static int serve_change(struct raw *raw, struct lkl_block_req *req)
{
	int err;

	if (!req->len)
		return 0;
	if (!is_in_file(raw, req))
		return -EIO;
	if (req->op == LKL_BLK_WRITE)
		return transfer(raw, &raw->write, req);
	err = req->op == LKL_BLK_DISCARD ? discard(raw, req) : zero(raw, req);
	if (!err && (req->flags & LKL_BLK_FUA))
		err = sync_data(raw);
	return err;
}

int raw_serve(void *data, struct lkl_block_req *req)
{
	struct raw *raw = data;

	switch (req->op) {
	case LKL_BLK_READ:
		if (req->flags & LKL_BLK_AHEAD)
			read_ahead(raw, req);
		return transfer(raw, &raw->read, req);
	case LKL_BLK_FLUSH:
		return sync_data(raw);
	default:
		return serve_change(raw, req);
	}
}
