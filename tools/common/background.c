// SPDX-License-Identifier: GPL-2.0
/*
 * background.c - leave the terminal once the program serves
 *
 * The parent waits for a byte in a pipe, so that the command ends with the right exit code and
 * the shell continues when clients can connect.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "background.h"
#include "messages.h"
#include "run.h"

int background_start(struct tool *t)
{
	int fds[2], status;
	char ready;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) || (pid = fork()) < 0) {
		tool_error(t, "going to the background: %m");
		tool_finish(t);
	}
	if (!pid) {
		close(fds[0]);
		setsid();
		return fds[1];
	}
	close(fds[1]);
	if (read(fds[0], &ready, 1) == 1)
		_exit(0);
	/* The child ended without serving; it has printed the reason. */
	if (waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status))
		_exit(WEXITSTATUS(status));
	_exit(EXIT_FAILED);
}

bool background_detach(int fd, int null_fd)
{
	bool written;

	for (int standard = 0; standard <= 2; standard++)
		dup2(null_fd, standard);
	written = write(fd, "", 1) == 1;
	close(fd);
	return written;
}
