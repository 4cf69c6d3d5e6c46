// SPDX-License-Identifier: GPL-2.0
/*
 * prefetch.c - small files that will be read next
 *
 * Who copies or searches a tree reads small files one after the other, and waits for
 * each.  They go as their directory lists them, or by inode number, or by name.
 * Once that is seen the next ones are sent to the host before it asks: more with each
 * time that the guess was right, as reading ahead inside a file does.  A directory
 * read to its end says that the next one will be read like it.
 *
 * Only on read-only mounts, where no file can change on its way.  Who asks for a
 * file has locked it on the host, and what is sent has to wait for the lock: so it
 * is sent before the answer, while the asking program waits and does not get there
 * itself; and never the file that it waits for.  Another program may have locked
 * one.  Then another thread must be there to answer it, and were the process killed
 * before that, the waiting thread and what it waits for would keep each other for
 * ever.  So nothing is sent where programs take turns, or while anything else is
 * asked for.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "fusefs.h"

#define FIRST_WINDOW	2u
#define MAX_WINDOW	16u		/* files, and */
#define ALONE		4		/* reads by one program */
#define WAITED_NS	1000000		/* for a lock: it had been asked for, */
#define REST		256		/* so for some reads leave it to who asks */
#define MAX_BYTES	(128u << 10)	/* together, since the answer waits for them */

static struct {
	struct channel *channel;	/* NULL: do nothing */
	pthread_mutex_t lock;
	uint64_t expected[NR_FILE_ORDERS];	/* the next file; 0: another directory's */
	enum file_order order;		/* in which files are read */
	unsigned int window;		/* how many to send */
	pid_t reader;			/* who asked last, and */
	int alone;			/* how often in a row */
} ahead = { .lock = PTHREAD_MUTEX_INITIALIZER };

void ahead_start(struct channel *c)
{
	ahead.channel = c;
}

static uint64_t follower(const struct node *n, enum file_order order)
{
	return __atomic_load_n(&n->followers[order], __ATOMIC_RELAXED);
}

static int by_inode(const void *a, const void *b)
{
	const struct small_file *x = a, *y = b;

	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

static int by_name(const void *a, const void *b)
{
	const struct small_file *x = a, *y = b;
	int c = memcmp(x->name, y->name, x->name_len < y->name_len ? x->name_len : y->name_len);

	return c ? c : (int)x->name_len - (int)y->name_len;
}

void ahead_listed(struct small_file *files, unsigned int nr)
{
	static int (*const compare[NR_FILE_ORDERS])(const void *, const void *) = {
		[BY_INODE] = by_inode, [BY_NAME] = by_name,
	};

	for (enum file_order o = 0; o < NR_FILE_ORDERS; o++) {
		if (compare[o])
			qsort(files, nr, sizeof(*files), compare[o]);
		for (unsigned int i = 0; i < nr; i++)
			node_set_follower(files[i].id, o, i + 1 < nr ? files[i + 1].id : 0);
	}
}

static long store(const struct node *n, size_t len)
{
	uint64_t start = now_ns();
	int rc = -EAGAIN;

	if (channel_is_quiet(ahead.channel))
		rc = channel_store_pages(ahead.channel, n->id, channel_buffer(), len);
	if (now_ns() - start < WAITED_NS)
		return rc ? rc : (long)len;
	ahead.alone = -REST;
	return -EBUSY;
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
	return len > 0 ? store(n, len) : -EIO;
}

/*
 * The first one that was not sent, from @id on; 0: all were.  With hard links the way
 * may lead back to @asked, which is locked until we answer.
 */
static uint64_t send_files(uint64_t id, unsigned int count, uint64_t asked)
{
	long bytes = 0, len;
	struct node *n;

	while (id && count-- && bytes < MAX_BYTES) {
		n = id == asked ? NULL : node_ref(id);
		if (!n)
			return 0;	/* or the host has forgotten it */
		len = send_file(n);
		if (len >= 0)
			id = follower(n, ahead.order);
		node_put(n);
		if (len < 0)
			break;
		bytes += len;
	}
	return id;
}

static bool is_expected(const struct node *n)
{
	for (enum file_order o = 0; o < NR_FILE_ORDERS; o++) {
		if (n->id != ahead.expected[o])
			continue;
		ahead.order = o;
		return true;
	}
	return false;
}

static void note_read(const struct node *n)
{
	if (!is_expected(n))
		ahead.window = ahead.expected[ahead.order] ? 0 : ahead.window;
	else if (!ahead.window)
		ahead.window = FIRST_WINDOW;
	else if (ahead.window < MAX_WINDOW)
		ahead.window *= 2;
	for (enum file_order o = 0; o < NR_FILE_ORDERS; o++)
		ahead.expected[o] = follower(n, o);
}

/* What was not listed as a small file says nothing. */
static bool is_small_file(const struct node *n)
{
	for (enum file_order o = 0; o < NR_FILE_ORDERS; o++)
		if (follower(n, o))
			return true;
	return false;
}

void ahead_of(fuse_req_t req, const struct node *n)
{
	pid_t reader = fuse_req_ctx(req)->pid;
	uint64_t *next;

	if (!ahead.channel || !is_small_file(n) || pthread_mutex_trylock(&ahead.lock))
		return;
	note_read(n);
	ahead.alone = reader == ahead.reader ? ahead.alone + 1 : 0;
	ahead.reader = reader;
	next = &ahead.expected[ahead.order];
	if (ahead.alone >= ALONE && channel_has_relief(ahead.channel))
		*next = send_files(*next, ahead.window, n->id);
	pthread_mutex_unlock(&ahead.lock);
}
