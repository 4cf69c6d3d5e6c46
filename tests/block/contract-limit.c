// SPDX-License-Identifier: GPL-2.0
/* The limit layer keeps the blockdev contract with each kind of limit. */
#include "contract.h"
#include "fault.h"

static struct blockdev *open_limited(bool write, const struct blockdev_limits *limits)
{
	struct blockdev *memory, *lower, *bd;
	int err;

	if (memory_open(CONTRACT_SIZE, &memory) || fault_open(memory, &lower))
		return NULL;
	fault_set(lower, &(struct fault_rules){ .delay_ops = FAULT_ALL_OPS, .delay_max_us = 200 });
	lower->can_write = write;
	lower->limits.max_request = limits->max_request;
	lower->limits.max_in_flight = limits->max_in_flight;
	lower->limits.time_limit_ms = limits->time_limit_ms;
	err = limit_open(lower, &bd);
	blockdev_close(lower);
	return err ? NULL : bd;
}

static struct blockdev *open_small(bool write)
{
	return open_limited(write, &(struct blockdev_limits){ .max_request = 16 << 10 });
}

static struct blockdev *open_one_by_one(bool write)
{
	return open_limited(write, &(struct blockdev_limits){ .max_in_flight = 1 });
}

static struct blockdev *open_timed(bool write)
{
	return open_limited(write, &(struct blockdev_limits){
		.max_request = 128 << 10, .max_in_flight = 3, .time_limit_ms = 600000,
	});
}

int main(void)
{
	return contract_run(&(struct contract){ "small requests", open_small, NULL }) +
	       contract_run(&(struct contract){ "one request at a time", open_one_by_one, NULL }) +
	       contract_run(&(struct contract){ "all limits", open_timed, NULL });
}
