// SPDX-License-Identifier: GPL-2.0
/*
 * channel.c - the threads that take requests from the host's kernel
 *
 * One thread at a time reads; reader-handoff.c decides which.  libfuse parses the
 * requests.  Reading requests and writing answers is done here, so that requests and
 * flags that this libfuse does not know can be handled.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include "fusefs.h"
#include "messages.h"
#include "reader-handoff.h"
#include <lkl/linux/fuse.h>

#define HEADROOM	4096u		/* space for the header of a request, before its data */

/*
 * A program that waits for each answer sends its next request a few microseconds later.
 * Sleeping and waking up takes ten times as long, above all on a virtual machine, so the
 * reader polls for the next request for a while before it sleeps.  After several polls that found
 * nothing, it does not poll for the next REQUESTS_OFF requests; after a poll during which other
 * threads needed the processor, for the next REQUESTS_TAKEN.
 */
#define POLL_NS		70000
#define TAKEN_NS	500000		/* a longer poll had to wait for the processor */
#define FAILED_POLLS	4		/* in a row: do not poll for a while */
#define POLLED_REQUESTS	16		/* found by polling in a row: expect many more */
#define AWAKE_MS	2		/* time to stay awake without a request */
#define REQUESTS_OFF	256		/* requests without polling after FAILED_POLLS */
#define REQUESTS_TAKEN	8192		/* the same after a poll longer than TAKEN_NS */

struct channel {
	struct fuse_session *se;
	struct handoff handoff;
	unsigned int failed_polls;	/* polls in a row without a request */
	unsigned int off;		/* requests to wait for without polling */
	unsigned int polled;		/* requests in a row that the reader found by polling */
	bool awake;			/* the reader's argument of the last tune_awake() */
	unsigned int running, max;	/* threads */
	unsigned int at_work;		/* atomic: requests being answered */
	bool stopped;
	bool setxattr_ext;		/* FUSE_SETXATTR requests have flags */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_rwlock_t gate;		/* held shared while a request is answered */
};

/* The channel, a buffer, and properties of the request that this thread answers. */
static _Thread_local struct {
	int fd;
	char *mem;
	bool init, kills_setid, kills_sgid;
} mine;

char *channel_buffer(void)
{
	return mine.mem + HEADROOM;
}

int channel_fd(void)
{
	return mine.fd;
}

void channel_enter(struct channel *c)
{
	pthread_rwlock_rdlock(&c->gate);
}

void channel_leave(struct channel *c)
{
	pthread_rwlock_unlock(&c->gate);
}

void channel_drop_pages(struct channel *c, int fd, fuse_ino_t ino)
{
	mine.fd = fd;
	fuse_lowlevel_notify_inval_inode(c->se, ino, 0, 0);
}

/* To be called before the answer to a request that changed attributes which the host caches. */
void channel_drop_attr(fuse_ino_t ino)
{
	struct {
		struct lkl_fuse_out_header header;
		struct lkl_fuse_notify_inval_inode_out what;
	} out = {
		.header = { .len = sizeof(out), .error = LKL_FUSE_NOTIFY_INVAL_INODE },
		.what = { .ino = ino, .off = -1 },
	};

	if (write(mine.fd, &out, sizeof(out)) < 0)
		return;			/* ENOENT: the host has forgotten this file */
}

int channel_store_pages(struct channel *c, fuse_ino_t ino, char *buf, size_t len)
{
	struct fuse_bufvec bufs = FUSE_BUFVEC_INIT(len);

	bufs.buf[0].mem = buf;
	return fuse_lowlevel_notify_store(c->se, ino, 0, &bufs, 0);
}

bool channel_has_standby(struct channel *c)
{
	return __atomic_load_n(&c->running, __ATOMIC_RELAXED) > 1;
}

bool channel_is_quiet(struct channel *c)
{
	struct pollfd pollfd = { .fd = mine.fd, .events = POLLIN };

	return __atomic_load_n(&c->at_work, __ATOMIC_SEQ_CST) == 1 && !poll(&pollfd, 1, 0);
}

unsigned int channel_nr_answering(struct channel *c)
{
	return __atomic_load_n(&c->at_work, __ATOMIC_SEQ_CST);
}

bool channel_kills_setid(void)
{
	return mine.kills_setid;
}

bool channel_kills_sgid(void)
{
	return mine.kills_sgid;
}

/*
 * FUSE_HANDLE_KILLPRIV_V2: set-ID bits are cleared here, as part of the write; otherwise
 * the host asks for the capabilities of a file before every write to it.
 * FUSE_SETXATTR_EXT: the host says when setting an ACL must clear the set-group-ID bit.
 * Debian 12's libfuse knows neither.
 */
