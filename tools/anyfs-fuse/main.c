// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - anyfs-fuse: the life of a mount
 *
 * In the background the process that the user started waits for one that
 * serves, and ends when the mount answers.  That one ends when it is unmounted,
 * by whomever, and what was written is in the image; SIGINT and SIGTERM unmount.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>
#include "fusefs.h"
#include <lkl/linux/resource.h>

#define DEFAULT_MEM_MB	128

static struct tool tool = { .program = "anyfs-fuse" };

static struct server {
	struct config cfg;
	struct helper *helper;
	struct channel *channel;
	bool clean;			/* nobody's data was cut off */
	bool in_background;
	int ready_fd;			/* the starting process waits for a byte from it */
} server = { .clean = true, .ready_fd = -1 };

void say(const char *fmt, ...)
{
	char text[1024], *safe;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	safe = escape_text(text, false);
	if (server.in_background)
		syslog(LOG_WARNING, "%s", safe ? safe : "out of memory");
	else
		fprintf(stderr, "%s: %s\n", tool.program, safe ? safe : "out of memory");
	free(safe);
}

/* ---- Starting ---- */

static void boot(void)
{
	const AnyfsKernelOpts opts = {
		.mem_mb = server.cfg.mem_mb ? server.cfg.mem_mb : DEFAULT_MEM_MB,
		.loglevel = server.cfg.loglevel,
	};
	const struct lkl_rlimit64 many = { 1048576, 1048576 };
	int rc;

	if (anyfs_kernel_init(&opts)) {
		tool_error(&tool, "%s", anyfs_strerror_last());
		tool_finish(&tool);
	}
	rc = lkl_mount_fs("proc");
	if (rc >= 0)
		rc = lkl_sys_prlimit64(0, LKL_RLIMIT_NOFILE, (void *)&many, NULL);
	if (rc < 0) {
		tool_error(&tool, "preparing the kernel: %s", lkl_strerror(rc));
		tool_finish(&tool);
	}
	/* Half a megabyte of every hundred may be descriptors that nobody needs. */
	nodes_init(opts.mem_mb * 4);
	attr_init(&server.cfg);
	caller_configure(&server.cfg);
}

static struct fuse_session *mount_session(struct fuse_args *args)
{
	const struct fuse_lowlevel_ops *ops = fusefs_ops(&server.cfg);
	struct fuse_session *se = fuse_session_new(args, ops, sizeof(*ops), NULL);

	/* libfuse has said why. */
	if (!se || fuse_session_mount(se, server.cfg.mount_point)) {
		tool.status = EXIT_FAILED;
		namespace_close();
		tool_finish(&tool);
	}
	return se;
}

/* The starting process may go. */
static void tell_ready(void)
{
	int null;

	if (server.ready_fd < 0)
		return;
	openlog(tool.program, LOG_PID | LOG_NDELAY, LOG_DAEMON);
	server.in_background = true;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; null >= 0 && fd <= 2; fd++)
		dup2(null, fd);
	if (write(server.ready_fd, "", 1) != 1)
		say("who started this did not wait");
	close(server.ready_fd);
}

/* Become a process in the background; the starting one ends here, with the right exit code. */
static void go_background(void)
{
	int fds[2], status;
	char ready;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) || (pid = fork()) < 0) {
		tool_error(&tool, "going to the background: %m");
		tool_finish(&tool);
	}
	if (!pid) {
		close(fds[0]);
		server.ready_fd = fds[1];
		setsid();
		return;
	}
	close(fds[1]);
	if (read(fds[0], &ready, 1) == 1)
		_exit(0);
	/* It ended before; it has said why. */
	if (waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status))
		_exit(WEXITSTATUS(status));
	_exit(EXIT_FAILED);
}

/* ---- Ending ---- */

static void cut_off(const char *why)
{
	say("%s: %s", server.cfg.mount_point, why);
	server.clean = false;
	channel_stop(server.channel);
}

/* The first signal unmounts; a second one does not wait. */
static void *signal_main(void *arg)
{
	sigset_t *set = arg;
	int sig;

	sigwait(set, &sig);
	switch (helper_unmount(server.helper)) {
	case UNMOUNTED:
		break;
	case UNMOUNTED_BUSY:
		cut_off("was still in use: what its users wrote last may be missing");
		break;
	case UNMOUNT_FAILED:
		cut_off("could not be unmounted, its users are cut off");
		break;
	}
	sigwait(set, &sig);
	cut_off("interrupted while it was being unmounted");
	return NULL;
}

static void handle_signals(void)
{
	static sigset_t set;
	pthread_t thread;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	if (pthread_create(&thread, NULL, signal_main, &set))
		tool_no_memory(&tool);
}

/* Everything into the image, and the exit code says if it is there. */
static void finish(void)
{
	int err;

	nodes_close();
	if (!namespace_close())
		server.clean = false;
	err = anyfs_kernel_halt();
	if (err && server.clean) {
		say("ending the kernel: %s", lkl_strerror(err));
		server.clean = false;
	}
	helper_report(server.helper, server.clean);
	_exit(server.clean ? 0 : EXIT_FAILED);
}

int main(int argc, char **argv)
{
	struct fuse_args args;
	struct fuse_session *se;

	options_parse(&tool, &server.cfg, argc, argv, &args);
	if (!server.cfg.foreground)
		go_background();
	server.helper = helper_start(&tool, &server.cfg);
	if (!server.helper)
		tool_finish(&tool);
	boot();
	if (!namespace_open(&tool, &server.cfg))
		tool_finish(&tool);
	se = mount_session(&args);
	server.channel = channel_open(&tool, se, server.cfg.threads);
	if (chdir("/"))
		tool_error(&tool, "/: %m");
	handle_signals();
	if (!server.channel || !channel_start(&tool, server.channel)) {
		fuse_session_unmount(se);
		tool_finish(&tool);
	}
	if (!helper_mounted(server.helper))
		say("%s: the helper process is gone: unmount with fusermount3 -u",
		    server.cfg.mount_point);
	tell_ready();
	channel_wait(server.channel);
	finish();
}
