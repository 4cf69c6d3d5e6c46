// SPDX-License-Identifier: GPL-2.0
/*
 * prompt.c - ask for a password on the terminal
 *
 * Echo must be on again after the prompt, even if a signal ends it.  Signals are blocked
 * meanwhile, and a descriptor reports them: they take effect after the terminal was restored.
 *
 * The prompt runs in the sandbox.  It changes the terminal with the ioctl that the sandbox
 * allows for standard input, TCSETSF; tcsetattr(3) may use another one.
 */
#define _GNU_SOURCE
#include <asm/termbits.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "prompt.h"

static struct {
	int signals;			/* a signalfd */
	int alive;			/* see prompt_prepare() */
	sigset_t set;			/* signals that are blocked during the prompt */
} prompt = { .signals = -1, .alive = -1 };

static bool is_terminal(int fd)
{
	struct termios mode;

	return !ioctl(fd, TCGETS, &mode);
}

bool prompt_prepare(int alive)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGTSTP };

	if (!is_terminal(STDIN_FILENO) || !is_terminal(STDERR_FILENO))
		return false;
	sigemptyset(&prompt.set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(&prompt.set, signals[i]);
	prompt.signals = signalfd(-1, &prompt.set, SFD_NONBLOCK | SFD_CLOEXEC);
	prompt.alive = alive;
	return prompt.signals >= 0;
}

/* Take a signal from the descriptor and make it pending again.  Its number, or 0. */
static int reraise_signal(void)
{
	struct signalfd_siginfo info;

	if (read(prompt.signals, &info, sizeof(info)) != sizeof(info))
		return 0;
	raise(info.ssi_signo);
	return info.ssi_signo;
}

/* Read a line.  Returns its length, or -errno. */
static int read_line(char *line, size_t room)
{
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = prompt.signals, .events = POLLIN },
		{ .fd = prompt.alive },
	};
	size_t len = 0;
	ssize_t n;

	for (;;) {
		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			return -errno;
		if (fds[1].revents || fds[2].revents)
			return -EINTR;
		if (!fds[0].revents)
			continue;
		n = read(STDIN_FILENO, line + len, room - len);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n <= 0)
			return n ? -EINTR : (int)len;
		len += n;
		if (line[len - 1] == '\n')
			return len - 1;
		if (len == room)
			return -EMSGSIZE;
	}
}

static int write_text(const char *text)
{
	size_t len = strlen(text);

	return write(STDERR_FILENO, text, len) == (ssize_t)len ? 0 : -EIO;
}

/* One attempt, with the signals blocked. */
static int read_line_once(const char *text, char *line, size_t room)
{
	struct termios before, quiet;
	int rc;

	if (ioctl(STDIN_FILENO, TCGETS, &before))
		return -errno;
	quiet = before;
	quiet.c_lflag &= ~(ECHO | ECHOE | ECHOK | ECHONL);
	quiet.c_lflag |= ICANON;
	if (ioctl(STDIN_FILENO, TCSETSF, &quiet))
		return -errno;
	rc = write_text(text);
	if (!rc)
		rc = read_line(line, room);
	if (ioctl(STDIN_FILENO, TCSETSF, &before) && rc >= 0)
		rc = -errno;
	write_text("\n");
	return rc;
}

int prompt_read(const char *text, char *line, size_t room)
{
	sigset_t before;
	bool stopped;
	int rc;

	do {
		pthread_sigmask(SIG_BLOCK, &prompt.set, &before);
		rc = read_line_once(text, line, room);
		stopped = rc == -EINTR && reraise_signal() == SIGTSTP;
		/* SIGTSTP stops the process here, and others end it. */
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	} while (stopped);
	return rc;
}
