// SPDX-License-Identifier: GPL-2.0
/*
 * progress.c - how far the copy is, on a terminal, ten times a second
 */
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "copy.h"

static uint64_t last_ns;
static bool shown;

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

void progress_begin(struct copy *c)
{
	c->progress = isatty(STDERR_FILENO);
	last_ns = now_ns();
}

void progress_show(struct copy *c)
{
	char size[32];
	uint64_t now;

	if (!c->progress)
		return;
	now = now_ns();
	if (now - last_ns < 100000000ull)
		return;
	last_ns = now;
	format_size(c->bytes, size, sizeof(size));
	fprintf(stderr, "\r\033[K%llu files, %s", (unsigned long long)c->files, size);
	fflush(stderr);
	shown = true;
}

/* Before a message, and at the end. */
void progress_end(struct copy *c)
{
	if (!shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	shown = false;
}
