/* SPDX-License-Identifier: GPL-2.0 */
/*
 * crc32.h - CRC-32 with the polynomial of Ethernet, for a few KiB: one bit at a time
 */
#ifndef ANYFS_CRC32_H
#define ANYFS_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Continue the checksum @crc, without inversion at the start and at the end. */
static inline uint32_t crc32_add(uint32_t crc, const uint8_t *p, size_t len)
{
	while (len--) {
		crc ^= *p++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return crc;
}

/* The CRC-32 of zlib and GPT. */
static inline uint32_t crc32_of(const uint8_t *p, size_t len)
{
	return ~crc32_add(~0u, p, len);
}

#endif /* ANYFS_CRC32_H */
