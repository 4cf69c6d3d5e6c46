// SPDX-License-Identifier: GPL-2.0
/*
 * standard-fds.c - descriptors 0, 1 and 2 are open before anything else is
 *
 * open() takes the lowest free number.  Without standard input a signalfd became
 * descriptor 0 and was read as input; without standard error the image became
 * descriptor 2 and took the messages.
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
		/* Not close-on-exec: programs that this one starts need them as well. */
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
