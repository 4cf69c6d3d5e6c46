// SPDX-License-Identifier: GPL-2.0
/*
 * parser-disk.c - the input of a parser as a blockdev
 *
 * The last sector is padded with zeros, like that of raw files.
 */
#include <string.h>
#include "blockdev.h"
#include "parser.h"
#include "tester.h"

struct blockdev *disk_of(const uint8_t *data, size_t len, uint64_t size)
{
	uint64_t whole = len / 512 * 512;
	uint8_t last[512] = { 0 };
	struct blockdev *bd;

	if (size < len)
		size = len;
	if (memory_open((size + 511) / 512 * 512, &bd) ||
	    (whole && blockdev_pwrite(bd, data, whole, 0)))
		die("out of memory");
	memcpy(last, data + whole, len - whole);
	if (len != whole && blockdev_pwrite(bd, last, sizeof(last), whole))
		die("out of memory");
	bd->tail = bd->capacity - size;
	return bd;
}
