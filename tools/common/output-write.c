// SPDX-License-Identifier: GPL-2.0
/*
 * output-write.c - writes that a signal ends even if no process reads the output
 *
 * Signals that end a run are blocked (signals.c), so they do not interrupt write(2).  A write to
 * a pipe blocks while the pipe is full.  So poll(2) waits for the pipe and for a signal, and
 * no write is longer than PIPE_BUF: a pipe has that much room when poll(2) reports it writable.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "output-write.h"
#include "signals.h"

#define STDOUT_BUFFER	65536
#define LAST_WORDS_MS	1000		/* how long to wait for a full pipe after a signal */

static int stdout_error;		/* errno of the first failed write to stdout, or 0 */

/* The longest write to @fd that does not block once poll(2) has reported room. */
static size_t longest_write(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	struct stat st;

	if (tool_signals_fd() < 0 || flags < 0 || (flags & O_NONBLOCK) || fstat(fd, &st) ||
	    !(S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)))
		return SIZE_MAX;
	return PIPE_BUF;
}

/* Wait until @fd takes data; false if a signal comes first, or has come and @fd stays full. */
static bool wait_writable(int fd)
{
	bool stopped = tool_signal_came();
	struct pollfd fds[2] = {
		{ .fd = fd, .events = POLLOUT },
		{ .fd = tool_signals_fd(), .events = POLLIN },
	};
	int n;

	do
		n = poll(fds, 2, stopped ? LAST_WORDS_MS : -1);
	while (n < 0 && errno == EINTR);
	/* On an error return true as well: write(2) then reports it. */
	return n < 0 || fds[0].revents;
}

/* Write @len bytes to @fd.  Returns how many were written; if not all, errno says why. */
static size_t write_all(int fd, const char *buf, size_t len)
{
	size_t most = longest_write(fd), done = 0;
	bool wait = tool_signals_fd() >= 0;

	while (done < len) {
		ssize_t n;

		if (wait && !wait_writable(fd)) {
			errno = EINTR;
			break;
		}
		n = write(fd, buf + done, len - done < most ? len - done : most);
		wait |= n < 0 && errno == EAGAIN;
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			break;
		done += n > 0 ? n : 0;
	}
	return done;
}

long tool_write(struct tool *t, int fd, const void *buf, size_t len)
{
	size_t done = write_all(fd, buf, len);

	t->bytes += done;
	return done == len ? 0 : -errno;
}

static ssize_t write_stdout(void *cookie, const char *buf, size_t len)
{
	size_t done;

	/* Later output would follow a gap, and each try may wait for a full pipe. */
	if (stdout_error)
		return 0;
	done = write_all(STDOUT_FILENO, buf, len);
	if (done < len)
		stdout_error = errno;
	return done;
}

void tool_buffer_output(void)
{
	clearerr(stdout);
	stdout_error = 0;
	setvbuf(stdout, NULL, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, 0);
}

bool tool_interrupt_output(void)
{
	static char buffer[STDOUT_BUFFER];
	static FILE *f;

	if (f)
		return true;
	f = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = write_stdout });
	if (!f)
		return false;
	fflush(stdout);
	setvbuf(f, buffer, _IOFBF, sizeof(buffer));
	stdout = f;
	tool_buffer_output();
	return true;
}

int tool_output_error(void)
{
	return !ferror(stdout) ? 0 : stdout_error ? stdout_error : EIO;
}

int tool_flush_output(void)
{
	/* Without tool_interrupt_output() only the error of this write is known. */
	if (fflush(stdout) && !stdout_error)
		stdout_error = errno;
	return tool_output_error();
}
