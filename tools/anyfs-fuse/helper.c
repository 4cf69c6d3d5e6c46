// SPDX-License-Identifier: GPL-2.0
/*
 * helper.c - the process that outlives the serving one
 *
 * The process that parses the image runs in a sandbox: it cannot start programs or
 * unmount, and it cannot report its result once it has ended.  So a small process,
 * started before the sandbox is entered, does this.  It parses nothing.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>
#include "control.h"
#include "fusefs.h"
#include "kill-watch.h"
#include "messages.h"
#include "mountinfo.h"

#define MAX_WAITERS	16
#define BIND_TRIES	200		/* 10 ms apart */
#define UNMOUNT_TRIES	10
#define PAUSE_MS	50

/*
 * Messages of the serving process.  The helper answers the first two, and closes the
 * socket after the third.
 */
#define SAY_MOUNTED	'm'
#define SAY_UNMOUNT	'u'
#define SAY_ABANDON	'a'
#define SAY_UNMOUNTED	'e'
#define SAY_LOG		'l'		/* followed by a text */
#define ANSWER_DONE	'd'
#define ANSWER_BUSY	'b'
#define ANSWER_FAILED	'f'

struct helper {
	int fd;				/* socket to the other process */
	const struct config *cfg;
	struct kill_watch watch;
	dev_t dev;			/* of the mount; 0 until SAY_MOUNTED */
	uint64_t fs;			/* mounted_fs_id() of the mount */
	bool over;			/* unmounted, and the serving process knows */
	int listener;
	int waiters[MAX_WAITERS];
	unsigned int nr_waiters;
	char result;			/* CONTROL_*, or 0 */
};

/* ---- In the helper ---- */

