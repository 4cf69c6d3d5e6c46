// SPDX-License-Identifier: GPL-2.0
/*
 * crc32c.c - the checksum of VHDX, four bits at a time
 *
 * Only headers and a log of some MiB are summed, so a table of 16 entries is enough.
 */
#include "crc32c.h"

#define POLYNOMIAL	0x82f63b78u	/* reversed */

static uint32_t entry(uint32_t v)
{
	for (int i = 0; i < 4; i++)
		v = v >> 1 ^ (v & 1 ? POLYNOMIAL : 0);
	return v;
}

uint32_t crc32c_without(const uint8_t *buf, size_t len, size_t at)
{
	uint32_t table[16], crc = ~0u;

	for (uint32_t i = 0; i < 16; i++)
		table[i] = entry(i);
	for (size_t i = 0; i < len; i++) {
		crc ^= i >= at && i < at + 4 ? 0 : buf[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}
