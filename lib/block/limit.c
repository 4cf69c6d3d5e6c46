// SPDX-License-Identifier: GPL-2.0
/*
 * limit.c - a layer that enforces the limits of the blockdev below it
 *
 * Requests are cut into pieces of at most max_request bytes.  At most
 * max_in_flight pieces are submitted to the blockdev below at the same time; the
 * others are queued.
 *
 * With a time limit no request takes longer than that, even if the backend hangs.
 * Then each submitted piece has its own buffer: when its time is up, the request
 * ends with -ETIMEDOUT and its buffers belong to the kernel again, while the backend
 * may still write to the piece's buffer.  Such a late piece keeps the blockdev below
 * open until the backend completes it, so that closing the layer never waits for a
 * backend that hangs.  A queued piece times out if the backend completes nothing for
 * the length of the time limit.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "os.h"
#include "split.h"

enum state {
	WAITING,			/* queued */
	BELOW,				/* submitted to the blockdev below */
	LATE,				/* like BELOW, but its time is over */
};

/* A piece as submitted to the blockdev below. */
struct job {
	struct lkl_block_req req;	/* first */
	struct lkl_block_iov iov;	/* bytes of buf */
	struct job *next, *prev;	/* in the list, by arrival */
	struct limit *limit;
	struct piece *piece;		/* piece of the request from above; invalid if LATE */
	char *buf;			/* only with a time limit; else NULL */
	enum state state;
	uint64_t since;			/* monotonic ns: time of arrival, then of submission */
	_Atomic unsigned int refs;	/* the submitted request, and a cancel in progress */
};

struct limit {
	struct blockdev bd;
	struct blockdev *lower;
	uint64_t time_limit;		/* ns; 0: none */

	pthread_mutex_t lock;		/* guards all that follows */
	struct job *first, *last;	/* WAITING or BELOW */
	unsigned int in_flight;		/* number of jobs in BELOW or LATE */
	unsigned int late;		/* number of jobs in LATE */
	unsigned int busy;		/* jobs not in LATE, and threads in limit_submit() */
	bool pumping;			/* a thread is submitting jobs */
	bool closing, closed;
	uint64_t progress;		/* monotonic ns: when the backend last completed a job */

	pthread_cond_t changed;		/* wakes the timer thread and limit_close() */
	pthread_t timer;
	bool has_timer;
};

static void limit_free(struct limit *limit)
{
	blockdev_close(limit->lower);
	pthread_cond_destroy(&limit->changed);
	pthread_mutex_destroy(&limit->lock);
	free(limit);
}

/*
 * Runs on a thread of its own: closing the blockdev below may wait for the thread that
 * completed the last late piece, and that thread is running job_leave().
 */
static void *free_in_thread(void *limit)
{
	pthread_detach(pthread_self());
	limit_free(limit);
	return NULL;
}

static void put_job(struct job *job)
{
	if (atomic_fetch_sub(&job->refs, 1) > 1)
		return;
	free(job->buf);
	free(job);
}

/* Lock held. */
static void append_job(struct limit *limit, struct job *job)
{
	job->prev = limit->last;
	job->next = NULL;
	if (limit->last)
		limit->last->next = job;
	else
		limit->first = job;
	limit->last = job;
}

/* Lock held. */
static void unlink_job(struct limit *limit, struct job *job)
{
	if (job->prev)
		job->prev->next = job->next;
	else
		limit->first = job->next;
	if (job->next)
		job->next->prev = job->prev;
	else
		limit->last = job->prev;
}

/* Copy between the buffers of the request and the job's own buffer. */
static void copy_job_data(const struct job *job, bool to_job)
{
	const struct lkl_block_req *req = &job->piece->req;
	char *pos = job->buf;

	for (unsigned int i = 0; pos && i < req->nr_iov; i++) {
		if (to_job)
			memcpy(pos, req->iov[i].base, req->iov[i].len);
		else
			memcpy(req->iov[i].base, pos, req->iov[i].len);
		pos += req->iov[i].len;
	}
}

static void submit_jobs(struct limit *limit);

/* Drop a job's use of @limit, which may free it.  @late: a late job, else a busy one. */
static void job_leave(struct limit *limit, bool late)
{
	pthread_t thread;
	bool last;

	pthread_mutex_lock(&limit->lock);
	if (late)
		limit->late--;
	else
		limit->busy--;
	last = limit->closed && !limit->late;
	pthread_cond_broadcast(&limit->changed);
	pthread_mutex_unlock(&limit->lock);
	if (last && os_thread_start(&thread, free_in_thread, limit))
		limit_free(limit);
}

