// SPDX-License-Identifier: GPL-2.0
/*
 * waiter.c - a thread for each call that waits for events
 *
 * Such a call would block a worker that other calls need.  It reads from an inotify descriptor.
 * Removing one of the descriptor's watches, the sentinel, ends the call, because the kernel
 * reports the removal as an event.
 */
#include <errno.h>
#include <stdlib.h>
#include "disk.h"

static void *waiter_main(void *data)
{
	struct view view = { .root = -1 };
	struct waiter *w = data;
	struct disk *d = w->disk;

	anyfs_kernel_use(d->kernel);
	job_run(d, &view, w->job);
	disk_done(d, w->job);
	pthread_mutex_lock(&d->lock);
	w->ended = true;
	pthread_mutex_unlock(&d->lock);
	return NULL;
}

/* Free the threads that have ended.  Lock held. */
static void join_ended(struct disk *d)
{
	struct waiter **p = &d->waiters, *w;

	while ((w = *p)) {
		if (!w->ended) {
			p = &w->next;
			continue;
		}
		*p = w->next;
		pthread_join(w->thread, NULL);
		free(w);
	}
}

int waiter_start(struct disk *d, struct job *job)
{
	struct waiter *w = calloc(1, sizeof(*w));
	int rc = -EBADF;

	if (!w)
		return -ENOMEM;
	w->disk = d;
	w->job = job;
	w->fd = job->args[0];
	w->sentinel = job->args[3];
	pthread_mutex_lock(&d->lock);
	join_ended(d);
	if (d->state == DISK_OPEN)
		rc = pthread_create(&w->thread, NULL, waiter_main, w) ? -EAGAIN : 0;
	if (!rc) {
		w->next = d->waiters;
		d->waiters = w;
	}
	pthread_mutex_unlock(&d->lock);
	if (rc)
		free(w);
	return rc;
}

void waiters_end(struct disk *d)
{
	struct waiter *w, *next;

	pthread_mutex_lock(&d->lock);
	w = d->waiters;
	d->waiters = NULL;
	pthread_mutex_unlock(&d->lock);
	for (; w; w = next) {
		next = w->next;
		sys3(d, __lkl__NR_inotify_rm_watch, w->fd, w->sentinel, 0);
		pthread_join(w->thread, NULL);
		free(w);
	}
}
