// SPDX-License-Identifier: GPL-2.0
/*
 * shell-serve.c - run the verbs of a shell on the open image
 *
 * This process is in the sandbox.  It gets the words of commands from anyfs-shell, and descriptors
 * of files, pipes or a terminal that anyfs-shell has opened.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "complete.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output-write.h"
#include "run.h"
#include "session.h"
#include "shell-protocol.h"
#include "shell-serve.h"
#include "signals.h"
#include "verbs.h"

#define WORDS_MAX	(SHELL_MESSAGE - 1)	/* each word has at least its zero byte */

struct request {
	char text[SHELL_MESSAGE + 1];
	char *words[WORDS_MAX + 3];	/* room for the image and two NULL */
	int nr;
	int fds[2];			/* for descriptors 0 and 1; -1: none came */
};

struct server {
	struct tool *t;
	int sock;
	int own_fds[2];			/* copies of our descriptors 0 and 1 */
	struct request *r;
};

static void take_fds(struct request *r, struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);

	r->fds[0] = r->fds[1] = -1;
	if (c && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof(r->fds)))
		memcpy(r->fds, CMSG_DATA(c), sizeof(r->fds));
}

/* Receive a request.  False if the shell has ended. */
static bool receive(struct server *s)
{
	struct request *r = s->r;
	char control[CMSG_SPACE(sizeof(r->fds))];
	struct iovec iov = { r->text, SHELL_MESSAGE };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	ssize_t n = TEMP_FAILURE_RETRY(recvmsg(s->sock, &msg, MSG_CMSG_CLOEXEC));

	if (n <= 0)
		return false;
	r->text[n] = '\0';
	take_fds(r, &msg);
	r->nr = 0;
	for (char *p = r->text + 1; p < r->text + n; p += strlen(p) + 1)
		r->words[r->nr++] = p;
	r->words[r->nr] = NULL;
	return true;
}

/* Wait for a request; false when the shell has ended, or on a signal that ends the program. */
static bool wait_request(struct server *s)
{
	for (;;) {
		struct pollfd fds[2] = {
			{ .fd = s->sock, .events = POLLIN },
			{ .fd = tool_signals_fd(), .events = POLLIN },
		};

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return false;
		if (fds[1].revents && tool_drop_signals())
			return false;
		if (fds[0].revents)
			return receive(s);
	}
}

static void send_bytes(struct server *s, const void *bytes, size_t len)
{
	/* If the shell has ended, the next receive() says so. */
	while (sendto(s->sock, bytes, len, MSG_NOSIGNAL, NULL, 0) < 0 && errno == EINTR)
		;
}

static void answer(struct server *s, int status)
{
	struct shell_answer a = { .kind = SHELL_ANSWER, .status = status };

	strncpy(a.directory, s->t->session->directory, sizeof(a.directory) - 1);
	send_bytes(s, &a, sizeof(a));
}

/* ---- cd and pwd ---- */

/* Remove "." and ".." and repeated slashes from the absolute path @path. */
static void clean_path(char *path)
{
	char *to = path;

	for (char *p = path; *p;) {
		size_t len;

		p += strspn(p, "/");
		len = strcspn(p, "/");
		if (len == 2 && !strncmp(p, "..", 2)) {
			while (to > path && *--to != '/')
				;
		} else if (len && !(len == 1 && *p == '.')) {
			*to++ = '/';
			memmove(to, p, len);
			to += len;
		}
		p += len;
	}
	if (to == path)
		*to++ = '/';
	*to = '\0';
}

static int run_cd(struct tool *t, int argc, char **argv)
{
	char *dir;
	int fd;

	tool_need_args(t, argc - 1, 0, 2);
	dir = tool_strdup(t, session_path(t, argc > 2 ? argv[2] : "/"));
	clean_path(dir);
	fd = tool_openat(t, dir, LKL_O_PATH | LKL_O_DIRECTORY);
	if (fd >= 0) {
		lkl_sys_close(fd);
		free(t->session->directory);
		t->session->directory = dir;
	} else {
		free(dir);
	}
	return 0;
}

static int run_pwd(struct tool *t, int argc, char **argv)
{
	puts(t->session->directory);
	return 0;
}

