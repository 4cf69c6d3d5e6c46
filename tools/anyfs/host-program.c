// SPDX-License-Identifier: GPL-2.0
/*
 * host-program.c - run the host's programs that make disks and file systems
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fnv.h"
#include "host-program.h"
#include "messages.h"
#include "own-program.h"
#include "signals.h"
#include "source-date.h"

#define MORE_FD		3		/* as in HOST_PROGRAM_MORE */
#define TEXT_MAX	4096		/* bytes of a program's messages that are shown */

extern char **environ;

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Search /usr/sbin and /sbin too: the PATH of ordinary users often lacks them. */
bool host_program_find(const char *name, char *path, size_t len)
{
	const char *dirs = getenv("PATH");
	char all[PATH_MAX * 4];

	if (strchr(name, '/')) {
		snprintf(path, len, "%s", name);
		return !access(path, X_OK);
	}
	snprintf(all, sizeof(all), "%s:/usr/sbin:/sbin", dirs ? dirs : "/usr/bin:/bin");
	for (char *save, *dir = strtok_r(all, ":", &save); dir; dir = strtok_r(NULL, ":", &save)) {
		snprintf(path, len, "%s/%s", dir, name);
		if (!access(path, X_OK))
			return true;
	}
	return false;
}

static bool find_or_report(struct tool *t, const struct host_program *program, char *path,
			   size_t len)
{
	if (host_program_find(program->name, path, len))
		return true;
	tool_error(t, "%s: not found%s%s", program->name,
		   program->package ? ": install the Debian package " : "",
		   program->package ? program->package : "");
	return false;
}

bool host_program_exists(struct tool *t, const struct host_program *program)
{
	char path[PATH_MAX];

	return find_or_report(t, program, path, sizeof(path));
}

