// SPDX-License-Identifier: GPL-2.0
/*
 * timeout.c - end a run that takes too long (--timeout)
 *
 * A hostile image may put the kernel into an endless loop, in which it does not react to
 * signals.  So the handler of SIGALRM ends the process.  It runs on its own stack, since
 * the kernel's stacks are small.  An image that was being written is left in the state after a
 * power cut; unfinished files of verbs that make new ones are removed.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "options.h"

#define UNFINISHED_MAX	4

static char message[256];
static const char *volatile unfinished[UNFINISHED_MAX];

static void on_alarm(int sig)
{
	ssize_t n = write(STDERR_FILENO, message, strlen(message));

	(void)n;
	for (int i = 0; i < UNFINISHED_MAX; i++)
		if (unfinished[i])
			unlink(unfinished[i]);
	_exit(EXIT_TIMEOUT);
}

/* Replace @from by @to in the list; NULL is a free place. */
static void replace(const char *from, const char *to)
{
	for (int i = 0; i < UNFINISHED_MAX; i++)
		if (unfinished[i] == from) {
			unfinished[i] = to;
			return;
		}
}

void timeout_removes(const char *path)
{
	replace(NULL, path);
}

void timeout_keeps(const char *path)
{
	replace(path, NULL);
}

void tool_set_timeout(struct tool *t, unsigned int seconds)
{
	static char stack[16384] __attribute__((aligned(16)));
	const stack_t own = { .ss_sp = stack, .ss_size = sizeof(stack) };
	const struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_ONSTACK };

	snprintf(message, sizeof(message),
		 "%s: gave up after %u seconds: a hostile image may cause an endless loop; for a large job give a longer --timeout\n",
		 t->program, seconds);
	sigaltstack(&own, NULL);
	sigaction(SIGALRM, &action, NULL);
	alarm(seconds);
}
