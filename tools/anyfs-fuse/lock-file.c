// SPDX-License-Identifier: GPL-2.0
/*
 * lock-file.c - the lock of -o lock=FILE
 *
 * It belongs to an open file description, so it lasts as long as a process of the mount has the
 * descriptor.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include "fusefs.h"
#include "messages.h"
#include "run.h"

#define EXIT_LOCKED	2

void lock_file_take(struct tool *t, const char *path)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	/* Close-on-exec: the sandbox closes descriptors without it. */
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd >= 0 && !fcntl(fd, F_OFD_SETLK, &lock))
		return;
	if (fd >= 0 && (errno == EAGAIN || errno == EACCES)) {
		tool_error(t, "%s: locked by another process", path);
		t->status = EXIT_LOCKED;
	} else {
		tool_error(t, "%s: %s", path, strerror(errno));
	}
	tool_finish(t);
}
