// SPDX-License-Identifier: GPL-2.0
/*
 * mapped.c - a disk whose ranges are looked up in tables, see mapped.h
 *
 * A request is split into the runs that the format's tables give.  Uncompressed data are
 * requested from the lower blockdev at once, with the kernel's own buffers; zeros are
 * filled in, and cached units copied.  Other compressed units, data at unaligned offsets,
 * and ranges whose tables are not cached go to the pool: each compressed unit separately,
 * so that several threads decompress the data of one request.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "split.h"
#include "unit-ahead.h"
#include "unit-cache.h"

#define SECTOR		512u
#define THREADS		8u
#define PACKED_STEP	(64u << 10)	/* small units go to the pool together */
#define COPY_STEP	(256u << 10)	/* buffer for data at unaligned offsets */

/* The position of a thread in a request's buffers. */
struct cursor {
	const struct lkl_block_iov *iov;	/* current buffer */
	lkl_size done;			/* bytes of it that were filled */
};

static void fill_buffers(struct cursor *cur, const uint8_t *src, uint64_t len)
{
	while (len) {
		lkl_size left = cur->iov->len - cur->done;
		lkl_size step = left < len ? left : len;
		char *dst = (char *)cur->iov->base + cur->done;

		if (src) {
			memcpy(dst, src, step);
			src += step;
		} else {
			memset(dst, 0, step);
		}
		len -= step;
		cur->done += step;
		if (cur->done == cur->iov->len) {
			cur->iov++;
			cur->done = 0;
		}
	}
}

/* ---- on the pool's threads --------------------------------------------------- */

/* Read whole sectors: zeros follow the last byte that @from stores. */
static int read_sectors(struct blockdev *from, uint8_t *buf, size_t len, uint64_t offset)
{
	uint64_t end = format_file_size(from);
	size_t stored = len;

	if (offset < end && len > end - offset && len <= from->capacity - offset)
		stored = end - offset;
	memset(buf + stored, 0, len - stored);
	return blockdev_read_bytes(from, buf, stored, offset);
}

static int copy_data(const struct run *run, struct cursor *cur)
{
	uint64_t done = 0;
	uint8_t *buf = malloc(run->len < COPY_STEP ? run->len : COPY_STEP);
	int err = buf ? 0 : -ENOMEM;

	while (!err && done < run->len) {
		size_t step = run->len - done < COPY_STEP ? run->len - done : COPY_STEP;

		err = read_sectors(run->from, buf, step, run->offset + done);
		if (!err)
			fill_buffers(cur, buf, step);
		done += step;
	}
	free(buf);
	return err;
}

/* Copy a whole unit. */
static int copy_unit(const struct run *run, struct cursor *cur)
{
	int err;
	uint8_t *unit = unit_unpack(run, &err);

	if (unit)
		fill_buffers(cur, unit, run->len);
	free(unit);
	return err;
}

/* Copy a part of a unit, which is cached, because the rest is likely to be requested next. */
static int copy_part(struct mapped *m, const struct run *run, uint64_t pos, struct cursor *cur)
{
	uint32_t skip = pos - run->unit;
	uint8_t *part = malloc(run->len), *unit;
	bool cached = false;
	int err = part ? 0 : -ENOMEM;

	while (!err && !cached) {
		cached = unit_cache_read(m->units, run, skip, part, run->len);
		if (!cached && unit_cache_begin(m->units, run))
			break;
	}
	if (cached)
		fill_buffers(cur, part, run->len);
	free(part);
	if (err || cached)
		return err;
	unit = unit_unpack(run, &err);
	if (unit)
		fill_buffers(cur, unit + skip, run->len);
	unit_cache_end(m->units, run, unit);
	return err;
}

/* Runs are whole sectors, and so begin with the first byte of the pattern. */
static int fill_pattern(const struct run *run, struct cursor *cur)
{
	uint8_t sector[SECTOR];

	for (unsigned int i = 0; i < SECTOR; i++)
		sector[i] = run->offset >> (8 * (i % 4));
	for (uint64_t done = 0; done < run->len; done += SECTOR)
		fill_buffers(cur, sector, SECTOR);
	return 0;
}

