/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fuzz.h - hostile images: the parts
 *
 *	fuzz.c		the program: starts workers, counts, watches the clock
 *	worker.c	a process with a kernel that mounts one image after another
 *	walk.c		looks at all that a mounted tree shows
 *	fill.c		the tree that a seed gets
 *	mutate.c	what is done to an image
 *	disk.c		an image in memory whose changes are forgotten
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
	OUTCOME_WALKED,		/* mounted, and nothing on the way failed */
	OUTCOME_ERRORS,		/* mounted; calls failed, as they should */
	OUTCOME_REFUSED,	/* not mounted */
	OUTCOME_KERNEL_DIED,	/* a BUG or a bad access ended the kernel, not the process */
	OUTCOME_KILLED,		/* the worker's process died */
	OUTCOME_HUNG,		/* not through in time, and ended by the parent */
	OUTCOMES
};

/* Bytes of the image. */
struct range {
	uint64_t start, len;
};

#define HOT_MAX		4096
#define DEATHS_MAX	512
#define DEATH_TEXT	200

/* Seen by the parent and its workers; a worker may die at any point. */
struct shared {
	uint64_t next;			/* the next image's number */
	uint64_t end;			/* the first number that is not wanted */
	uint64_t until;			/* no image begins after this, ns */
	uint64_t now;			/* the number of the image at work */
	uint64_t started;		/* when, ns; 0: none at work */
	uint64_t count[OUTCOMES];
	uint32_t nr_deaths;
	struct {
		uint64_t number;
		char text[DEATH_TEXT];
	} deaths[DEATHS_MAX];
	uint32_t seed_failed;		/* calls that fail in a walk of the seed */
	uint32_t nr_hot;
	struct range hot[HOT_MAX];	/* what mounting and walking the seed reads */
};

struct job {
	const char *fstype;
	const char *options;		/* mount options, or NULL */
	int image;			/* the seed, a memfd */
	uint64_t size;			/* of it */
	uint64_t seed;
	bool verbose;
	const char *play;		/* a death that is not the image's, or NULL */
	struct shared *shared;
};

uint64_t now_ns(void);

/* disk.c */

/*
 * The seed's first @size bytes; what is written is gone when the blockdev is
 * closed.  *@data is the content, to be changed before it is attached.
 */
struct blockdev *seed_open(const struct job *job, uint64_t size, char **data);

/* mutate.c */

/* Change the disk for image @number; returns how many of its bytes are left of it. */
uint64_t mutate_size(const struct job *job, uint64_t number);
void mutate(const struct job *job, uint64_t number, char *data, uint64_t size);

/* walk.c */

/* Look at everything below @root, within limits; how many calls failed. */
unsigned int walk(const char *root);

/* fill.c */

/* Make a small tree of all kinds of files; what the file system lacks is left out. */
void fill(const char *root);

/* worker.c: each is the whole life of a process */

/* Mount the seed itself for writing, fill it, and keep what was written. */
void worker_fill(const struct job *job) __attribute__((noreturn));
/* Mount the seed itself, walk it and note in shared->hot what was read. */
void worker_trace(const struct job *job) __attribute__((noreturn));
/* Images until there are no more, or until this process should be replaced. */
void worker_run(const struct job *job) __attribute__((noreturn));

#endif /* TESTS_FUZZ_FUZZ_H */
