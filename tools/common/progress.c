// SPDX-License-Identifier: GPL-2.0
/*
 * progress.c - a progress line on a terminal, updated ten times a second
 */
#include <time.h>
#include <unistd.h>
#include "output.h"

static uint64_t last_ns;
static bool wanted, shown;

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

void progress_begin(void)
{
	wanted = isatty(STDERR_FILENO);
	last_ns = now_ns();
}

void progress_show(struct tool *t)
{
	char size[32];
	uint64_t now;

	if (!wanted)
		return;
	now = now_ns();
	if (now - last_ns < 100000000ull)
		return;
	last_ns = now;
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
