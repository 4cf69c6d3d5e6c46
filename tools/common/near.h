/* SPDX-License-Identifier: GPL-2.0 */
/*
 * near.h - how much two names differ, to suggest the right one
 */
#ifndef ANYFS_NEAR_H
#define ANYFS_NEAR_H

#include <stdbool.h>

/* The number of letters to insert, remove, replace or swap; UINT_MAX for long names. */
unsigned int near_distance(const char *a, const char *b);
/* Whether a name at this distance from @name may be suggested: most letters are the same. */
bool near_enough(const char *name, unsigned int distance);

#endif /* ANYFS_NEAR_H */
