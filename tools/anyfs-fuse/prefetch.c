// SPDX-License-Identifier: GPL-2.0
/*
 * prefetch.c - send small files to the host before it requests them
 *
 * A program that copies or searches a tree reads small files one after the other and
 * waits for each.  It reads them in the order of the directory, of inode numbers, or of
 * names.  Once the order is recognised, the next files are sent to the host's cache
 * before they are requested: more of them each time that the guess was right, like
 * read-ahead inside a file.  After a directory was read to its end, the same order is
 * expected in the next one.
 *
 * This is done only on read-only mounts, where files cannot change meanwhile.  A program
 * that reads a file holds a lock of the host on it, and sending the file waits for that
 * lock.  So files are sent before the current request is answered, while its program
 * waits and cannot read them itself; the file of that request is never sent.  If
 * another program holds the lock of a file, another thread has to answer that program
 * first; if this process were killed before that, the sending thread and the program
 * would wait for each other forever.  So nothing is sent while several programs read,
 * or while any other request is being answered.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "fusefs.h"

#define FIRST_WINDOW	2u
#define MAX_WINDOW	16u		/* files to send at once */
#define LONE_READS	4		/* reads in a row by one process before sending starts */
#define WAITED_NS	1000000		/* a longer call had to wait for a lock */
#define PAUSE_READS	256		/* reads without sending files after such a call */
#define MAX_BYTES	(128u << 10)	/* bytes sent at once, because the answer waits for them */

static struct {
	struct channel *channel;	/* NULL: do nothing */
	pthread_mutex_t lock;
	uint64_t expected[NR_FILE_ORDERS];	/* the next file; 0: in another directory */
	enum file_order order;		/* the order in which files are read */
	unsigned int window;		/* number of files to send */
	pid_t reader;			/* the process that read last */
	int alone;			/* its reads in a row; negative: pause */
} prefetch = { .lock = PTHREAD_MUTEX_INITIALIZER };

void prefetch_start(struct channel *c)
{
	prefetch.channel = c;
}

static uint64_t follower_id(const struct node *n, enum file_order order)
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

void prefetch_set_order(struct small_file *files, unsigned int nr)
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

static long store_pages(const struct node *n, size_t len)
{
	uint64_t start = now_ns();
	int rc = -EAGAIN;

	if (channel_is_quiet(prefetch.channel))
		rc = channel_store_pages(prefetch.channel, n->id, channel_buffer(), len);
	if (now_ns() - start < WAITED_NS)
		return rc ? rc : (long)len;
	prefetch.alone = -PAUSE_READS;
	return -EBUSY;
}

/* Send a small file.  Returns the number of bytes, or -errno. */
static long send_file(struct node *n)
{
	int fd = node_fd(n);
	long len;

	if (fd < 0)
		return fd;
	len = read_all(fd, channel_buffer(), AHEAD_FILE_MAX, 0);
	node_fd_put(n);
	return len > 0 ? store_pages(n, len) : -EIO;
}

/*
 * Send up to @count files from @id on.  Returns the first that was not sent; 0: there is
 * none.  With hard links the order may lead back to @asked, which stays locked until its
 * request is answered.
 */
static uint64_t send_files(uint64_t id, unsigned int count, uint64_t asked)
{
	long bytes = 0, len;
	struct node *n;

	while (id && count-- && bytes < MAX_BYTES) {
		n = id == asked ? NULL : node_ref(id);
		if (!n)
			return 0;	/* the requested file, or one that the host forgot */
		len = send_file(n);
		if (len >= 0)
			id = follower_id(n, prefetch.order);
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
		if (n->id != prefetch.expected[o])
			continue;
		prefetch.order = o;
		return true;
	}
	return false;
}

static void note_read(const struct node *n)
{
	if (!is_expected(n))
		prefetch.window = prefetch.expected[prefetch.order] ? 0 : prefetch.window;
	else if (!prefetch.window)
		prefetch.window = FIRST_WINDOW;
	else if (prefetch.window < MAX_WINDOW)
		prefetch.window *= 2;
	for (enum file_order o = 0; o < NR_FILE_ORDERS; o++)
		prefetch.expected[o] = follower_id(n, o);
}

/* Whether @n was listed as a small file; only reads of these show an order. */
static bool is_small_file(const struct node *n)
{
	for (enum file_order o = 0; o < NR_FILE_ORDERS; o++)
		if (follower_id(n, o))
			return true;
	return false;
}

void prefetch_following(fuse_req_t req, const struct node *n)
{
	pid_t reader = fuse_req_ctx(req)->pid;
	uint64_t *next;

	if (!prefetch.channel || !is_small_file(n) || pthread_mutex_trylock(&prefetch.lock))
		return;
	note_read(n);
	prefetch.alone = reader == prefetch.reader ? prefetch.alone + 1 : 0;
	prefetch.reader = reader;
	next = &prefetch.expected[prefetch.order];
	if (prefetch.alone >= LONE_READS && channel_has_standby(prefetch.channel))
		*next = send_files(*next, prefetch.window, n->id);
	pthread_mutex_unlock(&prefetch.lock);
}
