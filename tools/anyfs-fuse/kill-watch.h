/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kill-watch.h - abort the FUSE connection of a serving process that was killed and cannot end
 */
#ifndef KILL_WATCH_H
#define KILL_WATCH_H

#include <stdbool.h>
#include <sys/types.h>

struct tool;

struct kill_watch {
	int read_fd, write_fd;		/* a pipe; the write end is held by a thread */
	int abort_fd;			/* in the helper: aborts the connection; or -1 */
	int process_fd;			/* in the helper: hangs up when the process has ended */
	const char *mount_point;
};

/* To be called before the fork: makes the pipe.  False with the message printed. */
bool kill_watch_open(struct tool *t, struct kill_watch *w);
/* After the fork, on either side: close the other side's end of the pipe. */
void kill_watch_close_other(struct kill_watch *w, bool in_helper);
/*
 * In the helper, when the file system with the number @dev is mounted: start the thread
 * that aborts its connection.  @process_fd is a socket whose other end only the serving
 * process has; it, @w and @mount_point must live as long as the helper.
 */
void kill_watch_helper(struct kill_watch *w, dev_t dev, int process_fd, const char *mount_point);
/*
 * In the serving process, inside the sandbox and with all signals blocked that must not
 * go to the new thread: start the thread that holds the pipe.  False with the message
 * printed.
 */
bool kill_watch_process(struct tool *t, struct kill_watch *w);

#endif
