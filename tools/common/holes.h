/* SPDX-License-Identifier: GPL-2.0 */
/*
 * holes.h - holes of files, where the file system does not say where they are
 */
#ifndef ANYFS_HOLES_H
#define ANYFS_HOLES_H

#include "side.h"

#define HOLES_BLOCK	4096		/* this many zeros are a hole */

/* Fewer blocks are allocated than the size needs. */
bool holes_possible(const struct lkl_statx *stx);
/* And yet SEEK_HOLE finds none: look at the data. */
bool holes_unreported(const struct side *side, int fd, const struct lkl_statx *stx);
/* How many of the @len > 0 bytes are blocks of zeros (*@zero), or blocks of anything else. */
size_t holes_run(const char *buf, size_t len, bool *zero);
/* Before a new file of the image gets holes: NTFS has an attribute that allows them. */
void holes_allow(const struct side *side, int fd);

#endif /* ANYFS_HOLES_H */
