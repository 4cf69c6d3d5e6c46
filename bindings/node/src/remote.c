// SPDX-License-Identifier: GPL-2.0
/*
 * remote.c - a kernel in a process of its own
 *
 * The process (bindings/node/worker) runs the same disk.c as this module, in the sandbox
 * of the tools.  Jobs go there as messages.  One thread here receives the results and watches the
 * deadlines.  It ends the process if a job misses its deadline or if a message is malformed.
 * When the process has ended, all jobs that wait get an error with the reason.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "message.h"

#define CLOSE_MS	60000		/* least time limit of closing, which may write much data */
#define EXIT_MS		5000		/* for the process to end after its last job */

struct remote {
	int fd, wake;
	pid_t pid;
	unsigned int timeout;		/* ms; 0: no limit */
	pthread_t reader;
	bool joined;
	pthread_mutex_t send_lock;
	struct content in;		/* bytes received, not yet a whole message */

	/* Under the lock of the disk. */
	struct job *jobs;		/* wait for their results */
	int dead;			/* -errno for all jobs, once the process has ended */
	char why[256];
};

extern char **environ;

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

static int send_message(struct disk *d, enum message_type type, uint32_t id, struct content *c)
{
	struct remote *r = d->remote;
	int rc = -ENOMEM;

	if (!c || !c->failed) {
		pthread_mutex_lock(&r->send_lock);
		rc = message_send(r->fd, type, id, c);
		pthread_mutex_unlock(&r->send_lock);
	}
	if (c)
		free(c->data);
	return rc;
}

static void finish_job(struct disk *d, struct job *job, int result, const char *text)
{
	job->result = result;
	free(job->text);
	job->text = strdup(text);
	disk_done(d, job);
}

/* Add a job to the list of waiting jobs; an error if the process has ended. */
static int add_waiting(struct disk *d, struct job *job, unsigned int ms)
{
	struct remote *r = d->remote;
	int dead;

	pthread_mutex_lock(&d->lock);
	dead = r->dead;
	if (!dead) {
		job->deadline = ms ? now_ms() + ms : 0;
		job->next = r->jobs;
		r->jobs = job;
	}
	pthread_mutex_unlock(&d->lock);
	if (!dead && ms && eventfd_write(r->wake, 1))
		return -errno;
	return dead;
}

static struct job *take_waiting(struct disk *d, uint32_t id)
{
	struct job **p = &d->remote->jobs, *job;

	pthread_mutex_lock(&d->lock);
	while (*p && (*p)->id != id)
		p = &(*p)->next;
	job = *p;
	if (job)
		*p = job->next;
	pthread_mutex_unlock(&d->lock);
	return job;
}

/* No more than PART_MAX bytes go through the socket at once; callers expect short results. */
static void limit_part(struct job *job)
{
	switch (job->nr) {
	case __lkl__NR_read: case __lkl__NR_write: case __lkl__NR_pread64: case __lkl__NR_pwrite64:
		if (job->types[1] != ARG_BYTES || job->lens[1] <= PART_MAX)
			break;
		job->lens[1] = PART_MAX;
		if (job->args[2] > (int64_t)PART_MAX)
			job->args[2] = PART_MAX;
		break;
	}
}

static int remote_submit(struct disk *d, struct job *job)
{
	struct remote *r = d->remote;
	struct content c = { 0 };
	uint32_t id = job->id;
	int rc;

	pthread_mutex_lock(&d->lock);
	rc = d->state == DISK_OPEN ? 0 : -EBADF;
	pthread_mutex_unlock(&d->lock);
	if (rc)
		return rc;
	if (job->kind == JOB_SYSCALL)
		limit_part(job);
	put_job(&c, job);
	/* After this, the reader thread may finish the job at any time. */
	rc = add_waiting(d, job, job->flags & JOB_WAITS ? 0 : r->timeout);
	if (rc) {
		free(c.data);
		finish_job(d, job, rc, r->why);
		return 0;
	}
	/* If sending fails, the reader detects the error and finishes the job. */
	if (send_message(d, MSG_JOB, id, &c) == -ENOMEM && (job = take_waiting(d, id)))
		finish_job(d, job, -ENOMEM, "out of memory");
	return 0;
}

static int remote_close_begin(struct disk *d, uint32_t id)
{
	struct remote *r = d->remote;
	struct job *job = job_new(JOB_CLOSE);
	bool abandoned;
	int rc;

	if (!job)
		return -ENOMEM;
	job->id = id;
	pthread_mutex_lock(&d->lock);
	rc = d->state == DISK_OPEN ? 0 : -EBADF;
	abandoned = d->abandoned;
	if (!rc)
		d->state = DISK_CLOSING;
	pthread_mutex_unlock(&d->lock);
	if (rc) {
		job_free(job);
		return rc;
	}
	rc = add_waiting(d, job, r->timeout && r->timeout < CLOSE_MS ? CLOSE_MS : r->timeout);
	if (rc) {
		finish_job(d, job, d->opts.disk.flags & ANYFS_DISK_READONLY ? 0 : rc, r->why);
		return 0;
	}
	if (abandoned)
		send_message(d, MSG_ABANDON, 0, NULL);
	send_message(d, MSG_CLOSE, id, NULL);
	return 0;
}

