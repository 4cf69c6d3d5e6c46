// SPDX-License-Identifier: GPL-2.0
/*
 * worker.c - the threads of a disk, and the jobs that they run
 *
 * The threads belong to the disk, not to libuv's pool: a call that waits in one kernel
 * delays neither other disks nor node:fs.  Jobs start in the order of their submission.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "disk.h"

struct job *job_new(enum job_kind kind)
{
	struct job *job = malloc(sizeof(*job));

	if (!job)
		return NULL;
	memset(job, 0, offsetof(struct job, small));
	job->used = 0;
	job->kind = kind;
	return job;
}

void job_free(struct job *job)
{
	for (int i = 0; i < 6; i++)
		free(job->owned[i]);
	free(job->vector);
	free(job->text);
	free(job);
}

void disk_done(struct disk *d, struct job *job)
{
	bool first;

	job->next = NULL;
	pthread_mutex_lock(&d->lock);
	first = !d->done;
	*d->done_end = job;
	d->done_end = &job->next;
	pthread_cond_signal(&d->changed);
	if (first && d->notify)
		d->notify(d->notify_data);
	pthread_mutex_unlock(&d->lock);
}

struct job *disk_collect(struct disk *d)
{
	struct job *list;

	pthread_mutex_lock(&d->lock);
	list = d->done;
	d->done = NULL;
	d->done_end = &d->done;
	pthread_mutex_unlock(&d->lock);
	return list;
}

struct job *disk_take_done(struct disk *d, uint32_t id)
{
	struct job **p = &d->done, *job;

	while (*p && (*p)->id != id)
		p = &(*p)->next;
	job = *p;
	if (!job)
		return NULL;
	*p = job->next;
	if (!*p)
		d->done_end = p;
	return job;
}

/* Start a worker when more jobs wait than workers do.  Called with the lock held. */
static void add_worker(struct disk *d)
{
	if (d->queued <= d->idle || d->nr_workers == MAX_WORKERS || d->state != DISK_OPEN)
		return;
	if (!pthread_create(&d->workers[d->nr_workers], NULL, worker_main, d))
		d->nr_workers++;
}

int local_submit(struct disk *d, struct job *job)
{
	int rc = 0;

	if (job->flags & JOB_WAITS)
		return waiter_start(d, job);
	job->next = NULL;
	pthread_mutex_lock(&d->lock);
	if (d->state == DISK_OPEN) {
		*d->queue_end = job;
		d->queue_end = &job->next;
		d->queued++;
		add_worker(d);
		pthread_cond_signal(&d->wake);
	} else {
		rc = -EBADF;
	}
	pthread_mutex_unlock(&d->lock);
	return rc;
}

/* The next job, or NULL if the disk closes and no job is left. */
static struct job *next_job(struct disk *d)
{
	struct job *job;

	pthread_mutex_lock(&d->lock);
	while (!d->queue && d->state == DISK_OPEN) {
		d->idle++;
		pthread_cond_wait(&d->wake, &d->lock);
		d->idle--;
	}
	job = d->queue;
	if (job) {
		d->queue = job->next;
		if (!d->queue)
			d->queue_end = &d->queue;
		d->queued--;
	}
	pthread_mutex_unlock(&d->lock);
	return job;
}

void worker_loop(struct disk *d, struct view *view)
{
	struct job *job;

	while ((job = next_job(d))) {
		job_run(d, view, job);
		disk_done(d, job);
	}
	/* A file system cannot be unmounted while the root directory of a thread is inside it. */
	if (view->root >= 0)
		view_enter(d, view, d->real_root);
}

void *worker_main(void *disk)
{
	struct disk *d = disk;
	struct view view = { .root = -1 };

	anyfs_kernel_use(d->kernel);
	worker_loop(d, &view);
	return NULL;
}

void disk_close_fds(struct disk *d)
{
	for (size_t fd = 0; fd < d->nr_open_fds * 8; fd++) {
		if (d->open_fds[fd / 8] & 1u << fd % 8)
			sys3(d, __lkl__NR_close, fd, 0, 0);
	}
	free(d->open_fds);
	d->open_fds = NULL;
	d->nr_open_fds = 0;
}
