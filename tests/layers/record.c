// SPDX-License-Identifier: GPL-2.0
/*
 * record.c - log all writes, see record.h
 *
 * The bytes are copied before the request goes down, and the lower blockdev
 * writes the copy: a page that the kernel changes meanwhile cannot make the log
 * and the disk differ.  A recorded request is passed down as a new request, so that the layer
 * sees its completion.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "record.h"

struct noted {
	struct record_entry entry;
	struct record_log *log;
	struct lkl_block_req *above;	/* the original request, until it is answered */
	struct lkl_block_req below;
	struct lkl_block_iov iov;	/* own request to the lower blockdev */
	char data[];
};

struct record_log {
	pthread_mutex_t lock;		/* of all below */
	struct noted **noted;
	size_t nr, room;
	uint64_t now;
};

struct record {
	struct blockdev bd;
	struct blockdev *lower;
	struct record_log *log;
	unsigned int flags;
};

struct record_log *record_log_create(void)
{
	struct record_log *log = calloc(1, sizeof(*log));

	if (log)
		pthread_mutex_init(&log->lock, NULL);
	return log;
}

void record_log_destroy(struct record_log *log)
{
	if (!log)
		return;
	for (size_t i = 0; i < log->nr; i++)
		free(log->noted[i]);
	free(log->noted);
	pthread_mutex_destroy(&log->lock);
	free(log);
}

uint64_t record_log_now(struct record_log *log)
{
	uint64_t now;

	pthread_mutex_lock(&log->lock);
	now = log->now;
	pthread_mutex_unlock(&log->lock);
	return now;
}

size_t record_log_count(struct record_log *log)
{
	size_t nr;

	pthread_mutex_lock(&log->lock);
	nr = log->nr;
	pthread_mutex_unlock(&log->lock);
	return nr;
}

const struct record_entry *record_log_entry(struct record_log *log, size_t index)
{
	const struct record_entry *entry;

	pthread_mutex_lock(&log->lock);
	entry = &log->noted[index]->entry;
	pthread_mutex_unlock(&log->lock);
	return entry;
}

/* Lock held. */
static bool make_room(struct record_log *log)
{
	size_t room = log->room ? 2 * log->room : 1024;
	struct noted **noted;

	if (log->nr < log->room)
		return true;
	noted = realloc(log->noted, room * sizeof(*noted));
	if (!noted)
		return false;
	log->noted = noted;
	log->room = room;
	return true;
}

/* A request was submitted: append its entry with the current tick. */
static bool enter(struct noted *n)
{
	struct record_log *log = n->log;
	bool entered;

	pthread_mutex_lock(&log->lock);
	entered = make_room(log);
	if (entered) {
		n->entry.came = ++log->now;
		log->noted[log->nr++] = n;
	}
	pthread_mutex_unlock(&log->lock);
	return entered;
}

static void answer(struct noted *n, int status)
{
	pthread_mutex_lock(&n->log->lock);
	n->entry.status = status;
	n->entry.answered = ++n->log->now;
	pthread_mutex_unlock(&n->log->lock);
}

static void answered_below(struct lkl_block_req *below)
{
	struct noted *n = below->submitter;

	answer(n, below->status);
	blockdev_complete(n->above, below->status);
}

static void gather(struct noted *n, const struct lkl_block_req *req)
{
	char *pos = n->data;

	for (unsigned int i = 0; i < req->nr_iov; i++) {
		memcpy(pos, req->iov[i].base, req->iov[i].len);
		pos += req->iov[i].len;
	}
	n->entry.data = n->data;
	n->iov.base = n->data;
	n->iov.len = req->len;
	n->below.iov = &n->iov;
	n->below.nr_iov = 1;
}

static struct noted *note(struct record *rec, struct lkl_block_req *req)
{
	bool write = req->op == LKL_BLK_WRITE;
	struct noted *n = malloc(sizeof(*n) + (write ? req->len : 0));

	if (!n)
		return NULL;
	memset(n, 0, sizeof(*n));
	n->log = rec->log;
	n->entry.op = req->op;
	n->entry.flags = rec->flags & RECORD_FORGET_FLUSHES ? 0 : req->flags & LKL_BLK_FUA;
	n->entry.offset = req->offset;
	n->entry.len = req->len;
	n->above = req;
	n->below = *req;
	n->below.done = answered_below;
	n->below.submitter = n;
	if (!rec->lower->can_fua)
		n->below.flags &= ~LKL_BLK_FUA;
	if (write)
		gather(n, req);
	return n;
}

static int pass(struct record *rec, struct lkl_block_req *req)
{
	if (req->op == LKL_BLK_FLUSH && !rec->lower->can_flush) {
		req->status = 0;
		return BLOCKDEV_DONE;
	}
	return blockdev_submit(rec->lower, req);
}

static bool is_noted(const struct record *rec, const struct lkl_block_req *req)
{
	switch (req->op) {
	case LKL_BLK_READ:
		return rec->flags & RECORD_READS;
	case LKL_BLK_FLUSH:
		return !(rec->flags & RECORD_FORGET_FLUSHES);
	default:
		return true;
	}
}

static int record_submit(struct blockdev *bd, struct lkl_block_req *req)
{
	struct record *rec = (struct record *)bd;
	struct noted *n;

	if (!is_noted(rec, req))
		return pass(rec, req);
	n = note(rec, req);
	if (!n || !enter(n)) {
		free(n);
		req->status = -ENOMEM;
		return BLOCKDEV_DONE;
	}
	if (pass(rec, &n->below) == BLOCKDEV_KEPT)
		return BLOCKDEV_KEPT;
	answer(n, n->below.status);
	req->status = n->below.status;
	return BLOCKDEV_DONE;
}

static void record_close(struct blockdev *bd)
{
	struct record *rec = (struct record *)bd;

	blockdev_close(rec->lower);
	free(rec);
}

static int record_extents(struct blockdev *bd, uint64_t offset, uint64_t len,
			  struct blockdev_extent *extents, unsigned int max)
{
	return blockdev_extents(((struct record *)bd)->lower, offset, len, extents, max);
}

static const struct blockdev_ops record_ops = {
	.size = sizeof(struct blockdev_ops),
	.kind = "record",
	.submit = record_submit,
	.extents = record_extents,
	.close = record_close,
};

int record_open(struct blockdev *lower, struct record_log *log, unsigned int flags,
		struct blockdev **bd)
{
	struct record *rec = calloc(1, sizeof(*rec));

	if (!rec || blockdev_init_over(&rec->bd, &record_ops, lower) < 0) {
		free(rec);
		return error_set(-ENOMEM, "%s: out of memory", lower->name);
	}
	rec->bd.can_flush = true;
	if (flags & (RECORD_FUA | RECORD_NO_FUA))
		rec->bd.can_fua = flags & RECORD_FUA;
	rec->lower = lower;
	rec->log = log;
	rec->flags = flags;
	*bd = &rec->bd;
	return 0;
}
