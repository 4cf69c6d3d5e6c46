// SPDX-License-Identifier: GPL-2.0
/*
 * Mount and walk mutated images in child processes, and count the results.
 *
 *	fuzz [OPTIONS] FSTYPE SEED-IMAGE
 *	  --fill	first fill the seed (in memory) with a small tree
 *	  -o OPTIONS	mount options
 *	  --images N	how many images (1000)
 *	  --seconds N	stop after this time, even if images are left
 *	  --first N	the number of the first image (0)
 *	  --seed N	determines all changes, with the image's number (1)
 *	  --timeout N	seconds that one image may take (10)
 *	  --play WHAT	simulate a failure with the fourth image:
 *			bug, fault, abort or hang
 *	  -v		print the kernel's messages, and each result
 *
 * A process whose image hangs is killed; a process that dies is replaced.  The program prints
 * a line for each image that ended a kernel or a process or hung, and a line of totals.  It
 * exits with 1 if a process died, which a dying kernel must not cause, and with 2 if the
 * tester itself failed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "fuzz.h"

#define NS	1000000000ull

struct limits {
	unsigned long images, seconds, first, timeout;
	bool fill;
};

uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NS + ts.tv_nsec;
}

/* ---- seed image ---- */

/* Copy the file to memory and keep its holes. */
static void load(struct job *job, const char *path)
{
	static char buf[65536];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t at = 0;
	ssize_t n;

	job->image = memfd_create("seed", MFD_CLOEXEC);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	job->size = lseek(fd, 0, SEEK_END) / 512 * 512;
	if (job->image < 0 || !job->size || ftruncate(job->image, job->size))
		die("%s: cannot be loaded", path);
	while ((at = lseek(fd, at, SEEK_DATA)) >= 0) {
		n = pread(fd, buf, sizeof(buf), at);
		if (n <= 0)
			break;
		if (pwrite(job->image, buf, n, at) != n)
			die("%s: no memory for it", path);
		at += n;
	}
	if (ftruncate(job->image, job->size))
		die("%s: cannot be loaded", path);
	close(fd);
}

/* ---- workers ---- */

typedef void worker_fn(const struct job *job);

static pid_t start(const struct job *job, worker_fn *fn)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(2);
	fn(job);
	_exit(0);
}

/* Run a worker that must not fail; @what describes its work in the error. */
static void run_worker_now(const struct job *job, worker_fn *fn, const char *what)
{
	pid_t pid = start(job, fn);
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid: %s", strerror(errno));
	if (status)
		die("%s the seed failed (status %d)", what, status);
}

/* Wait for the worker, or kill it when its image takes too long; true if it hung. */
static bool wait_for(const struct job *job, pid_t pid, unsigned long timeout, int *status)
{
	const struct timespec nap = { .tv_nsec = 10000000 };
	bool hung = false;

	for (;;) {
		uint64_t started = __atomic_load_n(&job->shared->started, __ATOMIC_SEQ_CST);

		if (waitpid(pid, status, hung ? 0 : WNOHANG) == pid)
			return hung;
		if (started && now_ns() > started + timeout * NS) {
			hung = true;
			kill(pid, SIGKILL);
		} else {
			nanosleep(&nap, NULL);
		}
	}
}

/* Run one worker and count its result. */
static void run_worker(const struct job *job, unsigned long timeout)
{
	struct shared *sh = job->shared;
	pid_t pid = start(job, worker_run);
	int status;
	bool hung = wait_for(job, pid, timeout, &status);

	if (!hung && WIFEXITED(status) && !WEXITSTATUS(status) && !sh->started)
		return;
	if (!sh->started)
		die("a worker failed between images (status %d)", status);
	sh->started = 0;
	sh->count[hung ? OUTCOME_HUNG : OUTCOME_KILLED]++;
	if (hung)
		printf("%s image %llu hung: ended after %lu s\n", job->fstype,
		       (unsigned long long)sh->now, timeout);
	else
		printf("%s image %llu ended its process: status %d%s%s\n", job->fstype,
		       (unsigned long long)sh->now, status, WIFSIGNALED(status) ? ", " : "",
		       WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "");
	fflush(stdout);
}

static void run(const struct job *job, const struct limits *limits)
{
	struct shared *sh = job->shared;

	sh->until = limits->seconds ? now_ns() + limits->seconds * NS : UINT64_MAX;
	sh->next = limits->first;
	sh->end = limits->first + limits->images;
	while (sh->next < sh->end && now_ns() < sh->until)
		run_worker(job, limits->timeout);
}

static void print_report(const struct job *job, uint64_t took)
{
	struct shared *sh = job->shared;
	uint64_t all = 0;

	for (uint32_t i = 0; i < sh->nr_deaths; i++) {
		sh->deaths[i].text[strcspn(sh->deaths[i].text, "\n")] = '\0';
		printf("%s image %llu ended its kernel: %s\n", job->fstype,
		       (unsigned long long)sh->deaths[i].number, sh->deaths[i].text);
	}
	for (int i = 0; i < OUTCOMES; i++)
		all += sh->count[i];
	printf("total %s images %llu walked %llu errors %llu refused %llu died %llu killed %llu hung %llu ms %llu\n",
	       job->fstype, (unsigned long long)all,
	       (unsigned long long)sh->count[OUTCOME_WALKED],
	       (unsigned long long)sh->count[OUTCOME_ERRORS],
	       (unsigned long long)sh->count[OUTCOME_REFUSED],
	       (unsigned long long)sh->count[OUTCOME_KERNEL_DIED],
	       (unsigned long long)sh->count[OUTCOME_KILLED],
	       (unsigned long long)sh->count[OUTCOME_HUNG], (unsigned long long)(took / 1000000));
}

static void parse(int argc, char **argv, struct job *job, struct limits *limits)
{
	static const struct option longs[] = {
		{ "fill", no_argument, NULL, 'f' },
		{ "images", required_argument, NULL, 'n' },
		{ "seconds", required_argument, NULL, 's' },
		{ "first", required_argument, NULL, '1' },
		{ "seed", required_argument, NULL, 'r' },
		{ "play", required_argument, NULL, 'p' },
		{ "timeout", required_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "vo:", longs, NULL)) != -1) {
		switch (c) {
		case 'f': limits->fill = true; break;
		case 'n': limits->images = number(optarg); break;
		case 's': limits->seconds = number(optarg); break;
		case '1': limits->first = number(optarg); break;
		case 'r': job->seed = number(optarg); break;
		case 't': limits->timeout = number(optarg); break;
		case 'p': job->simulate = optarg; break;
		case 'o': job->options = optarg; break;
		case 'v': job->verbose = true; break;
		default: exit(2);
		}
	}
	if (optind != argc - 2)
		die("usage: fuzz [OPTIONS] FSTYPE SEED-IMAGE; see the head of fuzz.c");
	job->fstype = argv[optind];
}

int main(int argc, char **argv)
{
	struct limits limits = { .images = 1000, .timeout = 10 };
	struct job job = { .seed = 1 };
	uint64_t start;

	parse(argc, argv, &job, &limits);
	load(&job, argv[optind + 1]);
	job.shared = mmap(NULL, sizeof(*job.shared), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (job.shared == MAP_FAILED)
		die("out of memory");
	if (limits.fill)
		run_worker_now(&job, worker_fill, "filling");
	run_worker_now(&job, worker_trace, "walking");
	start = now_ns();
	run(&job, &limits);
	print_report(&job, now_ns() - start);
	return job.shared->count[OUTCOME_KILLED] ? 1 : 0;
}
