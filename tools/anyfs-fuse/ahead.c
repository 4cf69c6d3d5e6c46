// SPDX-License-Identifier: GPL-2.0
/*
 * ahead.c - small files that will be read next
 *
 * Who copies or searches a tree reads small files one after the other, as their
 * directory lists them, and waits for each.  Once that is seen the next ones are
 * sent to the host before it asks: more with each time that the guess was
 * right, as reading ahead inside a file does.  A directory read to its end says
 * that the next one will be read like it.
 *
 * Only on read-only mounts, where no file can change on its way.  Who asks for a
 * file has locked it on the host, and what is sent has to wait for the lock: so it
 * is sent before the answer, while the asking program waits and does not get there
 * itself.  Another program may have: then somebody else must be there to answer it.
 */
#include <errno.h>
#include <pthread.h>
#include "fusefs.h"

#define FIRST_WINDOW	2u
#define MAX_WINDOW	16u		/* files, and */
#define MAX_BYTES	(128u << 10)	/* together, since the answer waits for them */

static struct {
	struct channel *channel;	/* NULL: do nothing */
	pthread_mutex_t lock;
	uint64_t expected;		/* the file that comes next; 0: another directory's */
	unsigned int window;		/* how many to send */
} ahead = { .lock = PTHREAD_MUTEX_INITIALIZER };

void ahead_start(struct channel *c)
{
	ahead.channel = c;
}

static uint64_t follower(const struct node *n)
{
	return __atomic_load_n(&n->follower, __ATOMIC_RELAXED);
}

/* Bytes sent, or -errno. */
static long send_file(struct node *n)
{
	int fd = node_fd(n);
	long len;

	if (fd < 0)
		return fd;
	len = read_all(fd, channel_buffer(), AHEAD_FILE_MAX, 0);
	node_fd_put(n);
	if (len > 0 && !channel_store_pages(ahead.channel, n->id, channel_buffer(), len))
		return len;
	return len < 0 ? len : -EIO;
}

/* The first one that was not sent, from @id on; 0: all were. */
static uint64_t send_files(uint64_t id, unsigned int count)
{
	long bytes = 0, len;
	struct node *n;

	while (id && count-- && bytes < MAX_BYTES) {
		n = node_ref(id);
		if (!n)
			return 0;	/* the host has forgotten it */
		len = send_file(n);
		if (len >= 0)
			id = follower(n);
		node_put(n);
		if (len < 0)
			break;
		bytes += len;
	}
	return id;
}

static void note_read(const struct node *n)
{
	if (n->id != ahead.expected)
		ahead.window = ahead.expected ? 0 : ahead.window;
	else if (!ahead.window)
		ahead.window = FIRST_WINDOW;
	else if (ahead.window < MAX_WINDOW)
		ahead.window *= 2;
}

void ahead_of(const struct node *n)
{
	uint64_t next = follower(n);

	if (!ahead.channel || pthread_mutex_trylock(&ahead.lock))
		return;
	/* What was not listed as a small file says nothing. */
	if (next || n->id == ahead.expected) {
		note_read(n);
		if (channel_has_relief(ahead.channel))
			next = send_files(next, ahead.window);
		ahead.expected = next;
	}
	pthread_mutex_unlock(&ahead.lock);
}
