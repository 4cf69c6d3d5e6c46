// SPDX-License-Identifier: GPL-2.0
/*
 * umount.c - anyfs-umount: unmount, and wait until all data is written to the image
 *
 * umount(8) and fusermount3 -u return as soon as the host has detached the mount, while the
 * anyfs-fuse process still writes.  Its helper process reports when that is done.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "control.h"
#include "messages.h"
#include "mountinfo.h"
#include "options.h"
#include "peer.h"
#include "run.h"
#include "standard-fds.h"

static struct tool tool = { .program = "anyfs-umount" };

/*
 * Connect to the mount's helper; -1 if that fails.  Any user can bind the socket's name, so
 * check that the peer is the mount's owner.
 */
static int connect_helper(const struct mount_info *m)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un addr;

	if (fd < 0)
		return -1;
	if (!connect(fd, (struct sockaddr *)&addr, control_address(m->dev, &addr)) &&
	    peer_is(fd, m->user))
		return fd;
	close(fd);
	return -1;
}

/*
 * A program that has just exited may keep the mount busy for a moment: the host reports the
 * exit before it closes mapped files.  If the image of another anyfs-fuse lies on this mount,
 * and that was unmounted just now, its process keeps this mount busy, too: closing the image
 * writes the data that the host caches, which takes seconds on a loaded machine.
 */
#define BUSY_TRIES	60
#define BUSY_TRIES_INNER 600
#define PAUSE_MS	50

static void pause_unmounting(void)
{
	const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000 };

	nanosleep(&pause, NULL);
}

/* Run fusermount3 -u; stores the first line of its messages in @text, returns its status. */
static int run_fusermount(const char *path, char *text, size_t len)
{
	int fds[2], status = 1;
	size_t got = 0;
	ssize_t n;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) || (pid = fork()) < 0) {
		snprintf(text, len, "fusermount3: %m");
		return 1;
	}
	if (!pid) {
		dup2(fds[1], STDERR_FILENO);
		execlp("fusermount3", "fusermount3", "-u", "--", path, (char *)NULL);
		dprintf(STDERR_FILENO, "fusermount3: %m: install fuse3");
		_exit(127);
	}
	close(fds[1]);
	while (got < len - 1 && (n = read(fds[0], text + got, len - 1 - got)) > 0)
		got += n;
	text[got] = '\0';
	text[strcspn(text, "\n")] = '\0';
	close(fds[0]);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 1;
	return WEXITSTATUS(status);
}

/* Unmount @path: 0, or -errno with the reason in @why unless it is EBUSY. */
static int try_unmount(const char *path, char *why, size_t len)
{
	if (geteuid() == 0) {
		if (!umount2(path, UMOUNT_NOFOLLOW))
			return 0;
		snprintf(why, len, "%s", strerror(errno));
		return -errno;
	}
	if (!run_fusermount(path, why, len))
		return 0;
	return strstr(why, "busy") ? -EBUSY : -EPERM;
}

/* @was_outer: a mount below @path was unmounted a moment ago. */
static bool unmount(const char *path, bool was_outer)
{
	char why[1024];
	int rc;

	for (int tries = was_outer ? BUSY_TRIES_INNER : BUSY_TRIES;; pause_unmounting()) {
		rc = try_unmount(path, why, sizeof(why));
		if (rc != -EBUSY || !--tries)
			break;
	}
	if (rc == -EBUSY)
		tool_error(&tool, "%s: busy; fuser -vm lists the processes that use it", path);
	else if (rc)
		tool_error(&tool, "%s: %s", path, why);
	return !rc;
}

/* A mount point of the command line. */
struct job {
	const char *path;
	struct mount_info mount;
	uint64_t fs;			/* mounted_fs_id() before unmounting */
	int helper;			/* connection to the mount's helper, or -1 */
	bool unmounted;
	bool ended;			/* the result was reported */
};

/* The last mount is gone: wait until the anyfs-fuse process has flushed the image. */
static void wait_for_process(struct job *job)
{
	const char *path = job->path;
	char result = 0;

	job->ended = true;
	if (job->helper < 0)
		tool_error(&tool, "%s: unmounted, but its process cannot be reached to confirm that all data was written", path);
	else if (recv(job->helper, &result, 1, 0) != 1)
		tool_error(&tool, "%s: its process was killed: the last writes may be missing from the image", path);
	else if (result == CONTROL_DELETED)
		tool_error(&tool, "%s: its image file was deleted while it was mounted: the data written to it is lost", path);
	else if (result != CONTROL_FLUSHED)
		tool_error(&tool, "%s: some data could not be written to the image; a program that wrote, synced or closed a file may have got that error already", path);
}

static bool is_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return !strncmp(path, dir, len) && path[len] == '/';
}

/*
 * While only other mount namespaces still have the file system, wait for them, up to
 * @seconds.  Programs that start in a namespace of their own have the mount for a moment.
 */
