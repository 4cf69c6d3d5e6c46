// SPDX-License-Identifier: GPL-2.0
/*
 * scan-jobs.c - the processes of anyfs scan
 *
 * Each image gets a process of this program with the command of --do, so the sandbox, and the
 * limits of time and memory, hold for each image alone.  If this process dies, the host's kernel
 * kills the others.
 *
 * A scheduler that cancels a job sends SIGTERM to all of its processes, in any order.  An image
 * whose process such a signal has ended must get no result, so that the next run takes the image.
 * Therefore the result of a process that a signal has ended is held for a second, and dropped if
 * this process gets a signal meanwhile.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "messages.h"
#include "run.h"
#include "scan.h"
#include "signals.h"

#define HOLD_SECONDS	1

/* @word with each {} replaced by @image; to be freed. */
static char *replace(struct scan *s, const char *word, const char *image)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	const char *at;

	if (!f)
		tool_no_memory(s->t);
	for (; (at = strstr(word, "{}")); word = at + 2)
		fprintf(f, "%.*s%s", (int)(at - word), word, image);
	fputs(word, f);
	fclose(f);
	return text;
}

/*
 * The command for @image, which replaces {} or, without {}, follows the verb.  A name that begins
 * with "-" gets "./" in front, because it would be taken for an option.  Never freed.
 */
static char **make_args(struct scan *s, const char *image)
{
	char **args = calloc(s->nr_words + 3, sizeof(*args)), *path;
	bool placed = false;
	size_t n = 0;

	if (!args || asprintf(&path, "%s%s", *image == '-' ? "./" : "", image) < 0)
		tool_no_memory(s->t);
	for (size_t i = 0; i < s->nr_words; i++)
		placed |= strstr(s->command[i], "{}") != NULL;
	args[n++] = (char *)"anyfs";
	for (size_t i = 0; i < s->nr_words; i++) {
		args[n++] = replace(s, s->command[i], path);
		if (!i && !placed)
			args[n++] = path;
	}
	return args;
}

static int open_output(struct scan *s, const struct scan_job *job, const char *suffix)
{
	char *name;
	int fd;

	if (asprintf(&name, "%s%s", job->output, suffix) < 0)
		return -1;
	fd = openat(s->dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		tool_error(s->t, "%s/%s: %s", s->out, name, strerror(errno));
	free(name);
	return fd;
}

/* Runs in the child process. */
static void run_child(struct scan *s, struct scan_job *job, int out, int err, pid_t parent)
{
	const struct rlimit memory = { s->memory, s->memory };
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	char **args = make_args(s, job->image);
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILED);
	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	if (s->memory && setrlimit(RLIMIT_AS, &memory))
		fprintf(stderr, "anyfs: the limit of memory: %s\n", strerror(errno));
	else
		execv(s->program, args);
	_exit(127);
}

static void start(struct scan *s, struct scan_job *job, const char *image)
{
	pid_t parent = getpid();
	int out, err;

	*job = (struct scan_job){ .image = image, .output = scan_output_name(s, image) };
	out = open_output(s, job, ".out.part");
	err = open_output(s, job, ".err");
	clock_gettime(CLOCK_MONOTONIC, &job->start);
	fflush(NULL);
	job->pid = out < 0 || err < 0 ? -1 : fork();
	if (!job->pid)
		run_child(s, job, out, err, parent);
	if (job->pid < 0) {
		if (out >= 0 && err >= 0)
			tool_error(s->t, "fork: %s", strerror(errno));
		tool_finish(s->t);
	}
	close(out);
	close(err);
}

static void kill_overdue(struct scan *s)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	for (unsigned int i = 0; i < s->nr_jobs; i++) {
		struct scan_job *job = &s->jobs[i];

		if (job->pid <= 0 || now.tv_sec - job->start.tv_sec < (time_t)s->seconds)
			continue;
		job->late = true;
		kill(-job->pid, SIGKILL);
		kill(job->pid, SIGKILL);	/* if it has no process group yet */
	}
}

static bool ended_by_stop(const struct scan_job *job)
{
	/* A verb that writes handles the signal, and exits with EXIT_SIGNAL + its number. */
	int sig = WIFSIGNALED(job->status) ? WTERMSIG(job->status) :
		  WEXITSTATUS(job->status) - EXIT_SIGNAL;

	return !job->late && (sig == SIGTERM || sig == SIGINT || sig == SIGHUP);
}

/* Take the status of processes that have ended. */
static void reap(struct scan *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (unsigned int i = 0; i < s->nr_jobs; i++) {
			struct scan_job *job = &s->jobs[i];

			if (job->pid != pid)
				continue;
			job->pid = -1;
			job->status = status;
			clock_gettime(CLOCK_MONOTONIC, &job->end);
		}
}

/* Record the jobs that have ended; returns how many. */
static unsigned int collect(struct scan *s)
{
	unsigned int nr = 0;
	struct timespec now;

	reap(s);
	clock_gettime(CLOCK_MONOTONIC, &now);
	for (unsigned int i = 0; i < s->nr_jobs; i++) {
		struct scan_job *job = &s->jobs[i];

		if (job->pid != -1 ||
		    (ended_by_stop(job) && now.tv_sec - job->end.tv_sec <= HOLD_SECONDS))
			continue;
		scan_add_result(s, job, job->status);
		free(job->output);
		job->pid = 0;
		nr++;
	}
	return nr;
}

static void kill_all(struct scan *s)
{
	for (unsigned int i = 0; i < s->nr_jobs; i++)
		if (s->jobs[i].pid > 0) {
			kill(-s->jobs[i].pid, SIGKILL);
			kill(s->jobs[i].pid, SIGKILL);
		}
}

void scan_run(struct scan *s)
{
	const struct timespec tick = { .tv_nsec = 250000000 };
	unsigned int running = 0;
	size_t next = 0;
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	tool_catch_signals(s->t);
	while (next < s->nr_images || running) {
		for (unsigned int i = 0; i < s->nr_jobs && next < s->nr_images; i++)
			if (!s->jobs[i].pid) {
				start(s, &s->jobs[i], s->images[next++]);
				running++;
			}
		sigtimedwait(&child, NULL, &tick);
		running -= collect(s);
		kill_overdue(s);
		if (tool_stopping(s->t)) {
			kill_all(s);
			return;
		}
	}
}
