/* SPDX-License-Identifier: GPL-2.0 */
/*
 * contract.h - the contract tests of all blockdevs
 *
 * A backend's test describes how to open it and calls contract_run().
 */
#ifndef TESTS_BLOCK_CONTRACT_H
#define TESTS_BLOCK_CONTRACT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "blockdev.h"

#define CONTRACT_SIZE	(8u << 20)	/* bytes of the blockdevs opened */

struct contract {
	const char *name;		/* "raw on a regular file" */
	/* Open a zeroed blockdev of CONTRACT_SIZE bytes; NULL if that failed. */
	struct blockdev *(*open)(bool write);
	/* Called after the test has closed its blockdev; may be NULL. */
	void (*clean)(void);
};

/* A test named by a sentence. */
#define SENTENCE(text, fn)	{ text, fn, NULL, NULL, NULL }

/* contract.c */

/* Run the suite; returns the number of failures. */
int contract_run(const struct contract *contract);

/* io.c */

/* A request with a function to wait for it; counts its completions. */
struct io {
	struct lkl_block_req req;
	struct lkl_block_iov one;		/* for io_init() */
	_Atomic int completions;
};

/* A request with one buffer; @buf may be NULL for FLUSH, DISCARD and ZERO. */
void io_init(struct io *io, unsigned int op, void *buf, uint64_t len, uint64_t offset);
void io_submit(struct blockdev *bd, struct io *io);
/* Wait for the completion; returns the status. */
int io_wait(struct io *io);
int io_run(struct blockdev *bd, struct io *io);

/* Bytes that depend on the sector and on @seed, so that misplaced or old data is recognised. */
void pattern_fill(void *buf, size_t len, uint64_t offset, uint32_t seed);
bool pattern_is(const void *buf, size_t len, uint64_t offset, uint32_t seed);
bool is_zero(const void *buf, size_t len);
/* Write or check the pattern in a range of a blockdev, with one request. */
void write_pattern(struct blockdev *bd, uint64_t offset, size_t len, uint32_t seed);
bool holds_pattern(struct blockdev *bd, uint64_t offset, size_t len, uint32_t seed);

#endif /* TESTS_BLOCK_CONTRACT_H */