/* The backend has completed @job. */
static void backend_done(struct job *job, int status)
{
	struct limit *limit = job->limit;
	bool late;

	pthread_mutex_lock(&limit->lock);
	limit->in_flight--;
	limit->progress = os_clock_ns();
	late = job->state == LATE;
	if (!late)
		unlink_job(limit, job);
	pthread_mutex_unlock(&limit->lock);
	if (!late) {
		if (!status && job->req.op == LKL_BLK_READ)
			copy_job_data(job, false);
		split_piece_done(job->piece, status);
	}
	put_job(job);
	submit_jobs(limit);
	job_leave(limit, late);
}

static void job_done(struct lkl_block_req *req)
{
	backend_done((struct job *)req, req->status);
}

/* Take the next queued job if it may be submitted now, else NULL.  Lock held. */
static struct job *start_next(struct limit *limit)
{
	uint32_t max = limit->lower->limits.max_in_flight;
	struct job *job = limit->first;

	while (job && job->state != WAITING)
		job = job->next;
	if (!job || (max && limit->in_flight >= max))
		return NULL;
	job->state = BELOW;
	job->since = os_clock_ns();
	limit->in_flight++;
	return job;
}

/* Submit the queued jobs that may be submitted now. */
static void submit_jobs(struct limit *limit)
{
	struct job *job;

	pthread_mutex_lock(&limit->lock);
	if (!limit->pumping) {
		limit->pumping = true;
		while ((job = start_next(limit))) {
			pthread_mutex_unlock(&limit->lock);
			if (blockdev_submit(limit->lower, &job->req) == BLOCKDEV_DONE)
				backend_done(job, job->req.status);
			pthread_mutex_lock(&limit->lock);
		}
		limit->pumping = false;
	}
	pthread_mutex_unlock(&limit->lock);
}

/* ---- time limits ----------------------------------------------------------- */

/* The time at which @job times out.  Lock held. */
static uint64_t deadline(const struct limit *limit, const struct job *job)
{
	uint64_t since = job->since;

	/* The wait for earlier jobs does not count as long as the backend completes some. */
	if (job->state == WAITING && limit->progress > since)
		since = limit->progress;
	return since + limit->time_limit;
}

/* The job with the earliest deadline, which goes to *@when; NULL: no jobs.  Lock held. */
static struct job *find_earliest(const struct limit *limit, uint64_t *when)
{
	struct job *earliest = NULL;

	for (struct job *job = limit->first; job; job = job->next)
		if (!earliest || deadline(limit, job) < *when) {
			earliest = job;
			*when = deadline(limit, job);
		}
	return earliest;
}

/* End a job without waiting for the backend.  Lock held; released and taken again. */
static void give_up_job(struct limit *limit, struct job *job, int status)
{
	struct piece *piece = job->piece;
	bool below = job->state == BELOW;

	unlink_job(limit, job);
	if (below) {
		job->state = LATE;
		limit->late++;
		atomic_fetch_add(&job->refs, 1);
	}
	pthread_mutex_unlock(&limit->lock);
	if (below)
		blockdev_cancel(limit->lower, &job->req);
	put_job(job);
	split_piece_done(piece, status);
	pthread_mutex_lock(&limit->lock);
	limit->busy--;
	pthread_cond_broadcast(&limit->changed);
}

static void *timer_thread(void *arg)
{
	struct limit *limit = arg;
	struct job *job;
	uint64_t when;

	pthread_mutex_lock(&limit->lock);
	while (!limit->closing) {
		job = find_earliest(limit, &when);
		if (!job) {
			pthread_cond_wait(&limit->changed, &limit->lock);
		} else if (os_clock_ns() >= when) {
			give_up_job(limit, job, -ETIMEDOUT);
		} else {
			struct timespec ts = { when / 1000000000, when % 1000000000 };

			pthread_cond_timedwait(&limit->changed, &limit->lock, &ts);
		}
	}
	pthread_mutex_unlock(&limit->lock);
	return NULL;
}

/* Lock held. */
static int start_timer(struct limit *limit)
{
	int err = 0;

	if (limit->time_limit && !limit->has_timer) {
		err = os_thread_start(&limit->timer, timer_thread, limit);
		limit->has_timer = !err;
	}
	return err;
}

/* ---- requests --------------------------------------------------------------- */

/* Make a job for @piece.  NULL: out of memory. */
static struct job *new_job(struct limit *limit, struct piece *piece)
{
	bool data = piece->req.op == LKL_BLK_READ || piece->req.op == LKL_BLK_WRITE;
	struct job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	job->limit = limit;
	job->piece = piece;
	atomic_init(&job->refs, 1);
	job->req = piece->req;
	job->req.done = job_done;
	if (!limit->time_limit || !data)
		return job;
	job->buf = malloc(piece->req.len + 1);
	if (!job->buf) {
		free(job);
		return NULL;
	}
	job->iov = (struct lkl_block_iov){ job->buf, piece->req.len };
	job->req.iov = &job->iov;
	job->req.nr_iov = 1;
	if (piece->req.op == LKL_BLK_WRITE)
		copy_job_data(job, true);
	return job;
}

