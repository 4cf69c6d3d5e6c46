// SPDX-License-Identifier: GPL-2.0
/*
 * worker.c - a process with a kernel that mounts one image after another
 *
 * If an image makes the kernel die, the next image gets a new kernel in the same process.  If
 * the process dies too, the parent finds the image's number in shared memory and continues
 * with the next one.  A worker ends after a number of images, so that leaks in the kernel do
 * not add up.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <anyfs.h>
#include <lkl.h>
#include "attach.h"
#include "fuzz.h"
#include "record.h"

#define IMAGES		400		/* per worker process */
#define KERNEL_IMAGES	100		/* per kernel */
#define MEM_MB		64
#define MEMORY_MAX	(1ull << 30)	/* bytes of private data, including the image */

static bool running;
static unsigned int images;		/* images of this kernel */
static char death[DEATH_TEXT];

/* Keep the first message of a dying kernel; it may be printed on a small stack. */
static void keep_message(void *data, const char *text, size_t len)
{
	const struct job *job = data;

	if (job->verbose && write(STDERR_FILENO, text, len) < 0)
		return;
	/*
	 * Compare only the beginning: dying kernels also dump memory, which may contain any
	 * words.
	 */
	if (*death || (strncmp(text, "BUG: ", 5) && strncmp(text, "Kernel panic", 12)))
		return;
	if (len >= sizeof(death))
		len = sizeof(death) - 1;
	memcpy(death, text, len);
	death[len] = '\0';
}

static void boot(const struct job *job)
{
	const AnyfsKernelOpts opts = {
		.mem_mb = MEM_MB, .loglevel = job->verbose ? 8 : 5, .print = keep_message,
		.print_data = (void *)job,
	};

	if (anyfs_kernel_init(&opts))
		die("boot: %s", anyfs_strerror_last());
	running = true;
	images = 0;
	*death = '\0';
}

static void halt_kernel(void)
{
	anyfs_kernel_halt();
	running = false;
}

/* Limit the memory, so that an endless allocation ends the process, not the machine. */
static void limit_memory(void)
{
	const struct rlimit limit = { MEMORY_MAX, MEMORY_MAX };

	/*
	 * The limit does not include the kernel's memory, which is a shared mapping of fixed
	 * size.
	 */
	if (setrlimit(RLIMIT_DATA, &limit))
		die("setrlimit failed");
}

/* ---- the seed itself ---- */

static int mount_seed(const struct job *job, struct blockdev *bd, unsigned long flags,
		      AnyfsMount *m)
{
	int disk;

	boot(job);
	disk = block_attach(anyfs_kernel_current(), bd);
	if (disk < 0 || anyfs_mount(disk, 0, job->fstype, flags, job->options, m))
		die("the seed: %s", anyfs_strerror_last());
	return disk;
}

void worker_fill(const struct job *job)
{
	struct blockdev *bd;
	AnyfsMount m;

	if (raw_open_fd(job->image, "seed", BLOCKDEV_WRITE, &bd))
		die("%s", anyfs_strerror_last());
	mount_seed(job, bd, 0, &m);
	fill(m.mount_point);
	if (anyfs_umount(m.mount_point))
		die("%s", anyfs_strerror_last());
	halt_kernel();
	exit(0);
}

static void note_reads(struct record_log *log, struct shared *sh)
{
	for (size_t i = 0; i < record_log_count(log) && sh->nr_seed_reads < SEED_READS_MAX; i++) {
		const struct record_entry *e = record_log_entry(log, i);

		if (e->op == LKL_BLK_READ)
			sh->seed_reads[sh->nr_seed_reads++] = (struct range){ e->offset, e->len };
	}
}

