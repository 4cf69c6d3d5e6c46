// SPDX-License-Identifier: GPL-2.0
/*
 * standard-fds.c - make sure that descriptors 0, 1 and 2 are open
 *
 * open() returns the lowest free number.  If standard input were closed, a signalfd could
 * become descriptor 0 and be read as input; if standard error were closed, the image could
 * become descriptor 2 and be overwritten with messages.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "standard-fds.h"

void standard_fds_open(const char *program)
{
	static const int flags[] = {
		[STDIN_FILENO] = O_WRONLY, [STDOUT_FILENO] = O_RDONLY, [STDERR_FILENO] = O_WRONLY,
	};

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* Not close-on-exec: child programs need these descriptors too. */
		if (open("/dev/null", flags[fd]) == fd)
			continue;
		fprintf(stderr, "%s: descriptor %d is closed, and /dev/null cannot be opened for it: %s\n",
			program, fd, strerror(errno));
		_exit(1);
	}
}

bool standard_input_is_readable(void)
{
	int flags = fcntl(STDIN_FILENO, F_GETFL);

	return flags >= 0 && (flags & O_ACCMODE) != O_WRONLY && !(flags & O_PATH);
}
