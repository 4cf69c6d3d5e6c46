/* SPDX-License-Identifier: GPL-2.0 */
/*
 * spy.h - a disk in memory that records the requests it receives
 */
#ifndef TESTS_BLOCK_SPY_H
#define TESTS_BLOCK_SPY_H

#include "contract.h"

struct spy {
	struct blockdev bd;
	struct blockdev *memory;
	_Atomic unsigned int reads, others;
	struct lkl_block_req *last;	/* the request itself */
	bool keep;			/* requests wait for spy_complete_kept() */
	unsigned int nr_kept;
	struct lkl_block_req *kept[64];
	int error;			/* of reads at error_offset */
	uint64_t error_offset;
};

/* @fill: seed of the initial content. */
struct spy *spy_open(uint64_t capacity, uint32_t fill);
/* Serve the kept requests, the newest first. */
void spy_complete_kept(struct spy *spy);

#endif /* TESTS_BLOCK_SPY_H */