static void patch_init(const struct iovec *iov, int count)
{
	struct lkl_fuse_init_out *out;

	if (count < 2 || iov[1].iov_len < sizeof(*out))
		return;
	out = iov[1].iov_base;
	out->flags |= LKL_FUSE_HANDLE_KILLPRIV_V2 | LKL_FUSE_SETXATTR_EXT;
	/* libfuse would limit this to the host's default: see tune_read_ahead(). */
	out->max_readahead = FUSE_IO_MAX;
}

static ssize_t send_answer(int fd, struct iovec *iov, int count, void *data)
{
	if (mine.init)
		patch_init(iov, count);
	return writev(mine.fd, iov, count);
}

static ssize_t refuse_read(int fd, void *buf, size_t len, void *data)
{
	errno = EIO;
	return -1;
}

/*
 * Note the flags of a FUSE_SETXATTR request, and convert the request to the shorter form that
 * libfuse parses.  Returns the new length of the request.
 */
static size_t shorten_setxattr(struct lkl_fuse_in_header *in, size_t len)
{
	struct lkl_fuse_setxattr_in *arg = (void *)(in + 1);
	size_t head = sizeof(*in) + sizeof(*arg);
	size_t extra = sizeof(*arg) - LKL_FUSE_COMPAT_SETXATTR_IN_SIZE;

	if (len < head)
		return len;
	mine.kills_sgid = arg->setxattr_flags & LKL_FUSE_SETXATTR_ACL_KILL_SGID;
	memmove((char *)in + head - extra, (char *)in + head, len - head);
	in->len -= extra;
	return len - extra;
}

/*
 * Record those flags of the request that libfuse ignores.  Returns the length of the request,
 * which may become shorter.
 */
static size_t note_request(struct channel *c, struct lkl_fuse_in_header *in, size_t len)
{
	const struct lkl_fuse_write_in *w = (const void *)(in + 1);
	const struct lkl_fuse_init_in *init = (const void *)(in + 1);

	mine.init = in->opcode == LKL_FUSE_INIT;
	mine.kills_setid = in->opcode == LKL_FUSE_WRITE &&
			   w->write_flags & LKL_FUSE_WRITE_KILL_SUIDGID;
	mine.kills_sgid = false;
	if (mine.init)
		c->setxattr_ext = init->flags & LKL_FUSE_SETXATTR_EXT;
	if (in->opcode == LKL_FUSE_SETXATTR && c->setxattr_ext)
		return shorten_setxattr(in, len);
	return len;
}

static void answer_request(struct channel *c, size_t len)
{
	const struct fuse_buf buf = {
		.mem = mine.mem, .size = note_request(c, (void *)mine.mem, len),
	};

	channel_enter(c);
	__atomic_add_fetch(&c->at_work, 1, __ATOMIC_SEQ_CST);
	if (!raw_request(mine.fd, mine.mem, buf.size))
		fuse_session_process_buf(c->se, &buf);
	__atomic_sub_fetch(&c->at_work, 1, __ATOMIC_SEQ_CST);
	channel_leave(c);
}

uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* Read a request without waiting: -1 and EAGAIN if there is none. */
static ssize_t read_request(void)
{
	return read(mine.fd, mine.mem, HEADROOM + FUSE_IO_MAX);
}

static void set_awake(struct channel *c, bool awake)
{
	if (c->awake == awake)
		return;
	c->awake = awake;
	tune_awake(awake);
}

static void note_failed_poll(struct channel *c, uint64_t took)
{
	c->polled = 0;
	if (took > TAKEN_NS)
		c->off = REQUESTS_TAKEN;
	else if (++c->failed_polls % FAILED_POLLS == 0)
		c->off = REQUESTS_OFF;
	if (c->off)
		set_awake(c, false);
}

static void note_polled_request(struct channel *c)
{
	c->failed_polls = 0;
	if (++c->polled == POLLED_REQUESTS)
		set_awake(c, true);
}

static ssize_t poll_for_request(struct channel *c)
{
	uint64_t start = now_ns(), took;
	ssize_t n;

	do {
		/* The program that sends requests may need this processor. */
		sched_yield();
		n = read_request();
		took = now_ns() - start;
	} while (n < 0 && errno == EAGAIN && took < POLL_NS);
	if (took >= POLL_NS)
		note_failed_poll(c, took);
	else
		note_polled_request(c);
	return n;
}

/* Wait for a request, first for AWAKE_MS without letting processors sleep. */
static void sleep_until_request(struct channel *c)
{
	struct pollfd pollfd = { .fd = mine.fd, .events = POLLIN };

	if (c->awake && poll(&pollfd, 1, AWAKE_MS))
		return;
	set_awake(c, false);
	poll(&pollfd, 1, -1);
}

