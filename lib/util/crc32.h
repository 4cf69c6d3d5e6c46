/* SPDX-License-Identifier: GPL-2.0 */
/*
 * crc32.h - CRC-32 with the polynomials of Ethernet and Castagnoli, four bits at a time
 *
 * At most some MiB are summed, so tables of 16 entries are enough.
 */
#ifndef ANYFS_CRC32_H
#define ANYFS_CRC32_H

#include <stddef.h>
#include <stdint.h>

/*
 * Continue the checksum @crc, without inversion at the start and at the end.  @table has the
 * checksums of the numbers 0 to 15.
 */
static inline uint32_t crc32_add_with(const uint32_t table[16], uint32_t crc, const uint8_t *p,
				      size_t len)
{
	while (len--) {
		crc ^= *p++;
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return crc;
}

static inline uint32_t crc32_add(uint32_t crc, const uint8_t *p, size_t len)
{
	static const uint32_t table[16] = {	/* of the polynomial 0xedb88320, reversed */
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
		0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};

	return crc32_add_with(table, crc, p, len);
}

static inline uint32_t crc32c_add(uint32_t crc, const uint8_t *p, size_t len)
{
	static const uint32_t table[16] = {	/* of the polynomial 0x82f63b78, reversed */
		0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1,
		0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
		0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
		0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
	};

	return crc32_add_with(table, crc, p, len);
}

/* The CRC-32 of zlib and GPT. */
static inline uint32_t crc32_of(const uint8_t *p, size_t len)
{
	return ~crc32_add(~0u, p, len);
}

/* The CRC-32C of @len bytes at @p, at least @at + 4, where the four bytes at @at count as zeros. */
static inline uint32_t crc32c_without(const uint8_t *p, size_t len, size_t at)
{
	static const uint8_t zeros[4];
	uint32_t crc = crc32c_add(~0u, p, at);

	crc = crc32c_add(crc, zeros, sizeof(zeros));
	return ~crc32c_add(crc, p + at + 4, len - at - 4);
}

#endif /* ANYFS_CRC32_H */
