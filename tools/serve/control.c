// SPDX-License-Identifier: GPL-2.0
/*
 * control.c - the control socket of a server, which answers --status
 *
 * The sandbox does not let the server remove its socket file; --status removes those that no
 * process listens on.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "messages.h"
#include "options.h"
#include "peer.h"
#include "run.h"
#include "status.h"

static struct {
	int fd;				/* listening; -1: none */
	uid_t owner;
	pthread_t thread;
} control = { .fd = -1 };

/* Make the directory of control sockets.  0 or -errno. */
static int make_directory(const char *path)
{
	struct stat st;

	if (mkdir(path, 0700) && errno != EEXIST)
		return -errno;
	if (lstat(path, &st))
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	return st.st_uid != control.owner || st.st_mode & 022 ? -EPERM : 0;
}

/* Without XDG_RUNTIME_DIR there is no control socket. */
static void open_default(struct serve *s)
{
	char *directory = status_directory(s->t), *path = NULL;
	int rc;

	if (!directory)
		return;
	if (asprintf(&path, "%s/%s-%d.sock", directory, s->t->program, s->pid) < 0)
		tool_no_memory(s->t);
	rc = make_directory(directory);
	if (!rc)
		rc = control.fd = listener_unix(path);
	if (rc < 0)
		tool_note(s->t, "%s: %s: --status cannot find this server", path, strerror(-rc));
	free(directory);
	free(path);
}

void control_open(struct serve *s)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	s->start = now.tv_sec;
	s->pid = getpid();
	control.owner = geteuid();
	if (!s->control) {
		open_default(s);
		return;
	}
	control.fd = listener_unix(s->control);
	if (control.fd == -ENAMETOOLONG)
		tool_usage(s->t, "--control %s: the path is empty or too long", s->control);
	if (control.fd >= 0)
		return;
	tool_error(s->t, "--control %s: %s", s->control,
		   control.fd == -EADDRINUSE ? "another server listens there, or the file is not a socket" :
		   strerror(-control.fd));
	tool_finish(s->t);
}

static bool wait_for(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, STATUS_TIMEOUT_MS) == 1;
}

static void send_all(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len && wait_for(fd, POLLOUT)) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0)
			return;
		text += n;
		len -= n;
	}
}

static void serve_one(struct serve *s, int fd)
{
	char format, *text;

	if (!peer_is(fd, control.owner) || !wait_for(fd, POLLIN) || read(fd, &format, 1) != 1)
		return;
	text = status_describe(s, format == STATUS_JSON);
	if (text)
		send_all(fd, text);
	free(text);
}

static void *control_main(void *arg)
{
	const struct timespec pause = { .tv_nsec = 100000000 };

	for (;;) {
		int fd = accept4(control.fd, NULL, NULL, SOCK_CLOEXEC);

		if (fd >= 0) {
			serve_one(arg, fd);
			close(fd);
		} else if (errno == EINVAL) {
			return NULL;		/* control_stop() */
		} else {
			nanosleep(&pause, NULL);	/* no descriptor is free */
		}
	}
}

int control_start(struct serve *s)
{
	return control.fd < 0 ? 0 : -pthread_create(&control.thread, NULL, control_main, s);
}

void control_stop(struct serve *s)
{
	if (control.fd < 0)
		return;
	shutdown(control.fd, SHUT_RDWR);
	pthread_join(control.thread, NULL);
	close(control.fd);
	control.fd = -1;
}
