// SPDX-License-Identifier: GPL-2.0
/*
 * kill-watch.c - abort the FUSE connection of a serving process that cannot end
 *
 * A thread of the serving process may wait in the host's kernel for a request of its own
 * mount: when it drops the pages of a file, the kernel first sends the changed pages and waits
 * for the answers.  SIGKILL ends the threads that would have answered.  The waiting thread
 * then never ends, so the process never closes the connection, and every program that uses the
 * mount hangs too.  Only an abort of the connection from outside ends that.
 *
 * The helper process must learn of the SIGKILL.  The process keeps its descriptors open
 * and cannot be waited for until its last thread has ended, and Landlock suppresses a
 * parent death signal.  So one thread has a descriptor table of its own, which holds only
 * the write end of a pipe: the kernel closes it when that thread ends.  The helper has a
 * thread of its own for the read end, since its main thread may hang in the mount too.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>
#include <syslog.h>
#include <unistd.h>
#include "kill-watch.h"
#include "messages.h"

#define GRACE_MS	1000		/* time for a process to end by itself */

/* ---- In the helper ---- */

/* A mount of fusectl that no name space shows; root needs no /sys/fs/fuse/connections. */
static int mount_fusectl(void)
{
	int fs = fsopen("fusectl", FSOPEN_CLOEXEC), mnt = -1;

	if (fs < 0)
		return -1;
	if (!fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mnt = fsmount(fs, FSMOUNT_CLOEXEC, 0);
	close(fs);
	return mnt;
}

/*
 * Opened while the mount is known to be ours: once the connection is gone, a write to the
 * descriptor does nothing, even if another mount has the device number by then.
 */
static int open_abort(dev_t dev)
{
	char path[64];
	int dir = mount_fusectl(), fd;

	if (dir < 0)
		dir = open("/sys/fs/fuse/connections", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -1;
	snprintf(path, sizeof(path), "%u/abort", minor(dev));
	fd = openat(dir, path, O_WRONLY | O_CLOEXEC);
	close(dir);
	return fd;
}

static void *helper_thread(void *arg)
{
	struct kill_watch *w = arg;
	struct pollfd thread = { .fd = w->read_fd }, process = { .fd = w->process_fd };

	while (poll(&thread, 1, -1) < 0)
		continue;
	if (poll(&process, 1, GRACE_MS) != 0)
		return NULL;
	if (w->abort_fd >= 0 && write(w->abort_fd, "1", 1) == 1)
		syslog(LOG_WARNING, "%s: the process was killed and could not end: "
		       "the mount is aborted", w->mount_point);
	else
		syslog(LOG_ERR, "%s: the process was killed and cannot end: run umount -f %s",
		       w->mount_point, w->mount_point);
	return NULL;
}

void kill_watch_helper(struct kill_watch *w, dev_t dev, int process_fd, const char *mount_point)
{
	pthread_t thread;

	w->abort_fd = open_abort(dev);
	w->process_fd = process_fd;
	w->mount_point = mount_point;
	if (pthread_create(&thread, NULL, helper_thread, w))
		syslog(LOG_WARNING, "%s: no thread to watch for a killed process", mount_point);
}

/* ---- In the serving process ---- */

struct holder {
	int fd;
	sem_t started;
	bool holds;			/* the thread has the descriptor in a table of its own */
};

/* Close all descriptors but @fd, in a table of the thread's own, which the first call makes. */
static bool keep_only(int fd)
{
	return !close_range(fd + 1, ~0u, CLOSE_RANGE_UNSHARE) &&
	       !close_range(0, fd - 1, CLOSE_RANGE_UNSHARE);
}

static void *holder_thread(void *arg)
{
	struct holder *h = arg;
	bool holds = keep_only(h->fd);
	sigset_t none;

	sigemptyset(&none);
	h->holds = holds;
	sem_post(&h->started);		/* the starter returns, so *h ends */
	while (holds)
		sigwaitinfo(&none, NULL);
	return NULL;
}

bool kill_watch_process(struct tool *t, struct kill_watch *w)
{
	struct holder h = { .fd = w->write_fd };
	pthread_t thread;
	int err;

	sem_init(&h.started, 0, 0);
	err = pthread_create(&thread, NULL, holder_thread, &h);
	if (err) {
		tool_error(t, "starting a thread: %s", strerror(err));
		return false;
	}
	pthread_detach(thread);
	while (sem_wait(&h.started))
		continue;
	sem_destroy(&h.started);
	/* Before Linux 5.9 there is no close_range(): the pipe then ends with the process. */
	if (h.holds)
		close(w->write_fd);
	return true;
}

/* ---- Before the fork ---- */

bool kill_watch_open(struct tool *t, struct kill_watch *w)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC)) {
		tool_error(t, "pipe: %s", strerror(errno));
		return false;
	}
	*w = (struct kill_watch){ .read_fd = fds[0], .write_fd = fds[1], .abort_fd = -1 };
	return true;
}

void kill_watch_close_other(struct kill_watch *w, bool in_helper)
{
	close(in_helper ? w->write_fd : w->read_fd);
}
