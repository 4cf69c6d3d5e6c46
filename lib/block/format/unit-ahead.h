/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unit-ahead.h - decompress units before small reads ask for them
 */
#ifndef ANYFS_FORMAT_UNIT_AHEAD_H
#define ANYFS_FORMAT_UNIT_AHEAD_H

#include "mapped.h"

#define UNIT_AHEAD	0x100u		/* op of requests that unit_ahead_serve() serves */

/*
 * The unit of @run is read in parts.  If the unit before it was, too, let the pool unpack the
 * units after it into the cache.
 */
void unit_ahead(struct mapped *m, const struct run *run);
/* On a thread of the pool. */
int unit_ahead_serve(struct mapped *m, const struct lkl_block_req *req);

#endif /* ANYFS_FORMAT_UNIT_AHEAD_H */
