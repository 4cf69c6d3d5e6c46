/* SPDX-License-Identifier: GPL-2.0 */
/*
 * near.h - how much two names differ, to suggest the right one
 */
#ifndef ANYFS_NEAR_H
#define ANYFS_NEAR_H

#include <stddef.h>

/* Name number @nr of @list, or NULL at the end. */
typedef const char *near_name_fn(const void *list, size_t nr);
/*
 * The name of @list that differs least from @name, or NULL if most letters of each differ.  Letters
 * that are missing, added, replaced or swapped with a neighbour are counted.
 */
const char *near_find(const char *name, near_name_fn *nth, const void *list);

#endif /* ANYFS_NEAR_H */
