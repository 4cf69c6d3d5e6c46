// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - anyfs-fuse: the life of a mount
 *
 * In the background, the process that the user started waits until a child serves
 * the mount, and ends.  The child ends when the mount was unmounted (by any
 * process) and all written data is in the image.  SIGINT, SIGTERM and SIGHUP unmount.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "background.h"
#include "fusefs.h"
#include "keys.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "sandbox.h"
#include "standard-fds.h"

static struct tool tool = { .program = "anyfs-fuse" };

static struct server {
	struct config cfg;
	struct helper *helper;
	struct channel *channel;
	bool started;			/* the command line was parsed */
	bool clean;			/* no written data was lost */
	atomic_bool lost;		/* written data could not be stored: note_loss() */
	atomic_bool flushing;		/* requests are no longer answered */
	bool in_background;
	int ready_fd;			/* the starting process waits for a byte in this pipe */
	int null_fd;
} server = { .clean = true, .ready_fd = -1 };

void log_message(const char *fmt, ...)
{
	char text[1024], *safe;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	safe = escape_text(text, false);
	if (server.in_background)
		helper_log(server.helper, safe ? safe : "out of memory");
	else
		fprintf(stderr, "%s: %s\n", tool.program, safe ? safe : "out of memory");
	free(safe);
}

void note_loss(long err)
{
	static atomic_flag told = ATOMIC_FLAG_INIT;

	if (atomic_flag_test_and_set(&told))
		return;
	log_message("%s: some written data could not be saved: %s", server.cfg.mount_point,
		    lkl_strerror(err));
	atomic_store(&server.lost, true);
}

/* Print a message of libfuse like our own messages.  libfuse passes lines in pieces. */
static void log_libfuse(enum fuse_log_level level, const char *fmt, va_list ap)
{
	static _Thread_local char line[1024];
	size_t len = strlen(line);
	const char *text = line;
	char *end;

	vsnprintf(line + len, sizeof(line) - len, fmt, ap);
	end = strchr(line, '\n');
	if (!end && strlen(line) < sizeof(line) - 1)
		return;
	if (end)
		*end = '\0';
	if (!strncmp(text, "fuse: ", 6))
		text += 6;
	if (!server.started)
		tool_usage(&tool, "%s", text);
	log_message("%s", text);
	line[0] = '\0';
}

/* ---- Starting ---- */

/* End the process after a mount that cannot be served. */
static void give_up(void) __attribute__((noreturn));
static void give_up(void)
{
	if (!tool.status)
		tool.status = EXIT_FAILED;
	helper_abandon(server.helper);
	tool_finish(&tool);
}

/*
 * Enter the sandbox.  Image and channel are open, the image was not read yet, and there is one
 * thread.
 */
static int enter_sandbox(void *data)
{
	const struct sandbox sb = {
		.program = tool.program,
		.profile = server.cfg.write ? SANDBOX_MOUNT_WRITE : SANDBOX_MOUNT,
	};
	struct sandbox_state state;
	char text[1024];

	if (!server.cfg.sandbox)
		return 0;
	if (sandbox_enter(&sb, &state, text, sizeof(text))) {
		tool_error(&tool, "cannot enter the sandbox: %s; --no-sandbox runs without it", text);
		give_up();
	}
	if (server.cfg.loglevel >= 7) {
		sandbox_describe(&sb, &state, text, sizeof(text));
		tool_note(&tool, "%s", text);
	}
	return 0;
}

static void boot(void)
{
	const struct anyfs_kernel_opts opts = {
		.struct_size = sizeof(opts),
		.mem_mb = server.cfg.mem_mb,
		.loglevel = server.cfg.loglevel,
		.lock_in = enter_sandbox,
	};
	int rc;

	if (anyfs_kernel_init(&opts) ||
	    (server.cfg.write && anyfs_kernel_use_host_file_times(NULL))) {
		tool_error(&tool, "%s", anyfs_strerror_last());
		give_up();
	}
	rc = lkl_mount_fs("proc");
	if (rc < 0) {
		tool_error(&tool, "preparing the kernel: %s", lkl_strerror(rc));
		give_up();
	}
	/* A cached descriptor takes 2-3 KiB: allow a hundredth of the kernel's memory. */
	nodes_init(opts.mem_mb * 4);
	files_init();
	attr_init(&server.cfg);
	caller_configure(&server.cfg);
}

static void mount_session(struct fuse_args *args)
{
	const struct fuse_lowlevel_ops *ops = fusefs_ops(&server.cfg);
	struct fuse_session *se = fuse_session_new(args, ops, sizeof(*ops), NULL);

	server.started = true;
	/* libfuse has printed the reason. */
	if (!se || fuse_session_mount(se, server.cfg.mount_point)) {
		tool.status = EXIT_FAILED;
		tool_finish(&tool);
	}
	server.channel = channel_open(&tool, se, server.cfg.threads);
	if (!server.channel)
		give_up();
}

/* Let the starting process end. */
static void tell_ready(void)
{
	if (server.ready_fd < 0)
		return;
	server.in_background = true;
	if (!background_detach(server.ready_fd, server.null_fd))
		log_message("the process that started this one has ended already");
}

/* ---- Ending ---- */

#define END_LIMIT_S	10		/* from the second signal to the end of the process */

