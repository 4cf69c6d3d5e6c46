// SPDX-License-Identifier: GPL-2.0
/*
 * input.c - standard input, for the verbs that write it into an image
 *
 * In "anyfs cat I /f | sed ... | anyfs put I - /f" the first program holds the image's
 * lock until it has written all its output, and the last one needs an exclusive lock.
 * To avoid a deadlock, the last one reads its input into a temporary file (the store)
 * before it takes the lock, and while it waits for the lock.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "input.h"
#include "messages.h"
#include "run.h"
#include "signals.h"
#include "standard-fds.h"
#include "temp-dir.h"

static struct {
	int fd;				/* the store, or -1 */
	off_t len, pos;			/* bytes in the store, and those that were read from it */
	bool ended;			/* all of standard input is in the store */
} store = { .fd = -1 };

static void store_failed(struct tool *t, const char *where, int err)
{
	tool_error(t, "standard input: cannot be stored in %s: %s; set TMPDIR to a directory with free space",
		   where, strerror(err));
	tool_finish(t);
}

/* An unnamed file; memory if the directory's file system does not support O_TMPFILE. */
static void open_store(struct tool *t)
{
	store.fd = open(tool_temp_dir(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (store.fd < 0)
		store.fd = memfd_create("anyfs-input", MFD_CLOEXEC);
	if (store.fd < 0)
		store_failed(t, tool_temp_dir(), errno);
}

/* Append the result of one read(2) to the store; false at the end of the input. */
static bool store_more(struct tool *t)
{
	static char buf[65536];
	ssize_t n = TEMP_FAILURE_RETRY(read(STDIN_FILENO, buf, sizeof(buf)));

	if (n < 0 && errno == EAGAIN)
		return true;
	if (n < 0) {
		tool_errno(t, "standard input", -errno);
		tool_finish(t);
	}
	store.ended = !n;
	for (ssize_t done = 0; done < n;) {
		ssize_t put = TEMP_FAILURE_RETRY(write(store.fd, buf + done, n - done));

		if (put < 0)
			store_failed(t, tool_temp_dir(), errno);
		done += put;
		store.len += put;
	}
	return n > 0;
}

void tool_collect_input(struct tool *t, uint64_t max)
{
	struct stat st;

	if (!standard_input_is_readable()) {
		tool_error(t, "standard input: closed, or not open for reading");
		tool_finish(t);
	}
	/* The writer of a session's input does not wait for a lock. */
	if (t->session)
		return;
	/* A regular file is complete: no writer can be waiting for the image's lock. */
	if (store.fd >= 0 || (!fstat(STDIN_FILENO, &st) && S_ISREG(st.st_mode)))
		return;
	open_store(t);
	tool_catch_signals(t);
	while ((uint64_t)store.len < max && !store.ended && tool_wait_readable(t, STDIN_FILENO))
		store_more(t);
	if (tool_stopping(t)) {
		tool_not_done(t, "standard input", "not copied", -ECANCELED);
		tool_finish(t);
	}
	/* Nothing is written yet, and the next thing may be a long download. */
	tool_let_signals_end();
}

void tool_wait_input(struct tool *t, unsigned int ms)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	bool wanted = store.fd >= 0 && !store.ended;

	if (poll(&in, wanted, ms) > 0)
		store_more(t);
}

static long read_some(struct tool *t, void *buf, size_t len)
{
	ssize_t n = 0;

	if (tool_stopping(t))
		return -EINTR;
	if (store.pos < store.len) {
		n = pread(store.fd, buf, len, store.pos);
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		store.pos += n;
		return n;
	}
	if (store.ended)
		return 0;
	do {
		if (!tool_wait_readable(t, STDIN_FILENO))
			return -EINTR;
		n = read(STDIN_FILENO, buf, len);
	} while (n < 0 && (errno == EINTR || errno == EAGAIN));
	return n < 0 ? -errno : n;
}

/*
 * The sizes of reads become those of writes, on which the layout of files may depend.  But the
 * pieces in which a pipe gives its data depend on when the other program writes.
 */
long tool_read_input(struct tool *t, void *buf, size_t len)
{
	char *to = buf;
	size_t done = 0;
	long n;

	do {
		n = read_some(t, to + done, len - done);
		if (n <= 0)
			return done && n != -EINTR ? (long)done : n;
		done += n;
	} while (tool_is_reproducible() && done < len);
	return done;
}
