// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - the process of an isolated kernel of the Node.js package
 *
 * It gets one socket.  The first message has the options of open().  It opens the image,
 * enters the sandbox, and then runs the jobs that arrive, with the same code that runs them
 * inside Node.js when the kernel is not isolated.  When the socket closes, it writes everything
 * back and ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "message.h"
#include "sandbox.h"

struct server {
	struct disk *d;
	pthread_t sender, reader;
	bool started;		/* the threads run */
	bool ended;		/* the disk has closed; under the lock of the disk */
};

static void die(const char *why)
{
	fprintf(stderr, "anyfs-node-kernel: %s\n", why);
	_exit(1);
}

static bool read_all(void *data, size_t len)
{
	char *pos = data;

	while (len) {
		ssize_t n = read(MESSAGE_FD, pos, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		pos += n;
		len -= n;
	}
	return true;
}

static bool read_message(struct message_head *head, struct content *c)
{
	memset(c, 0, sizeof(*c));
	if (!read_all(head, sizeof(*head)) || head->len > MESSAGE_MAX)
		return false;
	c->data = malloc(head->len + 1);
	c->len = head->len;
	return c->data && read_all(c->data, head->len);
}

/* ---- Results and questions ---- */

static void send_done(struct job *jobs)
{
	struct job *next;

	for (; jobs; jobs = next) {
		struct content c = { 0 };

		next = jobs->next;
		put_done(&c, jobs);
		/* After a failed open, or if Node.js has ended, no process waits. */
		if (!c.failed && (jobs->id || jobs->kind == JOB_NOTE))
			message_send(MESSAGE_FD, MSG_DONE, jobs->id, &c);
		free(c.data);
		job_free(jobs);
	}
}

static void send_questions(struct disk *d)
{
	struct question *q;

	while ((q = question_take(d))) {
		struct content c = { 0 };
		uint32_t id = q->id;
		bool failed;

		put_question(&c, q);
		question_taken(d, q);
		failed = c.failed || message_send(MESSAGE_FD, MSG_QUESTION, id, &c);
		free(c.data);
		if (failed)
			question_answer(d, id, -EIO, NULL, 0);
	}
}

static void *sender_main(void *data)
{
	struct server *s = data;
	struct disk *d = s->d;
	bool ended;

	do {
		pthread_mutex_lock(&d->lock);
		while (!d->done && !question_is_waiting(d) && !s->ended)
			pthread_cond_wait(&d->changed, &d->lock);
		ended = s->ended;
		pthread_mutex_unlock(&d->lock);
		send_done(disk_collect(d));
		send_questions(d);
	} while (!ended);
	return NULL;
}

/* ---- Requests ---- */

static void take_job(struct disk *d, struct content *c, uint32_t id)
{
	struct job *job = get_job(c, id);
	int rc;

	if (!job)
		die("out of memory");
	rc = d->ops->submit(d, job);
	if (!rc)
		return;
	job->result = rc;
	disk_done(d, job);
}

static void take_answer(struct disk *d, struct content *c, uint32_t id)
{
	int result = get_u64(c);
	size_t len = c->len - c->pos;

	question_answer(d, id, result, get_bytes(c, len), len);
	explicit_bzero(c->data, c->len);	/* wipe it: it may be a key */
}

static void *reader_main(void *data)
{
	struct server *s = data;
	struct message_head head;
	struct content c;

	while (read_message(&head, &c)) {
		switch (head.type) {
		case MSG_JOB: take_job(s->d, &c, head.id); break;
		case MSG_ANSWER: take_answer(s->d, &c, head.id); break;
		case MSG_ABANDON: questions_abandon(s->d); break;
		case MSG_CLOSE: s->d->ops->close_begin(s->d, head.id); break;
		}
		free(c.data);
	}
	free(c.data);
	questions_abandon(s->d);
	s->d->ops->close_begin(s->d, 0);
	return NULL;
}

/* ---- Start ---- */

static void start_threads(struct server *s)
{
	if (s->started)
		return;
	s->started = true;
	if (pthread_create(&s->sender, NULL, sender_main, s) ||
	    pthread_create(&s->reader, NULL, reader_main, s))
		die("cannot start a thread");
}

/* Called after the image was opened and before the kernel reads it. */
static int lock_in(void *data)
{
	struct server *s = data;
	const struct sandbox sb = {
		.program = "anyfs-node-kernel",
		.profile = s->d->opts.disk.flags & ANYFS_DISK_READONLY ? SANDBOX_READ :
									 SANDBOX_CHANGE,
	};
	struct sandbox_state state;
	char why[256];

	tzset();		/* reads a file, which the sandbox forbids later */
	if (sandbox_enter(&sb, &state, why, sizeof(why))) {
		fprintf(stderr, "anyfs-node-kernel: cannot enter the sandbox: %s\n", why);
		_exit(1);
	}
	start_threads(s);
	return 0;
}

int main(void)
{
	struct server s = { 0 };
	struct disk_options opts;
	struct message_head head;
	struct content c;

	signal(SIGPIPE, SIG_IGN);
	fcntl(MESSAGE_FD, F_SETFD, FD_CLOEXEC);	/* the sandbox closes all others */
	if (!read_message(&head, &c) || head.type != MSG_OPEN)
		die("is started by the Node.js package; do not start it by hand");
	get_options(&c, &opts);
	explicit_bzero(c.data, c.len);
	free(c.data);
	if (opts.ask_keys || opts.nr_keys)
		anyfs_unlock_prepare();
	anyfs_formats_prepare();
	s.d = disk_alloc(&opts, head.id, NULL, NULL);
	if (!s.d)
		die("out of memory");
	s.d->opts.kernel.lock_in = lock_in;
	s.d->opts.kernel.lock_in_data = &s;
	s.d->nr_workers = 1;		/* this thread */
	disk_run(s.d);
	pthread_mutex_lock(&s.d->lock);
	s.ended = true;
	pthread_cond_broadcast(&s.d->changed);
	pthread_mutex_unlock(&s.d->lock);
	if (s.started)
		pthread_join(s.sender, NULL);
	else
		send_done(disk_collect(s.d));
	_exit(0);
}
