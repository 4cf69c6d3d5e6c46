/* SPDX-License-Identifier: GPL-2.0 */
/*
 * be.h - big-endian numbers at any address
 */
#ifndef ANYFS_CRYPT_BE_H
#define ANYFS_CRYPT_BE_H

#include <stdint.h>

static inline uint16_t get_be16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static inline uint32_t get_be32(const uint8_t *p)
{
	return (uint32_t)get_be16(p) << 16 | get_be16(p + 2);
}

static inline uint64_t get_be64(const uint8_t *p)
{
	return (uint64_t)get_be32(p) << 32 | get_be32(p + 4);
}

#endif /* ANYFS_CRYPT_BE_H */
