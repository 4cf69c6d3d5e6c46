// SPDX-License-Identifier: GPL-2.0
/* The memory backend keeps the contract of blockdevs. */
#include "contract.h"

static struct blockdev *open_memory(bool write)
{
	struct blockdev *bd;

	if (memory_open(CONTRACT_SIZE, &bd) < 0)
		return NULL;
	bd->can_write = write;
	return bd;
}

int main(void)
{
	return contract_run(&(struct contract){ "memory", open_memory, NULL });
}
