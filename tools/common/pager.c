// SPDX-License-Identifier: GPL-2.0
/*
 * pager.c - show long text on a terminal with the user's pager
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pager.h"

#define DEFAULT_PAGER	"if command -v less >/dev/null; then exec less; else exec cat; fi"
#define NOT_FOUND	127		/* exit code of sh(1) */

/* Whether the terminal has no room for @text and a prompt below. */
static bool is_long(const char *text)
{
	struct winsize size;
	unsigned int lines = 1;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row)
		return false;
	for (; (text = strchr(text, '\n')); text++)
		lines++;
	return lines > size.ws_row;
}

/* False if the pager could not be run. */
static bool run_pager(const char *command, const char *text)
{
	size_t len = strlen(text);
	int ends[2], status = 0;
	ssize_t n = 0;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return false;
	pid = fork();
	if (!pid) {
		setenv("LESS", "FRX", 0);
		signal(SIGPIPE, SIG_DFL);
		dup2(ends[0], STDIN_FILENO);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(NOT_FOUND);
	}
	close(ends[0]);
	/* A pager may end before it has read everything. */
	for (; pid > 0 && len && (n = write(ends[1], text, len)) > 0; len -= n)
		text += n;
	close(ends[1]);
	return pid > 0 && waitpid(pid, &status, 0) == pid &&
	       !(WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND);
}

void pager_print(const char *text)
{
	const char *pager = getenv("PAGER");
	bool wanted = is_long(text) && !(pager && !*pager);

	fflush(stdout);
	if (!wanted || !run_pager(pager ? pager : DEFAULT_PAGER, text))
		fputs(text, stdout);
}
