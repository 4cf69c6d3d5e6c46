/* SPDX-License-Identifier: GPL-2.0 */
/*
 * crc32c.h - the checksum of VHDX: CRC-32 with Castagnoli's polynomial
 */
#ifndef ANYFS_FORMAT_CRC32C_H
#define ANYFS_FORMAT_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* The sum of @len bytes at @buf, with the four bytes at @at taken as zeros. */
uint32_t crc32c_without(const uint8_t *buf, size_t len, size_t at);

#endif /* ANYFS_FORMAT_CRC32C_H */
