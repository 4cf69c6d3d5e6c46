// SPDX-License-Identifier: GPL-2.0
/* The layer that keeps discards keeps the contract of blockdevs. */
#include "contract.h"
#include "discards.h"

static struct blockdev *open_discards(bool write)
{
	struct blockdev *lower, *bd;
	int err;

	if (memory_open(CONTRACT_SIZE, &lower))
		return NULL;
	err = discards_open(lower, &bd);
	blockdev_close(lower);
	if (err)
		return NULL;
	bd->can_write = write;
	return bd;
}

int main(void)
{
	return contract_run(&(struct contract){ "discards", open_discards, NULL });
}
