// SPDX-License-Identifier: GPL-2.0
/*
 * tracking.c - answer the server in place of nfsdcld(8): which clients may reclaim their locks
 *
 * A server remembers its clients, so that after a restart only they can take back their
 * locks, during a grace period.  Locks of an image end with the server's process, and
 * nothing is remembered: all questions are answered with yes, and the list of clients that
 * is sent at the start is empty.  The server then has no grace period.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <lkl.h>
#include <lkl/linux/nfsd/cld.h>
#include "nfsd.h"

#define PIPE		"/rpc_pipefs/nfsd/cld"
#define TRY_NS		1000000		/* pause until the next try to open the pipe */

static struct {
	pthread_t thread;
	int stop;			/* eventfd: the thread ends when it is readable */
} tracking;

static int open_pipe(void)
{
	struct __lkl__kernel_timespec pause = { .tv_nsec = TRY_NS };
	int fd;

	while ((fd = lkl_sys_openat(LKL_AT_FDCWD, PIPE, LKL_O_RDWR | LKL_O_CLOEXEC, 0)) ==
	       -LKL_ENOENT)
		lkl_sys_nanosleep(&pause, NULL);
	return fd;
}

/*
 * Wait for a question: a read would not wait.  Returns its length, or 0 when the thread is
 * to end.  The end of the server itself does not wake a thread that waits for the pipe.
 */
static long receive(int fd, void *msg, size_t size)
{
	struct lkl_pollfd p[] = {
		{ .fd = fd, .events = POLLIN }, { .fd = tracking.stop, .events = POLLIN },
	};
	long n;

	do {
		n = lkl_sys_poll(p, 2, -1);
		if ((n < 0 && n != -EINTR) || p[1].revents || p[0].revents & (POLLERR | POLLHUP))
			return 0;
		n = lkl_sys_read(fd, msg, size);
	} while (!n || n == -LKL_EAGAIN);
	return n;
}

static void *answer_main(void *arg)
{
	union {
		struct lkl_cld_msg_hdr header;
		struct lkl_cld_msg first;
		struct lkl_cld_msg_v2 second;
	} msg;
	int fd = open_pipe();
	long len;

	if (fd < 0)
		return NULL;
	while ((len = receive(fd, &msg, sizeof(msg))) > 0) {
		msg.header.cm_status = 0;
		if (msg.header.cm_cmd == lkl_Cld_GetVersion)
			msg.first.cm_u.cm_version = LKL_CLD_UPCALL_VERSION;
		lkl_sys_write(fd, (const void *)&msg, len);
	}
	lkl_sys_close(fd);
	return NULL;
}

int tracking_start(void)
{
	tracking.stop = lkl_sys_eventfd(0);
	if (tracking.stop < 0)
		return tracking.stop;
	return -pthread_create(&tracking.thread, NULL, answer_main, NULL);
}

void tracking_stop(void)
{
	const uint64_t one = 1;

	lkl_sys_write(tracking.stop, (const void *)&one, sizeof(one));
	pthread_join(tracking.thread, NULL);
	lkl_sys_close(tracking.stop);
}