static int fusermount(const char *mount_point, bool lazy)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (!pid) {
		execlp("fusermount3", "fusermount3", "-u", "-q", lazy ? "-z" : "--", mount_point,
		       (char *)NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -1;
}

static int unmount(const char *mount_point, bool lazy)
{
	if (geteuid() == 0)
		return umount2(mount_point, UMOUNT_NOFOLLOW | (lazy ? MNT_DETACH : 0));
	return fusermount(mount_point, lazy);
}

/* Make the host send cached written data to the serving process. */
static void sync_mount(const char *mount_point)
{
	int fd = open(mount_point, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	syncfs(fd);
	close(fd);
}

static void pause_unmounting(void)
{
	const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000 };

	nanosleep(&pause, NULL);
}

/* After an unmount: the channel ends only when no other mount of the file system is left. */
static char await_other_mounts(const struct helper *h)
{
	struct mount_info other;

	for (int ms = 0; ms < HIDDEN_MOUNTS_S * 1000; ms += PAUSE_MS) {
		switch (mounts_left(h->dev, h->fs, &other)) {
		case MOUNTS_NONE:
			return ANSWER_DONE;
		case MOUNTS_HERE:
			return ANSWER_BUSY;
		case MOUNTS_HIDDEN:
			pause_unmounting();
		}
	}
	return ANSWER_BUSY;
}

static char end_mount(struct helper *h)
{
	const char *mount_point = h->cfg->mount_point;

	sync_mount(mount_point);
	/* The host closes mapped files of a program shortly after the program has ended. */
	for (int i = 0; i < UNMOUNT_TRIES; i++) {
		if (!unmount(mount_point, false))
			return await_other_mounts(h);
		pause_unmounting();
	}
	return unmount(mount_point, true) ? ANSWER_FAILED : ANSWER_BUSY;
}

/*
 * The host reuses a mount's device number as soon as it is unmounted.  The helper of
 * the earlier mount then holds the socket's name until its server has seen the end.
 */
static int take_name(int fd, dev_t dev)
{
	const struct timespec nap = { .tv_nsec = 10000000 };
	struct sockaddr_un addr;
	socklen_t len = control_address(dev, &addr);

	for (int i = 0; i < BIND_TRIES; i++) {
		if (!bind(fd, (struct sockaddr *)&addr, len))
			return 0;
		if (errno != EADDRINUSE)
			break;
		nanosleep(&nap, NULL);
	}
	return -1;
}

static void listen_for_waiters(struct helper *h)
{
	h->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (h->listener < 0)
		return;
	if (take_name(h->listener, h->dev) || listen(h->listener, MAX_WAITERS)) {
		close(h->listener);
		h->listener = -1;
	}
}

/* Handle SAY_MOUNTED.  Requests are not served yet, so this must not cause any. */
static void begin_mount(struct helper *h)
{
	struct statx stx;

	if (statx(AT_FDCWD, h->cfg->mount_point, AT_STATX_DONT_SYNC, 0, &stx))
		return;
	h->dev = makedev(stx.stx_dev_major, stx.stx_dev_minor);
	h->fs = mounted_fs_id(h->dev);
	tune_read_ahead(h->dev);
	kill_watch_helper(&h->watch, h->dev, h->fd, h->cfg->mount_point);
	listen_for_waiters(h);
}

static void add_waiters(struct helper *h)
{
	int fd;

	while ((fd = accept4(h->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		if (h->nr_waiters < MAX_WAITERS)
			h->waiters[h->nr_waiters++] = fd;
		else
			close(fd);
	}
}

/*
 * The mount has ended: accept waiting connections, and free the socket's name for the next
 * mount.
 */
static void give_up_name(struct helper *h)
{
	if (h->listener < 0)
		return;
	add_waiters(h);
	close(h->listener);
	h->listener = -1;
}

static void send_reply(const struct helper *h, char what)
{
	if (send(h->fd, &what, 1, MSG_NOSIGNAL) < 0)
		return;			/* the server is gone: recv() will report it */
}

/* The mount is ready: close inherited descriptors, so that no reader waits for their end. */
static void close_inherited(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; null >= 0 && fd <= 2; fd++)
		dup2(null, fd);
	openlog("anyfs-fuse", LOG_PID, LOG_DAEMON);
}

/* Handle one message of the serving process.  False: there will be no more. */
static bool handle_message(struct helper *h)
{
	char what[1024];
	ssize_t len = recv(h->fd, what, sizeof(what) - 1, 0);

	if (len < 1)
		return false;
	what[len] = '\0';
	switch (what[0]) {
	case SAY_MOUNTED:
		begin_mount(h);
		send_reply(h, ANSWER_DONE);
		if (!h->cfg->foreground)
			close_inherited();
		break;
	case SAY_UNMOUNT:
		send_reply(h, end_mount(h));
		break;
	case SAY_ABANDON:
		unmount(h->cfg->mount_point, true);
		h->over = true;
		return false;
	case SAY_UNMOUNTED:
		h->over = true;
		give_up_name(h);
		break;
	case SAY_LOG:
		syslog(LOG_WARNING, "%s", what + 1);
		break;
	default:
		h->result = what[0];
		break;
	}
	return true;
}

/*
 * Skip holes, which would fill the cache with zeros.  Returns the start of the next data,
 * which ends at @end.
 */
static off_t next_data(int fd, off_t at, off_t *end)
{
	off_t data = lseek(fd, at, SEEK_DATA);

	*end = data < 0 ? -1 : lseek(fd, data, SEEK_HOLE);
	if (*end >= 0)
		return data;
	if (errno == ENXIO)
		return -1;
	*end = lseek(fd, 0, SEEK_END);		/* a block device, which has no holes */
	return at < *end ? at : -1;
}

/* Not with posix_fadvise(), which would read at most as much as the disk's read-ahead. */
static void prefetch_image(const char *path)
{
	static char buf[1 << 20];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t at = 0, end;

	if (fd < 0)
		return;
	while ((at = next_data(fd, at, &end)) >= 0) {
		while (at < end) {
			ssize_t n = pread(fd, buf, sizeof(buf), at);

			/* Skip errors: a read of the mount will report them. */
			at += n > 0 ? n : (ssize_t)sizeof(buf);
		}
	}
	close(fd);
}

/* Read the images into the host's cache, in a separate process. */
static void prefetch_images(const struct config *cfg)
{
	if (fork())
		return;
	prctl(PR_SET_PDEATHSIG, SIGTERM);	/* end with the mount */
	signal(SIGTERM, SIG_DFL);
	close_range(0, ~0u, 0);			/* no program may wait for this process */
	for (unsigned int i = 0; i < cfg->nr_images; i++)
		prefetch_image(cfg->images[i]);
	_exit(0);
}

/*
 * -o auto_unmount: the server has gone without unmounting.  libfuse detects this by an
 * open of the mount point that fails, but here an open succeeds: the host opens
 * directories without a request.
 */
static void unmount_orphan(const struct helper *h)
{
	struct stat st;
	bool ours;

	if (!h->cfg->auto_unmount || h->over)
		return;
	if (stat(h->cfg->mount_point, &st))
		ours = errno == ENOTCONN || errno == ECONNABORTED;
	else
		ours = h->dev && st.st_dev == h->dev;
	if (ours)
		unmount(h->cfg->mount_point, true);
}

static void helper_main(struct helper *h)
{
	struct pollfd polled[2] = { { .fd = h->fd, .events = POLLIN }, { .events = POLLIN } };

	/* The serving process handles ^C and hangup, and sends SAY_UNMOUNT. */
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	prctl(PR_SET_NAME, "anyfs-fuse-help");
	if (chdir("/"))
		syslog(LOG_WARNING, "/: %m");
	if (h->cfg->prefetch)
		prefetch_images(h->cfg);
	for (;;) {
		polled[1].fd = h->listener;
		if (poll(polled, 2, -1) < 0 && errno != EINTR)
			break;
		if (polled[1].revents & POLLIN)
			add_waiters(h);
		if (polled[0].revents && !handle_message(h))
			break;
	}
	unmount_orphan(h);
	for (unsigned int i = 0; i < h->nr_waiters; i++)
		if (h->result)
			send(h->waiters[i], &h->result, 1, MSG_NOSIGNAL);
	_exit(0);
}

/* ---- In the serving process ---- */

struct helper *helper_start(struct tool *t, const struct config *cfg)
{
	struct helper *h = calloc(1, sizeof(*h));
	int fds[2];
	pid_t pid;

	if (!h)
		tool_no_memory(t);
	if (!kill_watch_open(t, &h->watch))
		return NULL;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds)) {
		tool_error(t, "socketpair: %s", strerror(errno));
		return NULL;
	}
	h->cfg = cfg;
	h->listener = -1;
	pid = fork();
	if (pid < 0) {
		tool_error(t, "fork: %s", strerror(errno));
		return NULL;
	}
	h->fd = fds[pid ? 1 : 0];
	close(fds[pid ? 0 : 1]);
	kill_watch_close_other(&h->watch, !pid);
	if (!pid)
		helper_main(h);
	return h;
}

