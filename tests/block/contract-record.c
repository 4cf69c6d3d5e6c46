// SPDX-License-Identifier: GPL-2.0
/* The recording layer keeps the blockdev contract over an immediate and over a delayed backend. */
#include "contract.h"
#include "fault.h"
#include "record.h"

static struct record_log *record_log;

static struct blockdev *open_record(bool write, unsigned int delay_us)
{
	struct blockdev *lower, *bd;

	record_log = record_log_create();
	if (!record_log || memory_open(CONTRACT_SIZE, &lower) < 0)
		return NULL;
	lower->can_write = write;
	if (delay_us) {
		if (fault_open(lower, &lower) < 0)
			return NULL;
		fault_set(lower, &(struct fault_rules){
			.delay_ops = FAULT_ALL_OPS,
			.delay_max_us = delay_us,
		});
	}
	return record_open(lower, record_log, RECORD_FUA | RECORD_READS, &bd) < 0 ? NULL : bd;
}

static struct blockdev *open_quick(bool write)
{
	return open_record(write, 0);
}

static struct blockdev *open_slow(bool write)
{
	return open_record(write, 500);
}

static void clean(void)
{
	record_log_destroy(record_log);
}

int main(void)
{
	return contract_run(&(struct contract){ "record over memory", open_quick, clean }) +
	       contract_run(&(struct contract){ "record over delays", open_slow, clean });
}
