// SPDX-License-Identifier: GPL-2.0
/*
 * verity-super.c - the superblock before the hashes of dm-verity
 *
 * Reference: the source of veritysetup(8); numbers are little endian.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "verity-super.h"

#define SUPERBLOCK	512u
#define VERSION		8u		/* u32; this and the following: superblock offsets */
#define HASH_TYPE	12u		/* u32 */
#define ALGORITHM	32u		/* char[32] */
#define DATA_BLOCK	64u		/* u32: bytes */
#define HASH_BLOCK	68u		/* u32 */
#define DATA_BLOCKS	72u		/* u64 */
#define SALT_SIZE	80u		/* u16 */
#define SALT		88u

static int no_hashes(const char *object, const char *why)
{
	return error_set(-EUCLEAN, "%s: the hashes of dm-verity cannot be used: %s", object, why);
}

/* Whether the field @name of @room bytes has one word, as a table of the device mapper needs. */
static bool is_word(const uint8_t *name, size_t room)
{
	size_t len = 0;

	while (len < room && isgraph(name[len]))
		len++;
	return len && len < room && !name[len];
}

static bool is_block_size(uint32_t size)
{
	return size >= 512 && size <= 524288 && !(size & (size - 1));
}

static void parse_superblock(const uint8_t *raw, uint64_t offset, struct verity_super *s)
{
	unsigned int salt = get_le16(raw + SALT_SIZE);

	s->hash_type = get_le32(raw + HASH_TYPE);
	s->data_block = get_le32(raw + DATA_BLOCK);
	s->hash_block = get_le32(raw + HASH_BLOCK);
	s->data_blocks = get_le64(raw + DATA_BLOCKS);
	s->first_hash = (offset + SUPERBLOCK + s->hash_block - 1) / s->hash_block;
	memcpy(s->algorithm, raw + ALGORITHM, sizeof(s->algorithm));
	strcpy(s->salt, "-");
	for (unsigned int i = 0; i < salt; i++)
		snprintf(s->salt + 2 * i, 3, "%02x", raw[SALT + i]);
}

int verity_super_read(const struct device *d, uint64_t offset, uint64_t size, const char *object,
		      struct verity_super *s)
{
	uint8_t raw[SUPERBLOCK];

	if (device_read(d, raw, sizeof(raw), offset))
		return no_hashes(object, "the superblock cannot be read");
	if (memcmp(raw, "verity\0\0", 8))
		return no_hashes(object, "there is no superblock");
	if (get_le32(raw + VERSION) != 1 || get_le32(raw + HASH_TYPE) > 1)
		return no_hashes(object, "the version is not supported");
	if (!is_block_size(get_le32(raw + DATA_BLOCK)) ||
	    !is_block_size(get_le32(raw + HASH_BLOCK)) ||
	    get_le16(raw + SALT_SIZE) > VERITY_SALT_MAX || !is_word(raw + ALGORITHM, 32))
		return no_hashes(object, "the superblock is damaged");
	if (!get_le64(raw + DATA_BLOCKS) ||
	    get_le64(raw + DATA_BLOCKS) > size / get_le32(raw + DATA_BLOCK))
		return no_hashes(object, "the data is shorter than the superblock says");
	parse_superblock(raw, offset, s);
	return 0;
}
