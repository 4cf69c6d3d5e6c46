/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nearest-name.h - how much two names differ, to suggest the right one
 */
#ifndef ANYFS_NEAREST_NAME_H
#define ANYFS_NEAREST_NAME_H

#include <stddef.h>

/* Name number @nr of @list, or NULL at the end. */
typedef const char *nth_name_fn(const void *list, size_t nr);
/*
 * The name of @list that differs least from @name, counting letters that are missing, added,
 * replaced or swapped with a neighbour.  NULL if each differs in more than 2 letters, or in more
 * than half of the letters of @name.
 */
const char *nearest_name(const char *name, nth_name_fn *nth, const void *list);

#endif /* ANYFS_NEAREST_NAME_H */
