// SPDX-License-Identifier: GPL-2.0
/* The recording layer records each request in order, and the time of its answer. */
#include <errno.h>
#include <string.h>
#include "contract.h"
#include "fault.h"
#include "record.h"

#define SIZE	(1u << 20)

struct bench {
	struct record_log *log;
	struct blockdev *fault, *bd;
};

static char buf[SIZE];

static void open_bench(struct bench *b, unsigned int flags)
{
	struct blockdev *memory;

	b->log = record_log_create();
	assert_non_null(b->log);
	assert_int_equal(memory_open(SIZE, &memory), 0);
	assert_int_equal(fault_open(memory, &b->fault), 0);
	assert_int_equal(record_open(b->fault, b->log, flags, &b->bd), 0);
}

static void close_bench(struct bench *b)
{
	blockdev_close(b->bd);
	record_log_destroy(b->log);
}

static const struct record_entry *entry(struct bench *b, size_t index)
{
	assert_true(index < record_log_count(b->log));
	return record_log_entry(b->log, index);
}

static int run_op(struct bench *b, unsigned int op, unsigned int flags, uint64_t offset,
		  uint64_t len)
{
	struct io io;

	io_init(&io, op, buf, len, offset);
	io.req.flags = flags;
	return io_run(b->bd, &io);
}

static void records_the_bytes_and_the_order_of_writes(void **state)
{
	struct bench b;

	open_bench(&b, 0);
	memset(buf, 7, 4096);
	assert_int_equal(blockdev_pwrite(b.bd, buf, 4096, 8192), 0);
	assert_int_equal(blockdev_flush(b.bd), 0);
	assert_int_equal(run_op(&b, LKL_BLK_ZERO, 0, 4096, 512), 0);
	assert_int_equal(blockdev_pread(b.bd, buf, 4096, 0), 0);
	assert_int_equal(record_log_count(b.log), 3);
	assert_int_equal(entry(&b, 0)->op, LKL_BLK_WRITE);
	assert_int_equal(entry(&b, 0)->offset, 8192);
	assert_int_equal(entry(&b, 0)->len, 4096);
	assert_int_equal(entry(&b, 0)->data[4095], 7);
	assert_int_equal(entry(&b, 1)->op, LKL_BLK_FLUSH);
	assert_int_equal(entry(&b, 2)->op, LKL_BLK_ZERO);
	assert_null(entry(&b, 2)->data);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(entry(&b, i)->came, 2 * i + 1);
		assert_int_equal(entry(&b, i)->answered, 2 * i + 2);
	}
	assert_int_equal(record_log_now(b.log), 6);
	close_bench(&b);
}

static void records_when_each_request_was_answered(void **state)
{
	struct bench b;
	struct io io;

	open_bench(&b, 0);
	fault_set(b.fault, &(struct fault_rules){ .hold_ops = FAULT_OP(LKL_BLK_WRITE) });
	io_init(&io, LKL_BLK_WRITE, buf, 512, 0);
	io_submit(b.bd, &io);
	assert_int_equal(blockdev_flush(b.bd), 0);
	assert_int_equal(entry(&b, 0)->answered, 0);
	fault_set(b.fault, &(struct fault_rules){ 0 });
	assert_int_equal(io_wait(&io), 0);
	assert_int_equal(entry(&b, 0)->came, 1);
	assert_int_equal(entry(&b, 1)->came, 2);
	assert_int_equal(entry(&b, 1)->answered, 3);
	assert_int_equal(entry(&b, 0)->answered, 4);
	close_bench(&b);
}

static void records_failures(void **state)
{
	struct bench b;

	open_bench(&b, 0);
	fault_set(b.fault, &(struct fault_rules){
		.error = -EIO, .error_ops = FAULT_OP(LKL_BLK_WRITE),
	});
	assert_int_equal(blockdev_pwrite(b.bd, buf, 512, 0), -EIO);
	assert_int_equal(entry(&b, 0)->status, -EIO);
	assert_true(entry(&b, 0)->answered);
	close_bench(&b);
}

static void offers_fua_as_its_flags_say(void **state)
{
	struct bench b;

	open_bench(&b, RECORD_FUA);
	assert_true(b.bd->can_fua);
	assert_int_equal(run_op(&b, LKL_BLK_WRITE, LKL_BLK_FUA, 0, 512), 0);
	assert_int_equal(entry(&b, 0)->flags, LKL_BLK_FUA);
	close_bench(&b);
	open_bench(&b, RECORD_NO_FUA);
	assert_false(b.bd->can_fua);
	assert_int_equal(run_op(&b, LKL_BLK_WRITE, LKL_BLK_FUA, 0, 512), -EOPNOTSUPP);
	close_bench(&b);
}

static void a_disk_that_ignores_flushes_records_neither_flush_nor_fua(void **state)
{
	struct bench b;

	open_bench(&b, RECORD_FUA | RECORD_FORGET_FLUSHES);
	assert_int_equal(run_op(&b, LKL_BLK_WRITE, LKL_BLK_FUA, 0, 512), 0);
	assert_int_equal(blockdev_flush(b.bd), 0);
	assert_int_equal(record_log_count(b.log), 1);
	assert_int_equal(entry(&b, 0)->flags, 0);
	close_bench(&b);
}

static void records_reads_if_requested(void **state)
{
	struct bench b;

	open_bench(&b, RECORD_READS);
	assert_int_equal(blockdev_pread(b.bd, buf, 1024, 512), 0);
	assert_int_equal(entry(&b, 0)->op, LKL_BLK_READ);
	assert_int_equal(entry(&b, 0)->offset, 512);
	assert_null(entry(&b, 0)->data);
	close_bench(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SENTENCE("records the bytes and the order of writes",
			 records_the_bytes_and_the_order_of_writes),
		SENTENCE("records when each request was answered",
			 records_when_each_request_was_answered),
		SENTENCE("records failures", records_failures),
		SENTENCE("offers FUA as its flags say", offers_fua_as_its_flags_say),
		SENTENCE("a disk that ignores flushes records neither flush nor FUA",
			 a_disk_that_ignores_flushes_records_neither_flush_nor_fua),
		SENTENCE("records reads if requested", records_reads_if_requested),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
