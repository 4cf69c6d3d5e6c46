// SPDX-License-Identifier: GPL-2.0
/*
 * timeout.c - an end to a run that has none
 *
 * A hostile image may send the kernel round in circles, where nothing that it
 * is asked politely reaches it.  So the alarm's handler ends the process, on a
 * stack of its own, since the kernel's are small.  What was being written is
 * then as a power cut leaves it.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "options.h"

static char last_words[256];

static void on_alarm(int sig)
{
	ssize_t n = write(STDERR_FILENO, last_words, strlen(last_words));

	(void)n;
	_exit(EXIT_FAILED);
}

void tool_set_timeout(struct tool *t, unsigned int seconds)
{
	static char stack[16384] __attribute__((aligned(16)));
	const stack_t own = { .ss_sp = stack, .ss_size = sizeof(stack) };
	const struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_ONSTACK };

	snprintf(last_words, sizeof(last_words),
		 "%s: not done after %u seconds, given up: the image may be made to have no end, or needs a longer --timeout\n",
		 t->program, seconds);
	sigaltstack(&own, NULL);
	sigaction(SIGALRM, &action, NULL);
	alarm(seconds);
}
