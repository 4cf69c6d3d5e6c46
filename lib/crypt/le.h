/* SPDX-License-Identifier: GPL-2.0 */
/*
 * le.h - little-endian numbers at any address
 */
#ifndef ANYFS_CRYPT_LE_H
#define ANYFS_CRYPT_LE_H

#include <stdint.h>

static inline uint16_t get_le16(const uint8_t *p)
{
	return p[1] << 8 | p[0];
}

static inline uint32_t get_le32(const uint8_t *p)
{
	return (uint32_t)get_le16(p + 2) << 16 | get_le16(p);
}

static inline uint64_t get_le64(const uint8_t *p)
{
	return (uint64_t)get_le32(p + 4) << 32 | get_le32(p);
}

#endif /* ANYFS_CRYPT_LE_H */
