// SPDX-License-Identifier: GPL-2.0
/*
 * seek.c - where the holes are in a file that is being written
 *
 * The host keeps what programs write until it pleases, but asks at once where
 * data and holes are, and the answer would miss what it still keeps.  Told to drop
 * its pages of a file, it sends what is in them first.  Telling it waits for
 * those requests to be answered, so no thread that serves may do that: one of its
 * own does, and answers.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "fusefs.h"

struct seek {
	struct seek *next;
	fuse_req_t req;
	fuse_ino_t ino;
	int channel_fd;			/* where the answer goes */
	int fd;				/* the file, a descriptor of our own */
	off_t off;
	int whence;
};

static struct {
	struct channel *channel;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct seek *first, **last;
} queue = { .lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER };

void seek_reply(fuse_req_t req, int fd, off_t off, int whence)
{
	long rc = lkl_sys_lseek(fd, off, whence);

	if (rc < 0)
		op_reply(req, rc);
	else
		fuse_reply_lseek(req, rc);
}

bool seek_later(fuse_req_t req, fuse_ino_t ino, int fd, off_t off, int whence)
{
	struct seek *s = malloc(sizeof(*s));
	int own = s ? lkl_sys_dup(fd) : -1;

	if (own < 0 || !file_opened(own)) {
		if (own >= 0)
			lkl_sys_close(own);
		free(s);
		return false;
	}
	*s = (struct seek){
		.req = req, .ino = ino, .channel_fd = channel_fd(), .fd = own, .off = off,
		.whence = whence,
	};
	pthread_mutex_lock(&queue.lock);
	*queue.last = s;
	queue.last = &s->next;
	pthread_cond_signal(&queue.more);
	pthread_mutex_unlock(&queue.lock);
	return true;
}

static struct seek *next_seek(void)
{
	struct seek *s;

	pthread_mutex_lock(&queue.lock);
	while (!queue.first)
		pthread_cond_wait(&queue.more, &queue.lock);
	s = queue.first;
	queue.first = s->next;
	if (!queue.first)
		queue.last = &queue.first;
	pthread_mutex_unlock(&queue.lock);
	return s;
}

static void *seek_main(void *arg)
{
	for (;;) {
		struct seek *s = next_seek();

		channel_drop_pages(queue.channel, s->channel_fd, s->ino);
		channel_enter(queue.channel);
		seek_reply(s->req, s->fd, s->off, s->whence);
		file_close(s->fd);
		channel_leave(queue.channel);
		free(s);
	}
	return NULL;
}

bool seek_start(struct tool *t, struct channel *c)
{
	pthread_t thread;
	int err;

	queue.channel = c;
	queue.last = &queue.first;
	err = pthread_create(&thread, NULL, seek_main, NULL);
	if (err)
		tool_error(t, "starting a thread: %s", strerror(err));
	return !err;
}
