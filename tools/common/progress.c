// SPDX-License-Identifier: GPL-2.0
/*
 * progress.c - progress, ten times a second: a line on a terminal, or lines of JSON for a program
 *
 * The program that reads the lines must not be able to stop the work, so a line for which its
 * pipe has no room is left out.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "output.h"

static uint64_t last_ns, start_ns;
static bool wanted, shown, forced;
static int report_fd = -1;		/* for lines of JSON */
static bool end_is_parents;		/* see progress_leave_end() */

#define LAST_REPORT_MS	1000		/* time for the reader to make room for the last line */

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

void progress_force(void)
{
	forced = true;
}

void progress_begin(void)
{
	wanted = forced || isatty(STDERR_FILENO);
	last_ns = now_ns();
}

int progress_report_to(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
		return flags < 0 ? -errno : -EBADF;
	/* The sandbox closes inherited descriptors, but not this duplicate with close-on-exec. */
	report_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	start_ns = now_ns();
	return report_fd < 0 ? -errno : 0;
}

/* Write a line; with @wait until there is room for it, or the reader is gone. */
static void write_report(const char *line, size_t len, bool wait)
{
	struct pollfd p = { .fd = report_fd, .events = POLLOUT };

	if (len > PIPE_BUF || poll(&p, 1, wait ? LAST_REPORT_MS : 0) != 1)
		return;
	if (write(report_fd, line, len) < 0 && errno == EPIPE) {
		close(report_fd);
		report_fd = -1;
	}
}

/* Write {"files": N, "bytes": N, "seconds": S@more}. */
static void report(const struct tool *t, const char *more, bool wait)
{
	char line[256];
	int len = snprintf(line, sizeof(line),
			   "{\"files\": %llu, \"bytes\": %llu, \"seconds\": %.1f%s}\n",
			   (unsigned long long)t->files, (unsigned long long)t->bytes,
			   (now_ns() - start_ns) / 1e9, more);

	write_report(line, len, wait);
}

void progress_leave_end(void)
{
	end_is_parents = true;
}

void progress_report_end(const struct tool *t)
{
	char exit[32];

	if (report_fd < 0 || end_is_parents)
		return;
	snprintf(exit, sizeof(exit), ", \"exit\": %d", t->status);
	report(t, exit, true);
}

static void report_unpacking(const char *name, uint64_t done, uint64_t total)
{
	char *line = NULL;
	size_t len;
	FILE *f = open_memstream(&line, &len);

	if (!f)
		return;
	fputc('{', f);
	json_text_to(f, "unpacking", name);
	fprintf(f, ", \"done\": %llu, \"total\": %llu}\n", (unsigned long long)done,
		(unsigned long long)total);
	if (!fclose(f))
		write_report(line, len, false);
	free(line);
}

/* Whether a line is due: a tenth of a second has passed. */
static bool is_due(void)
{
	uint64_t now;

	if (!wanted && report_fd < 0)
		return false;
	now = now_ns();
	if (now - last_ns < 100000000ull)
		return false;
	last_ns = now;
	return true;
}

static void show_unpacking(const char *name, uint64_t done, uint64_t total)
{
	char *safe = escape_text(name, false);

	fprintf(stderr, "\r\033[Kunpacking %s: %u %%", safe ? safe : "",
		(unsigned int)(done * 100 / total));
	fflush(stderr);
	free(safe);
	shown = true;
}

int progress_unpack(void *data, const char *name, uint64_t done, uint64_t total)
{
	const struct tool *t = data;

	/* Verbs that write handle interrupts themselves. */
	if (t->signal)
		return -EINTR;
	if (!last_ns)
		progress_begin();
	if (done == total) {
		progress_end();
	} else if (is_due()) {
		if (report_fd >= 0)
			report_unpacking(name, done, total);
		if (wanted)
			show_unpacking(name, done, total);
	}
	return 0;
}

void progress_reset(void)
{
	wanted = forced = false;
}

void progress_show(struct tool *t)
{
	char size[32];

	if (!is_due())
		return;
	if (report_fd >= 0)
		report(t, "", false);
	if (!wanted)
		return;
	format_size(t->bytes, size, sizeof(size));
	fprintf(stderr, "\r\033[K%llu files, %s", (unsigned long long)t->files, size);
	fflush(stderr);
	shown = true;
}

void progress_end(void)
{
	if (!shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	shown = false;
}
