// SPDX-License-Identifier: GPL-2.0
/*
 * progress.c - a progress line on a terminal, updated ten times a second
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "output.h"

static uint64_t last_ns;
static bool wanted, shown, forced;

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

/* Whether a line is due: a tenth of a second has passed. */
static bool is_due(void)
{
	uint64_t now;

	if (!wanted)
		return false;
	now = now_ns();
	if (now - last_ns < 100000000ull)
		return false;
	last_ns = now;
	return true;
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
		char *safe = escape_text(name, false);

		fprintf(stderr, "\r\033[Kunpacking %s: %u %%", safe ? safe : "",
			(unsigned int)(done * 100 / total));
		fflush(stderr);
		free(safe);
		shown = true;
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
