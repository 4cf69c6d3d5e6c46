/* SPDX-License-Identifier: GPL-2.0 */
/*
 * zeros.h - find ranges of zeros
 */
#ifndef ANYFS_ZEROS_H
#define ANYFS_ZEROS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* True if all @len bytes at @p are 0. */
static inline bool all_zeros(const void *p, size_t len)
{
	const char *b = p;

	return !len || (!*b && !memcmp(b, b + 1, len - 1));
}

#endif /* ANYFS_ZEROS_H */
