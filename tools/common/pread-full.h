/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pread-full.h - read or write a range of a file with as many calls as it takes
 */
#ifndef ANYFS_PREAD_FULL_H
#define ANYFS_PREAD_FULL_H

#include "side.h"

/*
 * Read from offset @off until @buf has @len bytes or the file ends.  Returns the number of
 * bytes, less than @len only at the end of the file, or -errno.
 */
long side_pread_full(const struct side *side, int fd, void *buf, size_t len, uint64_t off);
/* Write all of @buf at offset @off.  0 or -errno. */
long side_pwrite_full(const struct side *side, int fd, const void *buf, size_t len, uint64_t off);

#endif /* ANYFS_PREAD_FULL_H */
