// SPDX-License-Identifier: GPL-2.0
/*
 * status-query.c - --status: ask the servers that are running, and print their answers
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "messages.h"
#include "options.h"
#include "output.h"
#include "peer.h"
#include "run.h"
#include "status.h"

#define ANSWER_MAX	(16u << 20)	/* bytes */

char *status_directory(struct tool *t)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char *path;

	if (!runtime || *runtime != '/')
		return NULL;
	if (asprintf(&path, "%s/anyfs", runtime) < 0)
		tool_no_memory(t);
	return path;
}

/* Connect to the server at @path.  Returns a socket or -errno; -EPERM: another user's. */
static int connect_server(const char *path)
{
	int fd = listener_connect(path);

	if (fd < 0 || peer_is(fd, geteuid()))
		return fd;
	close(fd);
	return -EPERM;
}

static bool wait_readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 2 * STATUS_TIMEOUT_MS) == 1;
}

/* Read up to the end of the stream.  0 or -errno. */
static int read_answer(int fd, FILE *out)
{
	char buf[4096];
	size_t total = 0;
	ssize_t n;

	do {
		if (!wait_readable(fd))
			return -ETIMEDOUT;
		n = read(fd, buf, sizeof(buf));
		if (n < 0)
			return -errno;
		/* A hostile image may control the server, but not the terminal. */
		for (ssize_t i = 0; i < n; i++)
			if (((unsigned char)buf[i] < ' ' && buf[i] != '\n') || buf[i] == 0x7f)
				buf[i] = '?';
		fwrite(buf, 1, n, out);
		total += n;
	} while (n && total < ANSWER_MAX);
	return total ? 0 : -ENODATA;
}

/* Ask the server on @fd, which is closed.  Returns the answer, to be freed, or NULL and *@err. */
static char *ask_server(struct tool *t, int fd, int *err)
{
	const char format = t->json ? STATUS_JSON : STATUS_TEXT;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		tool_no_memory(t);
	*err = send(fd, &format, 1, MSG_NOSIGNAL) == 1 ? read_answer(fd, out) : -errno;
	fclose(out);
	close(fd);
	if (!*err)
		return text;
	free(text);
	return NULL;
}

static void print_server(struct tool *t, const char *path, int fd)
{
	int err = fd;
	char *text = fd < 0 ? NULL : ask_server(t, fd, &err);

	if (!text) {
		tool_error(t, "%s: %s", path,
			   err == -EPERM ? "another user's server listens there" :
			   err == -ECONNREFUSED ? "the server has ended" : strerror(-err));
		return;
	}
	if (t->json) {
		json_separator(t);
		fputs(text, stdout);
		putchar('}');
	} else {
		fputs(text, stdout);
	}
	free(text);
}

static bool is_socket_name(const struct tool *t, const char *name)
{
	size_t len = strlen(t->program);

	return !strncmp(name, t->program, len) && name[len] == '-' && strstr(name, ".sock");
}

/* Returns the number of servers that were found. */
static int print_all(struct tool *t, const char *directory)
{
	DIR *dir = opendir(directory);
	const struct dirent *d;
	int found = 0;

	while (dir && (d = readdir(dir))) {
		char *path;
		int fd;

		if (!is_socket_name(t, d->d_name))
			continue;
		if (asprintf(&path, "%s/%s", directory, d->d_name) < 0)
			tool_no_memory(t);
		fd = connect_server(path);
		/* Ended: listener_connect() has removed the file. */
		if (fd != -ECONNREFUSED && fd != -ENOENT) {
			print_server(t, path, fd);
			found++;
		}
		free(path);
	}
	if (dir)
		closedir(dir);
	return found;
}

void status_print(struct serve *s)
{
	struct tool *t = s->t;
	char *directory;

	if (s->control) {
		print_server(t, s->control, connect_server(s->control));
		tool_finish(t);
	}
	directory = status_directory(t);
	if (!directory)
		tool_usage(t, "XDG_RUNTIME_DIR is not set: start the server with --control PATH, and give --status the same");
	if (!print_all(t, directory) && !t->json)
		printf("%s: no server is running\n", t->program);
	free(directory);
	tool_finish(t);
}
