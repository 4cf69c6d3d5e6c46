// SPDX-License-Identifier: GPL-2.0
/*
 * volume-helper.c - the process that runs the programs of volume.h, outside the sandbox
 *
 * A request names only a type of file system and a step, and the program is chosen here.  It gets
 * a sandbox of its own: it may open the temporary file, but no other files of the user.  When
 * the process that sends requests ends, the program is killed and the temporary file removed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "host-program.h"
#include "messages.h"
#include "program-sandbox.h"
#include "volume.h"

#define NAME_TRIES	1000

static void fail(struct volume_answer *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void fail(struct volume_answer *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(a->why, sizeof(a->why), fmt, ap);
	va_end(ap);
}

/* Give the temporary file a name.  False with the reason in errno. */
static bool name_file(struct volume *v)
{
	char fd[32];

	snprintf(fd, sizeof(fd), "/proc/self/fd/%d", v->file);
	for (int i = 0; i < NAME_TRIES; i++) {
		if (asprintf(&v->name, "%s/" VOLUME_NAME "%d-%d", v->dir, getpid(), i) < 0)
			tool_no_memory(v->t);
		if (!linkat(AT_FDCWD, fd, AT_FDCWD, v->name, AT_SYMLINK_FOLLOW))
			return true;
		free(v->name);
		v->name = NULL;
		if (errno != EEXIST)
			break;
	}
	return false;
}

static void remove_file(struct volume *v)
{
	if (v->name)
		unlink(v->name);
	free(v->name);
	v->name = NULL;
}

static void enter_sandbox(const struct volume *v, const char *path)
{
	const struct program_sandbox sandbox = { .image = v->name, .program = path };
	const char *why;

	if (v->t->no_sandbox || !program_sandbox_enter(&sandbox, &why))
		return;
	dprintf(STDERR_FILENO, "cannot enter the sandbox: %s: %s; --no-sandbox runs without it\n",
		why, strerror(errno));
	_exit(EXIT_FAILED);
}

static void exec_program(const struct volume *v, const struct volume_program *p, const char *path)
	__attribute__((noreturn));
static void exec_program(const struct volume *v, const struct volume_program *p, const char *path)
{
	const char *args[VOLUME_ARGS + 2] = { p->name };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	for (int i = 0; i < VOLUME_ARGS && p->args[i]; i++)
		args[i + 1] = strcmp(p->args[i], VOLUME_FILE) ? p->args[i] : v->name;
	setpgid(0, 0);
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(null, STDIN_FILENO);
	dup2(v->output, STDOUT_FILENO);
	dup2(v->output, STDERR_FILENO);
	enter_sandbox(v, path);
	execv(path, (char **)args);
	dprintf(STDERR_FILENO, "%s: %s\n", path, strerror(errno));
	_exit(EXIT_FAILED);
}

/* Wait for the program.  If the process that sent the request ends first, kill the program. */
static int wait_for_end(pid_t pid, int socket)
{
	int program = syscall(SYS_pidfd_open, pid, 0), status = 0;
	struct pollfd fds[2] = {
		{ .fd = program, .events = POLLIN },
		{ .fd = socket, .events = POLLIN },	/* readable only at its end */
	};

	while (program >= 0 && poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	if (fds[1].revents) {
		setpgid(pid, pid);
		kill(-pid, SIGKILL);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (program >= 0)
		close(program);
	return status;
}

/*
 * Whether the file was written to after mark_unchanged(), which sets its modification time to 0.
 * A comparison with the time at which the file was filled would miss a write in the same tick.
 */
static bool was_changed(const struct volume *v)
{
	struct stat st;

	return fstat(v->file, &st) || st.st_mtim.tv_sec || st.st_mtim.tv_nsec;
}

static bool mark_unchanged(const struct volume *v)
{
	static const struct timespec times[2];

	return !futimens(v->file, times);
}

static void run_program(struct volume *v, const struct volume_program *p, int socket,
			struct volume_answer *a)
{
	char path[PATH_MAX];
	pid_t pid;

	if (!host_program_find(p->name, path, sizeof(path))) {
		fail(a, "%s: not found: install the Debian package %s", p->name, p->package);
		return;
	}
	if (!v->name && !name_file(v)) {
		fail(a, "%s: cannot create a temporary file: %s", v->dir, strerror(errno));
		return;
	}
	if (!mark_unchanged(v) || ftruncate(v->output, 0) || lseek(v->output, 0, SEEK_SET) ||
	    (pid = fork()) < 0) {
		fail(a, "%s: cannot be run: %s", p->name, strerror(errno));
		return;
	}
	if (!pid)
		exec_program(v, p, path);
	a->status = wait_for_end(pid, socket);
	a->changed = was_changed(v);
	a->ended = true;
}

void volume_serve(struct volume *v, int socket)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM };
	struct volume_request rq;

	/* These signals end the process that sends requests, and its end ends this process. */
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	while (read(socket, &rq, sizeof(rq)) == sizeof(rq) && !rq.end) {
		struct volume_answer a = { 0 };
		const struct volume_program *p;

		rq.fstype[sizeof(rq.fstype) - 1] = '\0';
		p = v->program(v->data, rq.fstype, rq.step);
		if (p)
			run_program(v, p, socket, &a);
		if (write(socket, &a, sizeof(a)) != sizeof(a))
			break;
	}
	remove_file(v);
	_exit(0);
}
