/* SPDX-License-Identifier: GPL-2.0 */
/*
 * record.h - a blockdev over a blockdev that logs all writes
 *
 * The log contains the data of each write, each flush, and the order of submissions and
 * completions: from these the content that the disk may have at any time can be rebuilt.  Time
 * is counted in ticks: one for each submission and one for each completion.
 */
#ifndef TESTS_LAYERS_RECORD_H
#define TESTS_LAYERS_RECORD_H

#include "blockdev.h"

#define RECORD_FUA	(1u << 0)	/* offer FUA, even if the lower blockdev does not */
#define RECORD_NO_FUA	(1u << 1)	/* offer no FUA: a FUA write becomes a write and a flush */
#define RECORD_FORGET_FLUSHES	(1u << 2)	/* ignore flush and FUA, like a disk that lies */
#define RECORD_READS	(1u << 3)	/* record reads too, without their bytes */

/* One request.  Constant once answered. */
struct record_entry {
	unsigned int op;	/* LKL_BLK_* */
	unsigned int flags;	/* LKL_BLK_FUA, unless it was ignored */
	uint64_t offset;	/* bytes */
	uint64_t len;		/* bytes */
	uint64_t came;		/* tick */
	uint64_t answered;	/* tick; 0: not yet */
	int status;		/* 0 or -errno, once answered */
	const char *data;	/* @len bytes of a WRITE, else NULL */
};

struct record_log;

/* NULL: out of memory. */
struct record_log *record_log_create(void);
/* Free the log, which no blockdev may use at that time.  NULL is fine. */
void record_log_destroy(struct record_log *log);

/* The tick of the newest event.  Any thread, any time. */
uint64_t record_log_now(struct record_log *log);

/* The number of entries, which are in the order of submission. */
size_t record_log_count(struct record_log *log);
/*
 * Entry @index, which must be less than record_log_count(); borrowed.  Call when no request is
 * in flight.
 */
const struct record_entry *record_log_entry(struct record_log *log, size_t index);

/*
 * Put the layer over @lower and take over the reference to it.  The layer offers flushes even
 * if @lower needs none.  @log is the caller's and must outlive the blockdev.  0 or -ENOMEM.
 */
int record_open(struct blockdev *lower, struct record_log *log, unsigned int flags,
		struct blockdev **bd);

#endif /* TESTS_LAYERS_RECORD_H */