static int serve(void *data, struct lkl_block_req *req)
{
	struct cursor cur = { req->iov, 0 };
	uint64_t pos = req->offset, end = pos + req->len;
	struct mapped *m = data;
	struct run run;
	int err = 0;

	if (req->op == UNIT_AHEAD)
		return unit_ahead_serve(m, req);
	while (!err && pos < end) {
		err = m->ops->map(m, pos, end - pos, true, &run);
		if (err)
			break;
		if (run.kind == RUN_ZERO)
			fill_buffers(&cur, NULL, run.len);
		else if (run.kind == RUN_DATA)
			err = copy_data(&run, &cur);
		else if (run.kind == RUN_FILL)
			err = fill_pattern(&run, &cur);
		else if (run.len == run.unit_len)
			err = copy_unit(&run, &cur);
		else
			err = copy_part(m, &run, pos, &cur);
		pos += run.len;
	}
	return err;
}

/* ---- on the submitting thread -------------------------------------------------- */

static bool is_passed_down(const struct run *run)
{
	uint32_t mask;

	if (run->kind != RUN_DATA)
		return false;
	mask = run->from->limits.logical_block - 1;
	return !((run->offset | run->len) & mask);
}

/* Returns the number of bytes from @pos that go to the pool in one piece; @run is the first run. */
static uint64_t pool_bytes(struct mapped *m, uint64_t pos, uint64_t end, const struct run *run)
{
	uint64_t len = run->len;
	struct run next;

	while (len < PACKED_STEP && pos + len < end &&
	       !m->ops->map(m, pos + len, end - pos - len, false, &next) &&
	       next.kind != RUN_ZERO && !is_passed_down(&next) && len + next.len <= PACKED_STEP)
		len += next.len;
	return len;
}

/*
 * Fill the next @run->len bytes of the request from the cached unit of @run.  False: it is not
 * cached.  Copying takes less time than waking a thread.
 */
static bool serve_cached(struct mapped *m, struct split *split, uint64_t pos, const struct run *run)
{
	uint32_t skip = pos - run->unit;
	bool cached = unit_cache_read(m->units, run, skip, NULL, 0);
	struct piece *piece = cached ? split_cut(split, pos, run->len) : NULL;

	if (!piece)
		return cached;
	for (uint32_t i = 0; i < piece->req.nr_iov && cached; i++) {
		const struct lkl_block_iov *iov = &piece->req.iov[i];

		cached = unit_cache_read(m->units, run, skip, iov->base, iov->len);
		skip += iov->len;
	}
	if (cached)
		split_piece_done(piece, 0);
	else
		block_pool_submit(m->pool, &piece->req);
	return true;
}

/* Serve the request from @pos on, or pass it to the pool; returns the number of bytes. */
static uint64_t serve_run(struct mapped *m, struct split *split, uint64_t pos, uint64_t end)
{
	struct piece *piece;
	uint64_t len = end - pos;
	struct run run;
	int err = m->ops->map(m, pos, len, false, &run);

	if (err && err != -EAGAIN) {
		split_fail(split, err);
		return len;
	}
	if (!err && run.kind == RUN_ZERO) {
		split_zero(split, run.len);
		return run.len;
	}
	if (!err && is_passed_down(&run)) {
		piece = split_cut(split, run.offset, run.len);
		if (piece)
			split_submit(run.from, piece);
		return piece ? run.len : len;
	}
	if (!err && run.kind == RUN_PACKED && run.len < run.unit_len)
		unit_ahead(m, &run);
	if (!err && run.kind == RUN_PACKED && serve_cached(m, split, pos, &run))
		return run.len;
	if (!err)
		len = pool_bytes(m, pos, end, &run);
	piece = split_cut(split, pos, len);
	if (!piece)
		return end - pos;
	block_pool_submit(m->pool, &piece->req);
	return len;
}

static int mapped_submit(struct blockdev *bd, struct lkl_block_req *req)
{
	struct mapped *m = (struct mapped *)bd;
	uint64_t pos = req->offset, end = pos + req->len;
	struct split *split = split_begin(req, NULL, NULL);

	if (!split) {
		req->status = -ENOMEM;
		return BLOCKDEV_DONE;
	}
	while (pos < end)
		pos += serve_run(m, split, pos, end);
	return split_end(split);
}

