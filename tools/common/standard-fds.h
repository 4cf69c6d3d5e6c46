/* SPDX-License-Identifier: GPL-2.0 */
/*
 * standard-fds.h - make sure that descriptors 0, 1 and 2 are open
 */
#ifndef ANYFS_STANDARD_FDS_H
#define ANYFS_STANDARD_FDS_H

#include <stdbool.h>

/*
 * Call this first in main().  A standard descriptor that the caller closed becomes
 * /dev/null, so that no image, pipe or signalfd gets its number.  Descriptors 0 and 1 are
 * opened in the wrong direction, so that reading standard input and writing standard output
 * still fail with EBADF; messages on standard error are dropped.
 * Ends the program with status 1 if /dev/null cannot be opened.
 */
void standard_fds_open(const char *program);

/* Returns false if standard input was closed or is open only for writing. */
bool standard_input_is_readable(void);

#endif /* ANYFS_STANDARD_FDS_H */