static ssize_t next_request(struct channel *c)
{
	ssize_t n = read_request();

	if (n >= 0 || errno != EAGAIN)
		return n;
	if (!c->off) {
		n = poll_for_request(c);
		if (n >= 0 || errno != EAGAIN)
			return n;
	} else {
		c->off--;
	}
	sleep_until_request(c);
	return read_request();
}

/* Serve until another thread has taken over (true) or the mount has ended (false). */
static bool serve_as_reader(struct channel *c)
{
	while (!fuse_session_exited(c->se)) {
		ssize_t n = next_request(c);

		if (n >= (ssize_t)sizeof(struct lkl_fuse_in_header)) {
			uint64_t begun = handoff_begin(&c->handoff);

			answer_request(c, n);
			if (!handoff_end(&c->handoff, begun))
				return true;
		} else if (n >= 0 || (errno != EINTR && errno != EAGAIN && errno != ENOENT)) {
			break;
		}
	}
	return false;
}

static void *spare_main(void *arg);

/* Start one more thread at @entry, up to the maximum.  0 or an error number. */
static int start_worker(struct channel *c, void *(*entry)(void *))
{
	pthread_t thread;
	int err = 0;

	pthread_mutex_lock(&c->lock);
	if (c->running < c->max) {
		err = pthread_create(&thread, NULL, entry, c);
		if (!err) {
			pthread_detach(thread);
			c->running++;
		}
	}
	pthread_mutex_unlock(&c->lock);
	return err;
}

/* Serve until the mount has ended; @reader: this thread is the reader already. */
static void run_worker(struct channel *c, bool reader)
{
	bool last = reader;

	for (;;) {
		if (!reader && !handoff_wait(&c->handoff, &last))
			return;
		/* Without a second thread the mount works, but a slow request delays all others. */
		if (last && start_worker(c, spare_main))
			log_message("cannot start another thread: slow requests will delay others");
		if (!serve_as_reader(c))
			break;
		reader = false;
	}
	handoff_stop(&c->handoff);
}

/* Set up @mine for this thread.  False: out of memory. */
static bool prepare_thread(struct channel *c)
{
	mine.fd = fuse_session_fd(c->se);
	mine.mem = aligned_alloc(4096, HEADROOM + FUSE_IO_MAX);
	return mine.mem != NULL;
}

static void *worker_main(struct channel *c, bool reader)
{
	bool ready = !caller_init();

	if (ready && !prepare_thread(c)) {
		log_message("preparing a thread: out of memory");
		ready = false;
	}
	if (ready)
		run_worker(c, reader);
	free(mine.mem);
	pthread_mutex_lock(&c->lock);
	c->running--;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

static void *first_main(void *arg)
{
	return worker_main(arg, true);
}

static void *spare_main(void *arg)
{
	return worker_main(arg, false);
}

struct channel *channel_open(struct tool *t, struct fuse_session *se, unsigned int threads)
{
	static const struct fuse_custom_io io = { .writev = send_answer, .read = refuse_read };
	struct channel *c = calloc(1, sizeof(*c));
	int fd;

	if (!c)
		tool_no_memory(t);
	c->se = se;
	c->max = threads;
	handoff_init(&c->handoff);
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->changed, NULL);
	pthread_rwlock_init(&c->gate, NULL);
	fd = fuse_session_fd(se);
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK))
		tool_error(t, "setting up the channel to the kernel: %m");
	if (fuse_session_custom_io(se, &io, fd))
		return NULL;		/* libfuse has printed the reason */
	return c;
}

bool channel_greet(struct tool *t, struct channel *c)
{
	struct pollfd pollfd = { .fd = fuse_session_fd(c->se), .events = POLLIN };
	ssize_t n = -1;

	if (!prepare_thread(c))
		tool_no_memory(t);
	if (poll(&pollfd, 1, -1) > 0)
		n = read_request();
	if (n > 0)
		answer_request(c, n);
	free(mine.mem);
	if (n <= 0)
		tool_error(t, "the host's kernel ended the mount before its first request");
	return n > 0;
}

bool channel_start(struct tool *t, struct channel *c)
{
	int err = start_worker(c, first_main);

	if (err)
		tool_error(t, "starting a thread: %s", strerror(err));
	return !err;
}

void channel_wait(struct channel *c)
{
	pthread_mutex_lock(&c->lock);
	while (c->running && !c->stopped)
		pthread_cond_wait(&c->changed, &c->lock);
	pthread_mutex_unlock(&c->lock);
}

void channel_stop(struct channel *c)
{
	fuse_session_exit(c->se);
	/*
	 * The lock is never released: a thread with another request waits until the process
	 * ends.
	 */
	pthread_rwlock_wrlock(&c->gate);
	pthread_mutex_lock(&c->lock);
	c->stopped = true;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
}
