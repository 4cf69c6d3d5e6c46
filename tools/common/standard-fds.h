/* SPDX-License-Identifier: GPL-2.0 */
/*
 * standard-fds.h - descriptors 0, 1 and 2 are open before anything else is
 */
#ifndef ANYFS_STANDARD_FDS_H
#define ANYFS_STANDARD_FDS_H

#include <stdbool.h>

/*
 * Call this first in main().  A standard descriptor that the caller closed becomes
 * /dev/null, so that no image, pipe or signalfd gets its number.  It is opened in the
 * direction that is not used: reading standard input and writing standard output fail
 * with EBADF, as they would without this call; what goes to standard error is dropped.
 * Ends the program with status 1 if /dev/null cannot be opened.
 */
void standard_fds_open(const char *program);

/* False if standard input was closed, or is open for writing only. */
bool standard_input_is_readable(void);

#endif /* ANYFS_STANDARD_FDS_H */
