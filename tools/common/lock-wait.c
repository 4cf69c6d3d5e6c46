// SPDX-License-Identifier: GPL-2.0
/*
 * lock-wait.c - wait for an image that another process has locked
 *
 * The lock is polled several times a second instead of blocking in the host's kernel,
 * because signals and standard input must be served meanwhile.
 */
#include <time.h>
#include <unistd.h>
#include "input.h"
#include "messages.h"
#include "run.h"
#include "signals.h"

#define DEFAULT_S	10
#define FIRST_PAUSE_MS	5
#define LAST_PAUSE_MS	100

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static unsigned int wait_seconds(const struct tool *t)
{
	return t->wait_given ? t->wait_s : DEFAULT_S;
}

bool tool_wait_lock(struct tool *t, const char *path)
{
	static unsigned int pause_ms = FIRST_PAUSE_MS;
	static uint64_t end;
	static bool noted;
	uint64_t now = now_ns();

	if (!end)
		end = now + wait_seconds(t) * 1000000000ull;
	if (now >= end || tool_stopping(t))
		return false;
	if (!noted && pause_ms == LAST_PAUSE_MS && (t->verbose || isatty(STDERR_FILENO))) {
		tool_note(t, "%s: in use by another process; waiting up to %u seconds for it",
			  path, wait_seconds(t));
		noted = true;
	}
	tool_wait_input(t, pause_ms);
	pause_ms = 2 * pause_ms < LAST_PAUSE_MS ? 2 * pause_ms : LAST_PAUSE_MS;
	return true;
}