/* If the helper was killed, no process can act on the message: ignore the error. */
static void send_message(struct helper *h, char what)
{
	if (send(h->fd, &what, 1, MSG_NOSIGNAL) != 1)
		return;
}

static char receive_answer(struct helper *h)
{
	char answer;

	return recv(h->fd, &answer, 1, 0) == 1 ? answer : ANSWER_FAILED;
}

static char send_request(struct helper *h, char what)
{
	send_message(h, what);
	return receive_answer(h);
}

bool helper_watch(struct tool *t, struct helper *h)
{
	return kill_watch_process(t, &h->watch);
}

void helper_mounted(struct helper *h)
{
	send_message(h, SAY_MOUNTED);
}

bool helper_found(struct helper *h)
{
	return receive_answer(h) == ANSWER_DONE;
}

enum unmount_result helper_unmount(struct helper *h)
{
	switch (send_request(h, SAY_UNMOUNT)) {
	case ANSWER_DONE:
		return UNMOUNTED;
	case ANSWER_BUSY:
		return UNMOUNTED_BUSY;
	default:
		return UNMOUNT_FAILED;
	}
}

void helper_abandon(struct helper *h)
{
	char answer;

	send_message(h, SAY_ABANDON);
	while (recv(h->fd, &answer, 1, 0) > 0)
		continue;
}

void helper_unmounted(struct helper *h)
{
	send_message(h, SAY_UNMOUNTED);
}

void helper_log(struct helper *h, const char *text)
{
	char what[1024];
	int len = snprintf(what, sizeof(what), "%c%s", SAY_LOG, text);

	if (len >= (int)sizeof(what))
		len = sizeof(what) - 1;
	if (send(h->fd, what, len, MSG_NOSIGNAL) != len)
		return;			/* the helper has ended, so its log is missing */
}

void helper_report(struct helper *h, bool flushed, bool deleted)
{
	send_message(h, !flushed ? CONTROL_FAILED : deleted ? CONTROL_DELETED : CONTROL_FLUSHED);
}
