// SPDX-License-Identifier: GPL-2.0
/*
 * unit-ahead.c - decompress units before small reads ask for them, see unit-ahead.h
 *
 * One request unpacks several units, because waking a thread takes as long as unpacking one.
 * The number of units doubles as long as the reads are sequential.
 */
#include <stdlib.h>
#include "unit-ahead.h"
#include "unit-cache.h"

#define SECTOR		512u
#define UNITS_MAX	8u		/* of one request; two requests fill half of the cache */
#define BYTES_MAX	(1u << 20)	/* of one request with more than one unit */

int unit_ahead_serve(struct mapped *m, const struct lkl_block_req *req)
{
	uint64_t pos = req->offset, end = pos + req->len;
	struct run run;
	int err = 0;

	while (!err && pos < end) {
		err = m->ops->map(m, pos, end - pos, true, &run);
		if (err)
			break;
		if (run.kind == RUN_PACKED && unit_cache_begin(m->units, &run))
			unit_cache_end(m->units, &run, unit_unpack(&run, &err));
		pos += run.len;
	}
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

/* The number of units of @unit_len bytes that follow @units. */
static uint32_t more_units(uint32_t units, uint32_t unit_len)
{
	units *= 2;
	if (units > UNITS_MAX)
		units = UNITS_MAX;
	if (units > BYTES_MAX / unit_len)
		units = BYTES_MAX / unit_len;
	return units ? units : 1;
}

static void submit(struct mapped *m, uint64_t start, uint64_t len)
{
	struct lkl_block_req *req = calloc(1, sizeof(*req));

	if (!req)
		return;
	/* Without LKL_BLK_AHEAD, after which the pool's thread would poll. */
	req->op = UNIT_AHEAD;
	req->offset = start;
	req->len = len < m->bd.capacity - start ? len : m->bd.capacity - start;
	req->done = free_request;
	block_pool_submit(m->pool, req);
}

/*
 * Find where the next request begins while the unit of @run is read.  False: none is needed now.
 * @units is the number of units of the last request; 0 if that was elsewhere.
 */
static bool find_start(struct mapped *m, const struct run *run, uint64_t *start, uint32_t *units)
{
	uint64_t next = run->unit + run->unit_len, len;

	*start = m->ahead;
	*units = m->ahead_units;
	len = (uint64_t)*units * run->unit_len;
	if (*start >= next && *start - next < 2 * len) {
		if (*start - next >= len)
			return false;
	} else {
		if (!is_packed(m, run->unit - SECTOR, true))
			return false;
		*start = next;
		*units = 0;
	}
	return is_packed(m, *start, false);
}

void unit_ahead(struct mapped *m, const struct run *run)
{
	uint64_t start, len;
	uint32_t units;

	if (!block_pool_has_threads() || run->unit < SECTOR || !find_start(m, run, &start, &units))
		return;
	units = more_units(units, run->unit_len);
	len = (uint64_t)units * run->unit_len;
	m->ahead = start + len;
	m->ahead_units = units;
	submit(m, start, len);
}
