/* SPDX-License-Identifier: GPL-2.0 */
/*
 * source-date.h - the time that SOURCE_DATE_EPOCH gives to reproducible output
 */
#ifndef ANYFS_SOURCE_DATE_H
#define ANYFS_SOURCE_DATE_H

#include "tool.h"

/*
 * Set *@seconds to the value of SOURCE_DATE_EPOCH, seconds since 1970, and return 1.  Returns 0 if
 * it is not set, and -1 after a message if it is not a number of up to 32 bits.
 */
int source_date(struct tool *t, uint64_t *seconds);

#endif /* ANYFS_SOURCE_DATE_H */
