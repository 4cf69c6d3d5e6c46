// SPDX-License-Identifier: GPL-2.0
/*
 * deferred-reply.c - requests that are answered after the host has sent written data
 *
 * The host caches data that programs write, and sends it later.  A request for the
 * holes of a file, or one that makes it immutable, comes at once and depends on that
 * data.  When the host is asked to drop its pages of a file, it sends dirty ones first.
 * The call waits until those writes are answered, so a serving thread must not make it:
 * a separate thread does, and then answers the request.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "fusefs.h"
#include "messages.h"

struct waiting {
	struct waiting *next;
	fuse_req_t req;
	fuse_ino_t ino;
	int channel_fd;			/* the channel, to which the answer is written */
	int fd;				/* a duplicate of the file's descriptor */
	deferred_fn *answer;
	union deferred_arg arg;
};

static struct {
	struct channel *channel;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct waiting *first, **last;
} queue = { .lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER };

bool defer_reply(fuse_req_t req, fuse_ino_t ino, int fd, deferred_fn *answer,
		 const union deferred_arg *arg)
{
	struct waiting *w = malloc(sizeof(*w));
	int own = w ? lkl_sys_dup(fd) : -1;

	if (own < 0 || file_opened(own)) {
		if (own >= 0)
			lkl_sys_close(own);
		free(w);
		return false;
	}
	*w = (struct waiting){
		.req = req, .ino = ino, .channel_fd = channel_fd(), .fd = own,
		.answer = answer, .arg = *arg,
	};
	pthread_mutex_lock(&queue.lock);
	*queue.last = w;
	queue.last = &w->next;
	pthread_cond_signal(&queue.more);
	pthread_mutex_unlock(&queue.lock);
	return true;
}

static struct waiting *next_waiting(void)
{
	struct waiting *w;

	pthread_mutex_lock(&queue.lock);
	while (!queue.first)
		pthread_cond_wait(&queue.more, &queue.lock);
	w = queue.first;
	queue.first = w->next;
	if (!queue.first)
		queue.last = &queue.first;
	pthread_mutex_unlock(&queue.lock);
	return w;
}

static void *deferred_main(void *arg)
{
	for (;;) {
		struct waiting *w = next_waiting();

		channel_drop_pages(queue.channel, w->channel_fd, w->ino);
		channel_enter(queue.channel);
		w->answer(w->req, w->ino, w->fd, &w->arg);
		file_close(w->fd);
		channel_leave(queue.channel);
		free(w);
	}
	return NULL;
}

bool deferred_start(struct tool *t, struct channel *c)
{
	pthread_t thread;
	int err;

	queue.channel = c;
	queue.last = &queue.first;
	err = pthread_create(&thread, NULL, deferred_main, NULL);
	if (err)
		tool_error(t, "starting a thread: %s", strerror(err));
	return !err;
}
