/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fault.h - a layer that delays, reorders and fails requests by rules, for tests
 *
 * Without rules it passes all requests on.  Rules may change at any time, from
 * any thread, and hold for requests submitted afterwards.
 */
#ifndef TESTS_LAYERS_FAULT_H
#define TESTS_LAYERS_FAULT_H

#include "blockdev.h"

#define FAULT_OP(op)	(1u << (op))	/* FAULT_OP(LKL_BLK_READ) ... */
#define FAULT_ALL_OPS	(~0u)

/* Zero means none, for every member. */
struct fault_rules {
	/*
	 * Each request of @delay_ops waits for a random number of microseconds between min and
	 * max, and is then served on one of several threads: the order of completion is not the
	 * order of submission.
	 */
	unsigned int delay_ops;
	unsigned int delay_min_us;
	unsigned int delay_max_us;

	/*
	 * Requests of @error_ops that touch [error_offset, error_offset +
	 * error_len) fail with @error (negative errno) and do nothing below;
	 * error_len 0: any place, flushes included.  The first @error_after of
	 * them pass; then @error_count fail (0: all that follow).
	 */
	int error;
	unsigned int error_ops;
	uint64_t error_offset;
	uint64_t error_len;
	uint64_t error_after;
	uint64_t error_count;

	/*
	 * Requests of @hold_ops are kept until rules without them are set.
	 * Detaching the disk and ending its kernel wait for them.
	 */
	unsigned int hold_ops;
};

/* Put the layer over @lower and take over the reference to it.  0, -ENOMEM or -EAGAIN. */
int fault_open(struct blockdev *lower, struct blockdev **bd);

/* Replace the rules; the counters of error_after and error_count start again. */
void fault_set(struct blockdev *bd, const struct fault_rules *rules);

/* Requests submitted so far, refused ones not counted. */
uint64_t fault_requests(struct blockdev *bd);

/* Requests that are held or delayed now. */
unsigned int fault_waiting(struct blockdev *bd);

#endif /* TESTS_LAYERS_FAULT_H */