static int mapped_read_now(struct blockdev *bd, void *buf, size_t len, uint64_t offset)
{
	struct lkl_block_iov iov = { buf, len };
	struct lkl_block_req req = { .iov = &iov, .nr_iov = 1, .offset = offset, .len = len };

	return serve(bd, &req);
}

static bool mapped_help(struct blockdev *bd)
{
	return blockdev_help(((struct mapped *)bd)->lower);
}

static unsigned int extent_flags(const struct run *run)
{
	if (run->kind != RUN_ZERO)
		return 0;
	return BLOCKDEV_EXTENT_ZERO | (run->hole ? BLOCKDEV_EXTENT_HOLE : 0);
}

static int mapped_extents(struct blockdev *bd, uint64_t offset, uint64_t len,
			  struct blockdev_extent *extents, unsigned int max)
{
	uint64_t start = offset & ~(uint64_t)(SECTOR - 1), pos = start;
	uint64_t end = (offset + len + SECTOR - 1) & ~(uint64_t)(SECTOR - 1);
	struct mapped *m = (struct mapped *)bd;
	struct run first, run;
	int err = m->ops->map(m, pos, end - pos, true, &first);

	if (err)
		return err;
	/* The lower file knows its own holes: ask it. */
	if (first.kind == RUN_DATA && first.from != m->lower && offset == start) {
		if (first.len > len)
			first.len = len;
		return blockdev_extents(first.from, first.offset, first.len, extents, max);
	}
	pos += first.len;
	while (pos < end && !m->ops->map(m, pos, end - pos, true, &run) &&
	       extent_flags(&run) == extent_flags(&first) &&
	       (run.kind != RUN_DATA || run.from == m->lower))
		pos += run.len;
	extents[0].len = pos - offset < len ? pos - offset : len;
	extents[0].flags = extent_flags(&first);
	return 1;
}

static void mapped_cancel(struct blockdev *bd, struct lkl_block_req *req)
{
	/* Requests may have been split: the layer above does not know the parts. */
	if (!req)
		block_pool_cancel(((struct mapped *)bd)->pool, NULL);
}

static void free_parts(struct mapped *m)
{
	block_pool_destroy(m->pool);
	meta_cache_destroy(m->meta);
	unit_cache_destroy(m->units);
	blockdev_close(m->lower);
}

void mapped_undo(struct mapped *m)
{
	free_parts(m);
	free(m->bd.name);
	free(m);
}

static void mapped_close(struct blockdev *bd)
{
	struct mapped *m = (struct mapped *)bd;

	/* Ending threads may still use the format's data. */
	block_pool_destroy(m->pool);
	m->pool = NULL;
	if (m->ops->close)
		m->ops->close(m);
	free_parts(m);
	free(m);
}

static const struct blockdev_ops mapped_blockdev_ops = {
	.size = sizeof(struct blockdev_ops),
	.kind = "format",
	.submit = mapped_submit,
	.help = mapped_help,
	.read_now = mapped_read_now,
	.cancel = mapped_cancel,
	.extents = mapped_extents,
	.close = mapped_close,
};

const char *mapped_identity(const struct blockdev *bd)
{
	return bd->ops == &mapped_blockdev_ops ? ((const struct mapped *)bd)->identity : "";
}

int mapped_init(struct mapped *m, const struct mapped_ops *ops, struct blockdev *lower,
		uint64_t capacity)
{
	m->ops = ops;
	m->meta = meta_cache_create();
	m->units = unit_cache_create();
	if (!m->meta || !m->units || block_pool_create(THREADS, serve, m, &m->pool) < 0 ||
	    blockdev_init(&m->bd, &mapped_blockdev_ops, lower->name) < 0) {
		block_pool_destroy(m->pool);
		meta_cache_destroy(m->meta);
		unit_cache_destroy(m->units);
		return error_set(-ENOMEM, "%s: out of memory", lower->name);
	}
	m->lower = blockdev_get(lower);
	m->bd.capacity = (capacity + SECTOR - 1) / SECTOR * SECTOR;
	m->bd.tail = m->bd.capacity - capacity;
	m->bd.is_remote = lower->is_remote;
	m->bd.limits.logical_block = SECTOR;
	m->bd.limits.physical_block = 4096;
	m->bd.limits.io_opt = 1 << 20;
	return 0;
}
