// SPDX-License-Identifier: GPL-2.0
/* The fault layer keeps the contract of blockdevs, without rules and with delays. */
#include "contract.h"
#include "fault.h"

static struct blockdev *open_fault(bool write, const struct fault_rules *rules)
{
	struct blockdev *lower, *bd;

	if (memory_open(CONTRACT_SIZE, &lower) < 0)
		return NULL;
	lower->can_write = write;
	if (fault_open(lower, &bd) < 0)
		return NULL;
	fault_set(bd, rules);
	return bd;
}

static struct blockdev *open_quiet(bool write)
{
	return open_fault(write, &(struct fault_rules){ 0 });
}

static struct blockdev *open_delaying(bool write)
{
	return open_fault(write, &(struct fault_rules){
		.delay_ops = FAULT_ALL_OPS,
		.delay_max_us = 500,
	});
}

int main(void)
{
	return contract_run(&(struct contract){ "fault without rules", open_quiet, NULL }) +
	       contract_run(&(struct contract){ "fault with delays", open_delaying, NULL });
}
