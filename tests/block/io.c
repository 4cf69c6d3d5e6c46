// SPDX-License-Identifier: GPL-2.0
/*
 * io.c - requests and test patterns, for all tests of lib/block
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "contract.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t completed = PTHREAD_COND_INITIALIZER;

static void complete(struct lkl_block_req *req)
{
	struct io *io = req->submitter;

	pthread_mutex_lock(&lock);
	io->completions++;
	pthread_cond_broadcast(&completed);
	pthread_mutex_unlock(&lock);
}

void io_init(struct io *io, unsigned int op, void *buf, uint64_t len, uint64_t offset)
{
	memset(io, 0, sizeof(*io));
	io->one.base = buf;
	io->one.len = len;
	io->req.op = op;
	io->req.offset = offset;
	io->req.len = len;
	if (buf) {
		io->req.iov = &io->one;
		io->req.nr_iov = 1;
	}
}

void io_submit(struct blockdev *bd, struct io *io)
{
	io->completions = 0;
	io->req.done = complete;
	io->req.submitter = io;
	io->req.status = 12345;		/* neither success nor an error */
	if (blockdev_submit(bd, &io->req) == BLOCKDEV_DONE)
		complete(&io->req);
}

int io_wait(struct io *io)
{
	pthread_mutex_lock(&lock);
	while (!io->completions)
		pthread_cond_wait(&completed, &lock);
	pthread_mutex_unlock(&lock);
	return io->req.status;
}

int io_run(struct blockdev *bd, struct io *io)
{
	io_submit(bd, io);
	return io_wait(io);
}

void pattern_fill(void *buf, size_t len, uint64_t offset, uint32_t seed)
{
	uint64_t *word = buf;

	for (size_t i = 0; i < len / sizeof(*word); i++)
		word[i] = (offset + i * sizeof(*word)) * 0x9e3779b97f4a7c15ull + seed;
}

bool pattern_is(const void *buf, size_t len, uint64_t offset, uint32_t seed)
{
	const uint64_t *word = buf;

	for (size_t i = 0; i < len / sizeof(*word); i++)
		if (word[i] != (offset + i * sizeof(*word)) * 0x9e3779b97f4a7c15ull + seed)
			return false;
	return true;
}

bool is_zero(const void *buf, size_t len)
{
	const char *byte = buf;

	return !len || (!byte[0] && !memcmp(byte, byte + 1, len - 1));
}

void write_pattern(struct blockdev *bd, uint64_t offset, size_t len, uint32_t seed)
{
	char *buf = malloc(len);

	assert_non_null(buf);
	pattern_fill(buf, len, offset, seed);
	assert_int_equal(blockdev_pwrite(bd, buf, len, offset), 0);
	free(buf);
}

bool holds_pattern(struct blockdev *bd, uint64_t offset, size_t len, uint32_t seed)
{
	char *buf = malloc(len);
	bool holds;

	assert_non_null(buf);
	memset(buf, 0xee, len);
	holds = !blockdev_pread(bd, buf, len, offset) && pattern_is(buf, len, offset, seed);
	free(buf);
	return holds;
}
