/* SPDX-License-Identifier: GPL-2.0 */
/*
 * crc32.h - CRC-32 with the polynomials of Ethernet and Castagnoli, computed bit by bit: only
 *	for a few KiB
 */
#ifndef ANYFS_CRC32_H
#define ANYFS_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Continue the checksum @crc, without inversion at the start and at the end. */
static inline uint32_t crc32_add_bits(uint32_t polynomial, uint32_t crc, const uint8_t *p,
				      size_t len)
{
	while (len--) {
		crc ^= *p++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
	}
	return crc;
}

static inline uint32_t crc32_add(uint32_t crc, const uint8_t *p, size_t len)
{
	return crc32_add_bits(0xedb88320u, crc, p, len);
}

static inline uint32_t crc32c_add(uint32_t crc, const uint8_t *p, size_t len)
{
	return crc32_add_bits(0x82f63b78u, crc, p, len);
}

/* The CRC-32 of zlib and GPT. */
static inline uint32_t crc32_of(const uint8_t *p, size_t len)
{
	return ~crc32_add(~0u, p, len);
}

#endif /* ANYFS_CRC32_H */