static void remote_close_wait(struct disk *d)
{
	if (!d->remote->joined)
		pthread_join(d->remote->reader, NULL);
	d->remote->joined = true;
}

static void remote_answer(struct disk *d, uint32_t id, int result, const void *bytes, size_t len)
{
	struct content c = { 0 };

	put_u64(&c, result);
	put_bytes(&c, bytes, len);
	send_message(d, MSG_ANSWER, id, &c);
}

/* ---- The reader ---- */

static bool take_done(struct disk *d, uint32_t id, struct content *c)
{
	struct job *job;
	bool fits;

	if (!id) {
		job = get_note(c);
		if (job)
			disk_done(d, job);
		return job;
	}
	job = take_waiting(d, id);
	if (!job)
		return false;
	fits = get_done(c, job);
	if (fits && (job->kind == JOB_CLOSE || (job->kind == JOB_OPEN && job->result < 0))) {
		pthread_mutex_lock(&d->lock);
		d->close_result = job->result;
		d->state = DISK_CLOSED;
		pthread_mutex_unlock(&d->lock);
	}
	if (fits)
		disk_done(d, job);
	else
		finish_job(d, job, -EIO, "the process of the kernel has sent a malformed result");
	return fits;
}

static bool take_question(struct disk *d, uint32_t id, struct content *c)
{
	struct question *q = get_question(c, id), **end = &d->questions;
	bool abandoned;

	if (!q)
		return false;
	pthread_mutex_lock(&d->lock);
	abandoned = d->abandoned;
	if (!abandoned) {
		while (*end)
			end = &(*end)->next;
		*end = q;
		pthread_cond_signal(&d->changed);
		if (d->notify)
			d->notify(d->notify_data);
	}
	pthread_mutex_unlock(&d->lock);
	if (abandoned) {
		question_free(q);
		remote_answer(d, id, -EIO, NULL, 0);
	}
	return true;
}

/* Handle the complete messages that have arrived.  False: a malformed one. */
static bool take_messages(struct disk *d)
{
	struct content *in = &d->remote->in;
	struct message_head head;
	bool ok = true;
	size_t at = 0;

	while (ok && in->len - at >= sizeof(head)) {
		struct content c = { 0 };

		memcpy(&head, in->data + at, sizeof(head));
		if (head.len > MESSAGE_MAX)
			return false;
		if (in->len - at - sizeof(head) < head.len)
			break;
		c.data = in->data + at + sizeof(head);
		c.len = head.len;
		ok = head.type == MSG_DONE ? take_done(d, head.id, &c) :
		     head.type == MSG_QUESTION ? take_question(d, head.id, &c) : false;
		at += sizeof(head) + head.len;
	}
	memmove(in->data, in->data + at, in->len - at);
	in->len -= at;
	return ok;
}

/* Milliseconds until the first deadline; -1: there is none; 0: it has passed. */
static int next_deadline(struct disk *d)
{
	int64_t first = 0, now = now_ms();
	bool asked;

	pthread_mutex_lock(&d->lock);
	for (struct job *job = d->remote->jobs; job; job = job->next)
		if (job->deadline && (!first || job->deadline < first))
			first = job->deadline;
	asked = d->questions;
	pthread_mutex_unlock(&d->lock);
	if (!first)
		return -1;
	/*
	 * Do not count the time that JavaScript takes for an answer: disk_ask() limits that time.
	 */
	if (asked && first <= now)
		return 100;
	return first > now ? first - now : 0;
}