static const struct verb verb_cd = {
	.name = "cd", .summary = "change the directory that relative paths begin at",
	.args = "[DIRECTORY]", .help = "", .operands = "p", .run = run_cd,
};
static const struct verb verb_pwd = {
	.name = "pwd", .summary = "print that directory",
	.args = "", .help = "", .operands = "", .run = run_pwd,
};

static const struct verb *shell_verb(const char *name)
{
	return !strcmp(name, "cd") ? &verb_cd : !strcmp(name, "pwd") ? &verb_pwd : find_verb(name);
}

/* ---- verbs ---- */

/* The verb of the request, or NULL after a message. */
static const struct verb *allowed_verb(struct server *s)
{
	const char *name = s->r->words[0];
	const struct verb *verb = shell_verb(name), *near;

	if (!verb) {
		near = nearest_verb(name);
		tool_error(s->t, near ? "no verb \"%s\"; did you mean \"%s\"?" : "no verb \"%s\"",
			   name, near ? near->name : "");
	} else if (verb->no_shell) {
		tool_error(s->t, "%s: not in a shell: it needs the image for itself", name);
	} else {
		return verb;
	}
	return NULL;
}

static int run_words(struct server *s)
{
	struct request *r = s->r;
	const struct verb *verb;

	s->t->status = 0;
	verb = r->nr ? allowed_verb(s) : NULL;
	if (!verb)
		return EXIT_USAGE;
	if (!verb->operands || *verb->operands != 'o') {
		memmove(r->words + 2, r->words + 1, r->nr * sizeof(*r->words));
		r->words[1] = (char *)s->t->image_path;
		r->nr++;
	}
	return session_run(s->t, verb, r->nr, r->words);
}

/* Duplicate @fds to descriptors 0 and 1; -1 leaves the descriptor as it is. */
static void set_fds(struct server *s, const int fds[2])
{
	for (int i = 0; i < 2; i++)
		if (fds[i] >= 0)
			dup2(fds[i], i);
}

static void run(struct server *s)
{
	const int *fds = s->r->fds;
	int status;

	tool_drop_signals();
	set_fds(s, fds);
	tool_buffer_output();
	status = run_words(s);
	set_fds(s, s->own_fds);
	for (int i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	answer(s, status);
}

/* ---- completion ---- */

static void send_word(struct completion *c, const char *text, bool more, const char *help)
{
	struct server *s = c->data;
	char buf[SHELL_MESSAGE];
	size_t len = strlen(text);

	if (len + 1 > sizeof(buf))
		return;
	buf[0] = more ? SHELL_DIRECTORY : SHELL_WORD;
	memcpy(buf + 1, text, len);
	send_bytes(s, buf, len + 1);
}

static int run_complete(struct tool *t, int argc, char **argv)
{
	struct server *s = t->session->data;
	struct completion c = {
		.t = t, .partial = argv[argc - 1], .word = send_word, .data = s,
	};
	const struct verb *verb = argc > 1 ? shell_verb(argv[0]) : NULL;

	if (argc == 1)
		complete_verbs(&c);
	else if (verb && !verb->no_shell)
		complete_args(&c, verb, argv + 1, argc - 2, true);
	return 0;
}

static void complete(struct server *s)
{
	static const struct verb verb = { .name = "complete", .run = run_complete };

	if (s->r->nr)
		session_run(s->t, &verb, s->r->nr, s->r->words);
	dup2(s->own_fds[1], STDOUT_FILENO);
	answer(s, 0);
}

void shell_serve(struct tool *t, int sock)
{
	struct server s = { .t = t, .sock = sock, .r = tool_alloc(t, sizeof(*s.r)) };
	int end = EXIT_FAILED;

	t->session->data = &s;
	for (int i = 0; i < 2; i++)
		s.own_fds[i] = fcntl(i, F_DUPFD_CLOEXEC, 3);
	answer(&s, 0);			/* tell the shell that the image is open */
	while (wait_request(&s)) {
		if (s.r->text[0] == SHELL_RUN)
			run(&s);
		else if (s.r->text[0] == SHELL_COMPLETE)
			complete(&s);
		else if (s.r->nr)
			end = atoi(s.r->words[0]);
	}
	t->status = end;
	free(s.r);
}
