// SPDX-License-Identifier: GPL-2.0
/*
 * signals.c - end a run early, but cleanly, on a signal
 *
 * A signal handler could run on one of the kernel's small stacks at any point, so there is
 * none.  The signals are blocked and read from a signalfd between files; poll() can wait
 * for that descriptor and standard input or output together.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "messages.h"
#include "output-write.h"
#include "run.h"
#include "signals.h"

static int signals = -1;
static bool signal_seen;		/* a signal was read since the last tool_drop_signals() */

/* The signals to catch: one that the parent has ignored (nohup) stays ignored. */
static sigset_t caught_signals(void)
{
	static const int caught[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action;
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++) {
		if (!sigaction(caught[i], NULL, &action) && action.sa_handler != SIG_IGN)
			sigaddset(&set, caught[i]);
	}
	return set;
}

void tool_catch_signals(struct tool *t)
{
	sigset_t set = caught_signals();

	if (signals >= 0)
		return;
	signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (signals < 0 || sigprocmask(SIG_BLOCK, &set, NULL) || !tool_interrupt_output()) {
		tool_error(t, "cannot watch for signals: %s", strerror(errno));
		tool_finish(t);
	}
}

void tool_let_signals_end(void)
{
	sigset_t set = caught_signals();

	close(signals);
	signals = -1;
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int tool_signals_fd(void)
{
	return signals;
}

bool tool_drop_signals(void)
{
	struct signalfd_siginfo info;
	bool end = false;

	signal_seen = false;
	while (signals >= 0 && read(signals, &info, sizeof(info)) == sizeof(info))
		end |= info.ssi_signo != SIGINT;
	return end;
}

bool tool_signal_came(void)
{
	return signal_seen;
}

bool tool_take_signal(struct tool *t)
{
	struct signalfd_siginfo info;

	if (t->signal)
		return true;
	if (signals < 0 || read(signals, &info, sizeof(info)) != sizeof(info))
		return false;
	signal_seen = true;
	t->signal = info.ssi_signo;
	tool_error(t, "stopped by SIG%s before everything was done", sigabbrev_np(t->signal));
	return true;
}

bool tool_stopping(struct tool *t)
{
	return t->signal || t->end_early || tool_take_signal(t);
}

bool tool_wait_readable(struct tool *t, int fd)
{
	struct pollfd fds[2] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};

	while (!tool_stopping(t)) {
		/* On an error return true as well: read(2) then reports it. */
		if ((poll(fds, 2, -1) < 0 && errno != EINTR) || fds[0].revents)
			return true;
	}
	return false;
}
