/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scan.h - run one verb on many images, each in a process of its own
 */
#ifndef ANYFS_SCAN_H
#define ANYFS_SCAN_H

#include <time.h>
#include "tool.h"

/* A process that runs the verb on an image. */
struct scan_job {
	pid_t pid;			/* 0: none; -1: it has ended */
	const char *image;
	char *output;			/* NAME of its output files NAME.out and NAME.err */
	struct timespec start;
	bool late;			/* killed after the time limit */
	/* When it ended.  After a signal its result is held for a while: see scan-jobs.c. */
	struct timespec end;
	int status;			/* from wait(2) */
};

struct scan {
	struct tool *t;
	char *program;			/* this program */
	char **command;			/* words of --do */
	size_t nr_words;
	char **images;			/* of this shard, without duplicates */
	size_t nr_images;
	unsigned int shard, shards;	/* from 1 */
	const char *out;		/* --out */
	int dir;			/* descriptor of @out */
	int results;			/* file of results, for appending */
	struct scan_job *jobs;
	unsigned int nr_jobs;
	unsigned int seconds;		/* time limit */
	uint64_t memory;		/* limit in bytes, or 0 */
	bool print_lines;		/* results on standard output as well */
	size_t done, skipped, failed;
};

/* scan-list.c: read the images of this shard from @path, or standard input for "-". */
void scan_read_list(struct scan *s, const char *path);

/* scan-results.c */

/* Open the directory of results, and drop from the list the images that have results. */
void scan_open_results(struct scan *s);
/* Append the result of @job, which has ended with @status, a result of wait(2). */
void scan_add_result(struct scan *s, const struct scan_job *job, int status);
/* A name for the output of @image that no other image has; to be freed. */
char *scan_output_name(struct scan *s, const char *image);

/* scan-jobs.c: run the jobs; returns when all images are done or a signal came. */
void scan_run(struct scan *s);

#endif /* ANYFS_SCAN_H */