void worker_trace(const struct job *job)
{
	struct record_log *log = record_log_create();
	struct blockdev *disk, *bd;
	AnyfsMount m;
	char *data;

	disk = seed_open(job, job->size, &data);
	if (!log || record_open(disk, log, RECORD_READS, &bd))
		die("out of memory");
	mount_seed(job, bd, LKL_MS_RDONLY, &m);
	job->shared->seed_failed = walk(m.mount_point);
	anyfs_umount(m.mount_point);
	halt_kernel();
	note_reads(log, job->shared);
	exit(0);
}

/* ---- images ---- */

/* Simulate a failure, to test that the tester detects it. */
static void simulate_failure(const char *what)
{
	if (!strcmp(what, "bug"))
		anyfs_kernel_crash(NULL, "played");
	else if (!strcmp(what, "fault"))
		anyfs_kernel_crash(NULL, NULL);
	else if (!strcmp(what, "abort"))
		abort();
	else if (!strcmp(what, "hang"))
		for (;;)
			pause();
	else
		die("--play %s: bug, fault, abort or hang", what);
}

/* Mount half of the images for writing, which replays journals and writes superblocks. */
static enum outcome mount_and_walk(const struct job *job, uint64_t number, int disk)
{
	/* Detect the type of some images, to test the detection too. */
	const char *fstype = number % 8 == 7 ? NULL : job->fstype;
	unsigned int failed;
	AnyfsMount m;

	if (anyfs_mount(disk, 0, fstype, number % 2 ? LKL_MS_RDONLY : 0, job->options, &m)) {
		if (job->verbose)
			fprintf(stderr, "%s\n", anyfs_strerror_last());
		return OUTCOME_REFUSED;
	}
	failed = walk(m.mount_point);
	if (job->simulate && number == 3)
		simulate_failure(job->simulate);
	failed += !!anyfs_umount(m.mount_point);
	/* Some calls fail on the seed too, for example for a file without data. */
	return failed > job->shared->seed_failed ? OUTCOME_ERRORS : OUTCOME_WALKED;
}

static void note_death(const struct job *job, uint64_t number)
{
	struct shared *sh = job->shared;
	const char *text = anyfs_strerror_last();

	if (sh->nr_deaths == DEATHS_MAX)
		return;
	sh->deaths[sh->nr_deaths].number = number;
	snprintf(sh->deaths[sh->nr_deaths].text, DEATH_TEXT, "%s", *death ? death : text);
	sh->nr_deaths++;
}

static enum outcome one_image(const struct job *job, uint64_t number)
{
	enum outcome outcome = OUTCOME_REFUSED;
	uint64_t size = mutate_size(job, number);
	struct blockdev *bd;
	char *data;
	int disk;

	bd = seed_open(job, size, &data);
	mutate(job, number, data, size);
	if (!running)
		boot(job);
	disk = block_attach(anyfs_kernel_current(), bd);
	if (disk < 0)
		blockdev_close(bd);
	else
		outcome = mount_and_walk(job, number, disk);
	if (!anyfs_kernel_is_running(NULL)) {
		outcome = OUTCOME_KERNEL_DIED;
		note_death(job, number);
		halt_kernel();
	} else if (++images >= KERNEL_IMAGES || (disk >= 0 && anyfs_disk_remove(disk))) {
		/* A disk that a mount still uses is removed with the kernel. */
		halt_kernel();
	}
	return outcome;
}

void worker_run(const struct job *job)
{
	struct shared *sh = job->shared;

	boot(job);
	limit_memory();
	for (unsigned int i = 0; i < IMAGES && sh->next < sh->end && now_ns() < sh->until; i++) {
		enum outcome outcome;

		sh->now = sh->next++;
		__atomic_store_n(&sh->started, now_ns(), __ATOMIC_SEQ_CST);
		outcome = one_image(job, sh->now);
		__atomic_store_n(&sh->started, 0, __ATOMIC_SEQ_CST);
		sh->count[outcome]++;
		if (job->verbose)
			fprintf(stderr, "image %llu: outcome %d\n", (unsigned long long)sh->now,
				outcome);
	}
	if (running)
		halt_kernel();
	exit(0);
}
