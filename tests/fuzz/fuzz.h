/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fuzz.h - the parts of the tester of hostile images
 *
 *	fuzz.c		the program: starts workers, counts, watches the clock
 *	worker.c	a process with a kernel that mounts one image after another
 *	walk.c		reads everything in a mounted tree
 *	fill.c		fills a seed with a small tree
 *	mutate.c	changes an image at random
 *	disk.c		an image in memory whose changes are dropped
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "blockdev.h"
#include "tester.h"

/* The result of testing an image. */
enum outcome {
	OUTCOME_WALKED,		/* mounted, and no call failed */
	OUTCOME_ERRORS,		/* mounted; some calls returned errors */
	OUTCOME_REFUSED,	/* not mounted */
	OUTCOME_KERNEL_DIED,	/* a BUG or a bad access ended the kernel, not the process */
	OUTCOME_KILLED,		/* the worker's process died */
	OUTCOME_HUNG,		/* took too long, killed by the parent */
	OUTCOMES
};

/* Bytes of the image. */
struct range {
	uint64_t start, len;
};

#define SEED_READS_MAX	4096
#define DEATHS_MAX	512
#define DEATH_TEXT	200

/* Memory that the parent and its workers share; a worker may die at any time. */
struct shared {
	uint64_t next;			/* the next image's number */
	uint64_t end;			/* the number after the last image */
	uint64_t until;			/* no image begins after this, ns */
	uint64_t now;			/* the number of the current image */
	uint64_t started;		/* start time of the current image, ns; 0: none */
	uint64_t count[OUTCOMES];
	uint32_t nr_deaths;
	struct {
		uint64_t number;
		char text[DEATH_TEXT];
	} deaths[DEATHS_MAX];
	uint32_t seed_failed;		/* calls that fail in a walk of the seed */
	uint32_t nr_seed_reads;
	/* Ranges that mounting and walking the seed reads. */
	struct range seed_reads[SEED_READS_MAX];
};

struct job {
	const char *fstype;
	const char *options;		/* mount options, or NULL */
	int image;			/* the seed, a memfd */
	uint64_t size;			/* bytes of the seed */
	uint64_t seed;
	bool verbose;
	const char *simulate;		/* a simulated failure (--play), or NULL */
	struct shared *shared;
};

uint64_t now_ns(void);

/* disk.c */

/*
 * Open the first @size bytes of the seed; closing the blockdev drops all changes.  *@data is
 * the content, which may be changed before the blockdev is attached.
 */
struct blockdev *seed_open(const struct job *job, uint64_t size, char **data);

/* mutate.c */

/* The size of the disk of image @number, and the changes of its content. */
uint64_t mutate_size(const struct job *job, uint64_t number);
void mutate(const struct job *job, uint64_t number, char *data, uint64_t size);

/* walk.c */

/* Read everything below @root, within limits; returns the number of failed calls. */
unsigned int walk(const char *root);

/* fill.c */

/* Make a small tree with files of all kinds that the file system supports. */
void fill(const char *root);

/* worker.c: each function is the main function of a process */

/* Mount the seed for writing, fill it, and keep the result as the seed. */
void worker_fill(const struct job *job) __attribute__((noreturn));
/* Mount the seed, walk it and record the ranges that are read in shared->seed_reads. */
void worker_trace(const struct job *job) __attribute__((noreturn));
/* Test images until all are done or this process should be replaced. */
void worker_run(const struct job *job) __attribute__((noreturn));

#endif /* TESTS_FUZZ_FUZZ_H */