static void redirect_output(struct tool *t, const struct host_program *program, int messages,
			    posix_spawn_file_actions_t *actions)
{
	if (program->quiet && !t->verbose)
		posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	else if (t->json)
		posix_spawn_file_actions_adddup2(actions, STDERR_FILENO, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(actions, messages, STDERR_FILENO);
}

/*
 * With SOURCE_DATE_EPOCH, load tools/fixed into a program that has a seed: its time is
 * SOURCE_DATE_EPOCH, and the seed determines its random numbers.
 */
static bool set_environment(struct tool *t, const struct host_program *program)
{
	const char *preload = getenv("LD_PRELOAD");
	char text[64], *module, *modules;
	uint64_t seconds;
	bool done;
	int rc;

	unsetenv("ANYFS_FIXED");
	rc = program->seed ? source_date(t, &seconds) : 0;
	if (rc <= 0)
		return !rc;
	snprintf(text, sizeof(text), "%llu %llu", (unsigned long long)seconds,
		 (unsigned long long)fnv1a(FNV_START, program->seed, strlen(program->seed)));
	module = own_program(t, "libexec/anyfs/anyfs-fixed.so");
	if (asprintf(&modules, "%s%s%s", module, preload ? ":" : "", preload ? preload : "") < 0)
		tool_no_memory(t);
	done = !access(module, R_OK) && !setenv("ANYFS_FIXED", text, 1) &&
	       !setenv("LD_PRELOAD", modules, 1);
	if (!done)
		tool_error(t, "%s: %s", module, strerror(errno));
	free(module);
	free(modules);
	return done;
}

/* Set LD_PRELOAD to @before, which is freed; NULL: it was not set. */
static void restore_preload(char *before)
{
	if (before)
		setenv("LD_PRELOAD", before, 1);
	else
		unsetenv("LD_PRELOAD");
	free(before);
}

/* A memory file with @input; -1 if there is no input, or with errno on failure. */
static int make_input(const struct host_input *input)
{
	const char *p = input->data;
	size_t left = input->len;
	int fd = p ? memfd_create("input", MFD_CLOEXEC) : -1;

	while (fd >= 0 && left) {
		ssize_t n = TEMP_FAILURE_RETRY(write(fd, p, left));

		if (n <= 0) {
			close(fd);
			return -1;
		}
		p += n;
		left -= n;
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

/*
 * Start the program at @path with default signals, the descriptors @input as its standard input and
 * for HOST_PROGRAM_MORE, unless they are -1, and @messages as its standard error.
 */
static int spawn(struct tool *t, const struct host_program *program, const char *path, char **args,
		 const int input[2], int messages, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, defaults;
	int err;

	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	sigaddset(&defaults, SIGXFSZ);
	posix_spawn_file_actions_init(&actions);
	if (input[0] >= 0)
		posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
	redirect_output(t, program, messages, &actions);
	/* The last one: another descriptor of this process may have its number. */
	if (input[1] >= 0)
		posix_spawn_file_actions_adddup2(&actions, input[1], MORE_FD);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	err = posix_spawn(pid, path, &actions, &attr, args, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return err;
}

/* spawn() with the input of the program.  0 or a number of errno. */
static int start(struct tool *t, const struct host_program *program, const char *path, char **args,
		 int messages, pid_t *pid)
{
	int input[2] = { make_input(&program->input), -1 };
	int err = program->input.data && input[0] < 0 ? errno : 0;

	if (!err) {
		input[1] = make_input(&program->more);
		err = program->more.data && input[1] < 0 ? errno : 0;
	}
	fflush(stdout);
	if (!err)
		err = spawn(t, program, path, args, input, messages, pid);
	for (int i = 0; i < 2; i++)
		if (input[i] >= 0)
			close(input[i]);
	return err;
}

/* @text after the leading "NAME: ", if it begins with the program's name. */
static char *skip_name(const char *name, char *text)
{
	size_t len = strlen(name);

	text += strspn(text, " \t\n");
	return !strncmp(text, name, len) && !strncmp(text + len, ": ", 2) ? text + len + 2 : text;
}

static void report(struct tool *t, const struct host_program *program, int status, char *text)
{
	const char *about = program->about ? program->about : "", *colon = program->about ? ": " : "";
	const char *name = base_name(program->name);

	if (t->verbose && *text)
		tool_note(t, "%s: %s", name, text);
	text = skip_name(name, text);
	text[strcspn(text, "\n")] = '\0';
	if (WIFSIGNALED(status))
		tool_error(t, "%s%s%s: ended by SIG%s", about, colon, name,
			   sigabbrev_np(WTERMSIG(status)));
	else
		tool_error(t, "%s%s%s: failed with exit code %d%s%s", about, colon, name,
			   WEXITSTATUS(status), *text ? ": " : "", text);
}

static bool run_found(struct tool *t, const struct host_program *program, const char *path,
		      char **args, int messages)
{
	char text[TEXT_MAX], *preload = getenv("LD_PRELOAD");
	int status = 0, err;
	ssize_t len;
	pid_t pid;

	args[0] = (char *)base_name(program->name);
	preload = preload ? tool_strdup(t, preload) : NULL;
	if (!set_environment(t, program)) {
		free(preload);
		return false;
	}
	err = start(t, program, path, args, messages, &pid);
	restore_preload(preload);
	if (err) {
		tool_error(t, "%s: cannot be run: %s", path, strerror(err));
		return false;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (tool_stopping(t))
		return false;
	len = pread(messages, text, sizeof(text) - 1, 0);
	text[len > 0 ? len : 0] = '\0';
	if (status)
		report(t, program, status, text);
	else
		fputs(text, stderr);	/* warnings */
	return !status;
}

bool host_program_run(struct tool *t, const struct host_program *program, char **args)
{
	char path[PATH_MAX];
	int messages;
	bool done;

	if (!find_or_report(t, program, path, sizeof(path)))
		return false;
	messages = memfd_create("messages", MFD_CLOEXEC);
	if (messages < 0) {
		tool_error(t, "%s: cannot be run: %s", path, strerror(errno));
		return false;
	}
	done = run_found(t, program, path, args, messages);
	close(messages);
	return done;
}
