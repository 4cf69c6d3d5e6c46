// SPDX-License-Identifier: GPL-2.0
/*
 * unit-ahead.c - decompress units before small reads ask for them, see unit-ahead.h
 */
#include <stdlib.h>
#include "unit-ahead.h"
#include "unit-cache.h"

#define SECTOR		512u

int unit_ahead_serve(struct mapped *m, const struct lkl_block_req *req)
{
	struct run run;
	int err = m->ops->map(m, req->offset, SECTOR, true, &run);

	if (err || run.kind != RUN_PACKED || !unit_cache_begin(m->units, &run))
		return err;
	unit_cache_end(m->units, &run, unit_unpack(&run, &err));
	return err;
}

static void free_request(struct lkl_block_req *req)
{
	free(req);
}

/* Whether the unit at @pos is compressed and, as @cached says, in the cache or not. */
static bool is_packed(struct mapped *m, uint64_t pos, bool cached)
{
	struct run run;

	return pos < m->bd.capacity && !m->ops->map(m, pos, SECTOR, false, &run) &&
	       run.kind == RUN_PACKED && unit_cache_read(m->units, &run, 0, NULL, 0) == cached;
}

void unit_ahead(struct mapped *m, const struct run *run)
{
	uint64_t next = run->unit + run->unit_len;
	struct lkl_block_req *req;

	if (!block_pool_has_threads() || m->ahead == next || run->unit < SECTOR ||
	    !is_packed(m, run->unit - SECTOR, true) || !is_packed(m, next, false))
		return;
	m->ahead = next;
	req = calloc(1, sizeof(*req));
	if (!req)
		return;
	/* Without LKL_BLK_AHEAD, after which the pool's thread would poll. */
	req->op = UNIT_AHEAD;
	req->offset = next;
	req->done = free_request;
	block_pool_submit(m->pool, req);
}
