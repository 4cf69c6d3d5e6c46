// SPDX-License-Identifier: GPL-2.0
/* The callback backend keeps the blockdev contract with no optional abilities and with all. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "contract.h"

static int request(void *data, struct lkl_block_req *req)
{
	char *pos = (char *)data + req->offset;

	switch (req->op) {
	case LKL_BLK_FLUSH:
		return 0;
	case LKL_BLK_DISCARD:
		memset(pos, 0xdd, req->len);
		return 0;
	case LKL_BLK_ZERO:
		memset(pos, 0, req->len);
		return 0;
	}
	for (unsigned int i = 0; i < req->nr_iov; i++) {
		if (req->op == LKL_BLK_READ)
			memcpy(req->iov[i].base, pos, req->iov[i].len);
		else
			memcpy(pos, req->iov[i].base, req->iov[i].len);
		pos += req->iov[i].len;
	}
	return 0;
}

static const struct callback_ops ops = { .request = request, .close = free };

static struct blockdev *open_plain(bool write)
{
	struct blockdev *bd;
	void *data = calloc(1, CONTRACT_SIZE);

	return callback_open(&ops, data, CONTRACT_SIZE, write, 4, &bd) ? NULL : bd;
}

static struct blockdev *open_able(bool write)
{
	struct blockdev *bd = open_plain(write);

	if (bd) {
		bd->can_fua = bd->can_discard = bd->can_zero = true;
		bd->limits.discard_granularity = 512;
	}
	return bd;
}

int main(void)
{
	return contract_run(&(struct contract){ "callback", open_plain, NULL }) +
	       contract_run(&(struct contract){ "callback with all abilities", open_able, NULL });
}
