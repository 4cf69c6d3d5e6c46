/* SPDX-License-Identifier: GPL-2.0 */
/*
 * no-holes.h - run programs that cannot make holes in files
 */
#ifndef ANYFS_NO_HOLES_H
#define ANYFS_NO_HOLES_H

#include <stdbool.h>

/*
 * Call @fn(@data) in a thread whose programs cannot make holes, and wait for its end.  False if the
 * host has no such filters: programs that @fn started may have made holes.
 */
bool no_holes_run(void (*fn)(void *data), void *data);

#endif /* ANYFS_NO_HOLES_H */
