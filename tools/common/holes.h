/* SPDX-License-Identifier: GPL-2.0 */
/*
 * holes.h - find holes in files where the file system does not report them
 */
#ifndef ANYFS_HOLES_H
#define ANYFS_HOLES_H

#include "side.h"

#define HOLES_BLOCK	4096		/* bytes; a block of zeros becomes a hole */

/* True if fewer blocks are allocated than the size needs. */
bool holes_possible(const struct lkl_statx *stx);
/* True if holes are possible but SEEK_HOLE reports none: the caller looks for zeros. */
bool holes_unreported(const struct side *side, int fd, const struct lkl_statx *stx);
/* Length of the run at @buf of blocks of zeros (*@zero is true) or of data; @len > 0. */
size_t holes_run(const char *buf, size_t len, bool *zero);
/* Call this before writing holes to a new file: on NTFS it sets the sparse attribute. */
void holes_allow(const struct side *side, int fd);

#endif /* ANYFS_HOLES_H */