/* Wait for messages.  0, or the reason to end the process: -ETIMEDOUT, -EPROTO, -EPIPE. */
static int receive_results(struct disk *d)
{
	struct remote *r = d->remote;
	struct pollfd fds[2] = { { r->fd, POLLIN, 0 }, { r->wake, POLLIN, 0 } };
	int wait = next_deadline(d);
	static const char space[65536];
	eventfd_t count;
	ssize_t n;

	if (!wait)
		return -ETIMEDOUT;
	if (poll(fds, 2, wait) < 0)
		return errno == EINTR ? 0 : -EPIPE;
	if (fds[1].revents)
		eventfd_read(r->wake, &count);
	if (!fds[0].revents)
		return 0;
	put_bytes(&r->in, space, sizeof(space));
	if (r->in.failed)
		return -ENOMEM;
	r->in.len -= sizeof(space);
	n = recv(r->fd, r->in.data + r->in.len, sizeof(space), MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -EPIPE;
	if (!n)
		return -EPIPE;
	r->in.len += n;
	return take_messages(d) ? 0 : -EPROTO;
}

/* Wait for the end of the process, and return the reason. */
static void wait_for_exit(struct disk *d, int rc)
{
	struct remote *r = d->remote;
	int status = 0;
	pid_t got = 0;

	/* A process that has closed the socket ends by itself; kill it to be sure. */
	for (int ms = 0; rc == -EPIPE && !got && ms < EXIT_MS; ms += 10) {
		got = waitpid(r->pid, &status, WNOHANG);
		if (!got)
			poll(NULL, 0, 10);
	}
	if (!got) {
		kill(r->pid, SIGKILL);
		while (waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	pthread_mutex_lock(&d->lock);
	r->dead = rc == -ETIMEDOUT ? rc : -EIO;
	if (rc == -ETIMEDOUT)
		snprintf(r->why, sizeof(r->why), "a call took longer than the timeout of %u ms, so the process of the kernel was ended",
			 r->timeout);
	else if (rc == -EPROTO)
		snprintf(r->why, sizeof(r->why), "the process of the kernel has sent a malformed message, and was ended; the image is probably hostile");
	else if (WIFSIGNALED(status))
		snprintf(r->why, sizeof(r->why), "the process of the kernel was ended by signal %d (%s)",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(r->why, sizeof(r->why), "the process of the kernel has exited with status %d",
			 WEXITSTATUS(status));
	pthread_mutex_unlock(&d->lock);
}

/* Let the jobs that still wait fail with the reason; after a regular end there are none. */
static void fail_jobs(struct disk *d)
{
	struct remote *r = d->remote;
	struct job *jobs, *next;

	pthread_mutex_lock(&d->lock);
	jobs = r->jobs;
	r->jobs = NULL;
	if (d->state != DISK_CLOSED)
		d->close_result = r->dead;
	pthread_mutex_unlock(&d->lock);
	for (; jobs; jobs = next) {
		next = jobs->next;
		finish_job(d, jobs, r->dead, r->why);
	}
}

int remote_death(struct disk *d, const char **why)
{
	int dead;

	pthread_mutex_lock(&d->lock);
	dead = d->state == DISK_CLOSED ? 0 : d->remote->dead;
	*why = d->remote->why;
	pthread_mutex_unlock(&d->lock);
	return dead;
}

static void *reader_main(void *disk)
{
	struct disk *d = disk;
	int rc;

	do
		rc = receive_results(d);
	while (!rc);
	wait_for_exit(d, rc);
	fail_jobs(d);
	return NULL;
}

/* ---- Start and end ---- */

static int spawn_worker(const char *program, int fd, pid_t *pid)
{
	char *args[] = { (char *)program, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int err;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, fd, MESSAGE_FD);
	posix_spawn_file_actions_addclosefrom_np(&actions, MESSAGE_FD + 1);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	/* ^C is for Node.js, which then closes the disk. */
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
				 POSIX_SPAWN_SETPGROUP);
	err = posix_spawn(pid, program, &actions, &attr, args, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return -err;
}

static void remote_free(struct disk *d)
{
	struct remote *r = d->remote;
	struct question *q;

	while ((q = d->questions)) {
		d->questions = q->next;
		question_free(q);
	}
	close(r->fd);
	close(r->wake);
	pthread_mutex_destroy(&r->send_lock);
	free(r->in.data);
	free(r);
}

const struct disk_ops remote_ops = {
	.submit = remote_submit,
	.close_begin = remote_close_begin,
	.close_wait = remote_close_wait,
	.answer = remote_answer,
	.free = remote_free,
};

static struct remote *start_worker(const char *program, unsigned int timeout)
{
	struct remote *r = calloc(1, sizeof(*r));
	int pair[2];

	if (!r)
		return NULL;
	r->timeout = timeout;
	r->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r->wake >= 0 && !socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) {
		r->fd = pair[0];
		pthread_mutex_init(&r->send_lock, NULL);
		if (!spawn_worker(program, pair[1], &r->pid)) {
			close(pair[1]);
			return r;
		}
		close(pair[0]);
		close(pair[1]);
	}
	close(r->wake);
	free(r);
	return NULL;
}

struct disk *remote_new(struct disk_options *opts, const char *program, unsigned int timeout,
			uint32_t id, void (*notify)(void *data), void *data)
{
	struct disk *d = disk_alloc(opts, id, notify, data);
	struct job *job = d ? job_new(JOB_OPEN) : NULL;
	struct content c = { 0 };

	if (job)
		d->remote = start_worker(program, timeout);
	if (!job || !d->remote) {
		free(job);
		if (d)
			disk_free(d);
		return NULL;
	}
	d->ops = &remote_ops;
	d->state = DISK_OPEN;
	job->id = id;
	add_waiting(d, job, timeout);
	put_options(&c, &d->opts);
	send_message(d, MSG_OPEN, id, &c);
	if (pthread_create(&d->remote->reader, NULL, reader_main, d)) {
		kill(d->remote->pid, SIGKILL);
		waitpid(d->remote->pid, NULL, 0);
		job_free(job);
		disk_free(d);
		return NULL;
	}
	return d;
}