/* Queue @piece. */
static void queue_piece(struct limit *limit, struct piece *piece)
{
	struct job *job = new_job(limit, piece);
	int err = job ? 0 : -ENOMEM;

	pthread_mutex_lock(&limit->lock);
	if (!err)
		err = start_timer(limit);
	if (!err) {
		job->since = os_clock_ns();
		append_job(limit, job);
		limit->busy++;
		pthread_cond_broadcast(&limit->changed);
	}
	pthread_mutex_unlock(&limit->lock);
	if (err) {
		if (job)
			put_job(job);
		split_piece_done(piece, err);
	}
}

static void queue_pieces(struct limit *limit, struct split *split)
{
	const struct lkl_block_req *req = split->parent;
	bool data = req->op == LKL_BLK_READ || req->op == LKL_BLK_WRITE;
	uint64_t max = data ? limit->lower->limits.max_request : 0;
	uint64_t pos = 0;

	do {
		uint64_t len = max && req->len - pos > max ? max : req->len - pos;
		struct piece *piece = data ? split_cut(split, req->offset + pos, len) :
					     split_whole(split, req->offset);

		if (!piece)
			return;
		queue_piece(limit, piece);
		pos += len;
	} while (pos < req->len);
}

static int limit_submit(struct blockdev *bd, struct lkl_block_req *req)
{
	struct limit *limit = (struct limit *)bd;
	struct split *split = split_begin(req, NULL, NULL);
	int ret;

	if (!split) {
		req->status = -ENOMEM;
		return BLOCKDEV_DONE;
	}
	pthread_mutex_lock(&limit->lock);
	limit->busy++;
	pthread_mutex_unlock(&limit->lock);
	queue_pieces(limit, split);
	submit_jobs(limit);
	ret = split_end(split);
	job_leave(limit, false);
	return ret;
}

/* A job that can end now, since the backend does not use the request's buffers.  Lock held. */
static struct job *find_free(const struct limit *limit)
{
	struct job *job = limit->first;

	while (job && job->state != WAITING && !limit->time_limit)
		job = job->next;
	return job;
}

static void limit_cancel(struct blockdev *bd, struct lkl_block_req *req)
{
	struct limit *limit = (struct limit *)bd;
	struct job *job;

	if (req)
		return;		/* the pieces complete later, or time out */
	pthread_mutex_lock(&limit->lock);
	limit->busy++;
	while ((job = find_free(limit)))
		give_up_job(limit, job, -ECANCELED);
	pthread_mutex_unlock(&limit->lock);
	blockdev_cancel(limit->lower, NULL);
	job_leave(limit, false);
}

static int limit_extents(struct blockdev *bd, uint64_t offset, uint64_t len,
			 struct blockdev_extent *extents, unsigned int max)
{
	return blockdev_extents(((struct limit *)bd)->lower, offset, len, extents, max);
}

static void limit_close(struct blockdev *bd)
{
	struct limit *limit = (struct limit *)bd;
	bool last;

	pthread_mutex_lock(&limit->lock);
	limit->closing = true;
	pthread_cond_broadcast(&limit->changed);
	pthread_mutex_unlock(&limit->lock);
	if (limit->has_timer)
		pthread_join(limit->timer, NULL);
	pthread_mutex_lock(&limit->lock);
	while (limit->busy)
		pthread_cond_wait(&limit->changed, &limit->lock);
	limit->closed = true;
	last = !limit->late;
	pthread_mutex_unlock(&limit->lock);
	if (last)
		limit_free(limit);
}

static const struct blockdev_ops limit_ops = {
	.size = sizeof(struct blockdev_ops),
	.kind = "limit",
	.submit = limit_submit,
	.cancel = limit_cancel,
	.extents = limit_extents,
	.close = limit_close,
};

bool blockdev_is_limited(const struct blockdev *bd)
{
	return bd->limits.max_request || bd->limits.max_in_flight || bd->limits.time_limit_ms;
}

int limit_open(struct blockdev *lower, struct blockdev **bd)
{
	struct limit *limit = calloc(1, sizeof(*limit));
	pthread_condattr_t attr;

	if (!limit || blockdev_init_over(&limit->bd, &limit_ops, lower) < 0) {
		free(limit);
		return error_set(-ENOMEM, "%s: out of memory", lower->name);
	}
	pthread_mutex_init(&limit->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&limit->changed, &attr);
	pthread_condattr_destroy(&attr);
	limit->lower = blockdev_get(lower);
	limit->time_limit = lower->limits.time_limit_ms * 1000000ull;
	limit->bd.limits.max_request = 0;
	limit->bd.limits.max_in_flight = 0;
	limit->bd.limits.time_limit_ms = 0;
	*bd = &limit->bd;
	return 0;
}