static void abort_mount(const char *why)
{
	log_message("%s: %s", server.cfg.mount_point, why);
	server.clean = false;
	channel_stop(server.channel);
}

/* Unmounting waits for the host, which waits for the answers to its requests. */
static void *unmount_main(void *arg)
{
	switch (helper_unmount(server.helper)) {
	case UNMOUNTED:
		break;
	case UNMOUNTED_BUSY:
		abort_mount("was still in use: data written last may be missing in the image");
		break;
	case UNMOUNT_FAILED:
		abort_mount("could not be unmounted: programs that use it get errors from now on");
		break;
	}
	return NULL;
}

/* Stopping waits for the requests being answered. */
static void *interrupt_main(void *arg)
{
	abort_mount("interrupted while it was being unmounted");
	return NULL;
}

/* If a thread cannot be started, the next signals still end the process. */
static void start_detached(void *(*entry)(void *))
{
	pthread_t thread;
	int err = pthread_create(&thread, NULL, entry, NULL);

	if (err)
		log_message("starting a thread: %s", strerror(err));
	else
		pthread_detach(thread);
}

/* End the process although a thread has not returned from the library kernel or the disk. */
static void end_unfinished(void) __attribute__((noreturn));
static void end_unfinished(void)
{
	unsigned int nr = channel_nr_answering(server.channel);

	if (atomic_load(&server.flushing))
		log_message("%s: the image is not flushed in time: data written last may be missing in it",
			    server.cfg.mount_point);
	else
		log_message("%s: %u request%s not answered in time: data written last may be missing in the image",
			    server.cfg.mount_point, nr, nr == 1 ? " is" : "s are");
	helper_report(server.helper, false, false);
	_exit(EXIT_FAILED);
}

/*
 * The first signal unmounts.  The second one ends the wait for programs that use the mount.
 * After a third one, or END_LIMIT_S, the process does not even wait for its own threads.
 */
static void *signal_main(void *arg)
{
	const struct timespec limit = { .tv_sec = END_LIMIT_S };
	sigset_t *set = arg;
	int sig;

	sigwait(set, &sig);
	start_detached(unmount_main);
	sigwait(set, &sig);
	start_detached(interrupt_main);
	while (sigtimedwait(set, NULL, &limit) < 0 && errno == EINTR)
		continue;
	end_unfinished();
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

/* Write everything to the image; the exit status says whether that succeeded. */
static void shut_down(void)
{
	bool deleted;
	int err;

	atomic_store(&server.flushing, true);
	helper_unmounted(server.helper);
	files_close();
	nodes_close();
	if (!namespace_close())
		server.clean = false;
	err = anyfs_kernel_halt();
	if (err && server.clean) {
		log_message("ending the kernel: %s", lkl_strerror(err));
		server.clean = false;
	}
	if (atomic_load(&server.lost))
		server.clean = false;
	deleted = namespace_deleted();
	if (deleted)
		log_message("%s: the image file was deleted while it was mounted: the data written to it is lost",
			    server.cfg.mount_point);
	helper_report(server.helper, server.clean, deleted);
	_exit(server.clean && !deleted ? 0 : EXIT_FAILED);
}

int main(int argc, char **argv)
{
	struct fuse_args args;

	standard_fds_open(tool.program);
	signal(SIGXFSZ, SIG_IGN);	/* a write beyond the limit fails with EFBIG instead */
	fuse_set_log_func(log_libfuse);
	options_parse(&tool, &server.cfg, argc, argv, &args);
	/*
	 * A process in the background must not keep inherited files open; keys may have
	 * been read from some.
	 */
	close_range(STDERR_FILENO + 1, ~0u, 0);
	if (server.cfg.lock)
		lock_file_take(&tool, server.cfg.lock);
	if (!server.cfg.foreground)
		server.ready_fd = background_start(&tool);
	server.null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	server.helper = helper_start(&tool, &server.cfg);
	if (!server.helper)
		tool_finish(&tool);
	/* The starting process reads the pipe; if it is interrupted, the prompt ends, too. */
	if (keys_prepare(server.ready_fd)) {
		tool_error(&tool, "%s", anyfs_strerror_last());
		tool_finish(&tool);
	}
	if (!namespace_prepare(&tool, &server.cfg))
		tool_finish(&tool);
	if (server.cfg.awake)
		tune_prepare();
	mount_session(&args);
	helper_mounted(server.helper);
	if (!channel_greet(&tool, server.channel))
		give_up();
	/* Set the flag on libfuse's descriptors too: the sandbox closes descriptors without it. */
	close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
	if (chdir("/"))
		tool_error(&tool, "/: %m");
	boot();
	if (!namespace_open(&tool, &server.cfg))
		give_up();
	/* Before the mount answers: anyfs-umount must find the helper to get the result. */
	if (!helper_found(server.helper))
		log_message("%s: the helper process is gone: unmount with fusermount3 -u",
			    server.cfg.mount_point);
	handle_signals();
	if (!helper_watch(&tool, server.helper))
		give_up();
	if (!server.cfg.write)
		prefetch_start(server.channel);
	if ((server.cfg.write && !deferred_start(&tool, server.channel)) ||
	    !channel_start(&tool, server.channel))
		give_up();
	tell_ready();
	channel_wait(server.channel);
	shut_down();
}
