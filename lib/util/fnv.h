/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fnv.h - the hash function FNV-1a, 64 bits: fast, but collisions are easy to make
 */
#ifndef ANYFS_FNV_H
#define ANYFS_FNV_H

#include <stddef.h>
#include <stdint.h>

#define FNV_START	0xcbf29ce484222325ull
#define FNV_FACTOR	0x100000001b3ull

/* Continue the hash @sum with @len bytes.  A new hash begins with FNV_START. */
static inline uint64_t fnv1a(uint64_t sum, const void *data, size_t len)
{
	const unsigned char *p = data;

	while (len--)
		sum = (sum ^ *p++) * FNV_FACTOR;
	return sum;
}

#endif /* ANYFS_FNV_H */