static enum mounts_left await_hidden_mounts(const struct job *job, unsigned int seconds,
					    struct mount_info *other)
{
	enum mounts_left left;

	for (unsigned int ms = 0;; ms += PAUSE_MS) {
		left = mounts_left(job->mount.dev, job->fs, other);
		if (left != MOUNTS_HIDDEN || ms >= seconds * 1000)
			return left;
		pause_unmounting();
	}
}

/*
 * Call this before unmounting @outer.  If @inner was mounted below it, the image of @inner may be
 * a file of @outer, which stays busy until the last mount of @inner is gone and its process has
 * ended: wait for that.  Returns whether @inner was mounted below @outer.
 */
static bool await_inner(struct job *inner, const char *outer, unsigned int seconds)
{
	struct mount_info other;

	if (!inner->unmounted || !is_below(inner->mount.point, outer))
		return false;
	if (!inner->ended && await_hidden_mounts(inner, seconds, &other) == MOUNTS_NONE)
		wait_for_process(inner);
	return true;
}

/* Unmount the job's path; @before: the @nr jobs that were begun before. */
static void begin_job(struct job *job, struct job *before, int nr, unsigned int seconds)
{
	const char *path = job->path;
	char *real = realpath(path, NULL);
	struct mount_info other;
	bool was_outer = false;

	/* realpath() fails on a mount whose process was killed, but unmounting works. */
	if (!real && errno == ENOTCONN)
		real = strdup(path);
	if (!real) {
		tool_errno(&tool, path, -errno);
		return;
	}
	if (!mount_find(real, &job->mount)) {
		tool_error(&tool, "%s: no anyfs-fuse file system is mounted there", path);
		free(real);
		return;
	}
	job->helper = connect_helper(&job->mount);
	job->fs = mounted_fs_id(job->mount.dev);
	for (int i = 0; i < nr; i++)
		was_outer |= await_inner(&before[i], real, seconds);
	job->unmounted = unmount(real, was_outer);
	if (job->unmounted && mounts_left(job->mount.dev, job->fs, &other) == MOUNTS_NONE)
		wait_for_process(job);
	free(real);
}

/* Finish a job whose file system had other mounts, which later jobs may have unmounted. */
static void end_job(struct job *job, unsigned int seconds)
{
	struct mount_info other;
	enum mounts_left left = await_hidden_mounts(job, seconds, &other);

	if (left == MOUNTS_NONE)
		wait_for_process(job);
	else if (left == MOUNTS_HERE)
		tool_error(&tool, "%s: unmounted, but %s is still mounted at %s and stays in use until that is unmounted",
			   job->path, job->mount.source, other.point);
	else
		tool_error(&tool, "%s: unmounted, but %s is still in use: mounted in another mount namespace, or unmounted lazily and not closed",
			   job->path, job->mount.source);
}

static void unmount_all(char **paths, int nr, unsigned int seconds)
{
	struct job *jobs = tool_alloc(&tool, nr * sizeof(*jobs));

	for (int i = 0; i < nr; i++) {
		jobs[i] = (struct job){ .path = paths[i], .helper = -1 };
		begin_job(&jobs[i], jobs, i, seconds);
	}
	for (int i = 0; i < nr; i++)
		if (jobs[i].unmounted && !jobs[i].ended)
			end_job(&jobs[i], seconds);
	free(jobs);
}

static void print_help(void)
{
	printf("usage: anyfs-umount [--wait SECONDS] MOUNTPOINT...\n"
	       "Unmount an anyfs-fuse mount, and wait until all data is written to the image.\n\n"
	       "  --wait SECONDS  how long to wait for mounts in other mount namespaces (%d)\n",
	       HIDDEN_MOUNTS_S);
	tool_finish(&tool);
}

static unsigned int parse_seconds(const char *text)
{
	char *end;
	unsigned long n = strtoul(text ? text : "", &end, 10);

	if (!text || *text < '0' || *text > '9' || *end || n > 1000000)
		tool_usage(&tool, "--wait: give a number of seconds, up to 1000000");
	return n;
}

int main(int argc, char **argv)
{
	unsigned int seconds = HIDDEN_MOUNTS_S;
	int first = 1;

	standard_fds_open(tool.program);
	signal(SIGPIPE, SIG_IGN);
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		printf("anyfs-umount %s\n", anyfs_version());
		tool_finish(&tool);
	}
	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")))
		print_help();
	if (argc > 1 && !strcmp(argv[1], "--wait")) {
		seconds = parse_seconds(argv[2]);
		first = 3;
	}
	if (argc <= first)
		tool_usage(&tool, "no mount point given");
	for (int i = first; i < argc; i++)
		if (argv[i][0] == '-')
			tool_usage(&tool, "unknown option %s", argv[i]);
	unmount_all(argv + first, argc - first, seconds);
	tool_finish(&tool);
}
