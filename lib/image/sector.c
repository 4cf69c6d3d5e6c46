// SPDX-License-Identifier: GPL-2.0
/*
 * sector.c - detect the sector size of a disk image
 *
 * Partition tables count in sectors, but an image file does not record the sector size.
 * The size is detected from the table: the header of a GPT is in the second sector; the
 * partitions of a DOS table must be where file systems begin.  Without a table the size
 * does not matter, and 512 bytes work for all file systems.
 */
#include <errno.h>
#include <string.h>
#include "bytes.h"
#include "gpt.h"
#include "sector.h"

/* The most frequent sizes first. */
static const unsigned int sizes[] = { 512, 4096, 2048, 1024 };
#define NR_SIZES	(sizeof(sizes) / sizeof(sizes[0]))

#define MBR_ENTRIES	446
#define TYPE_GPT	0xee

/* Signatures that can be found at the beginning of a partition. */
static const struct { unsigned int at, len; const char *bytes; } beginnings[] = {
	{ 510, 2, "\x55\xaa" },			/* FAT, NTFS, exFAT, an extended partition */
	{ 1080, 2, "\x53\xef" },		/* ext2, ext3, ext4 */
	{ 0, 4, "XFSB" },
	{ 65600, 8, "_BHRfS_M" },		/* btrfs */
	{ 1024, 4, "\x10\x20\xf5\xf2" },	/* f2fs */
	{ 4086, 10, "SWAPSPACE2" },
	{ 0, 6, "LUKS\xba\xbe" },
	{ 512, 8, "LABELONE" },			/* LVM */
	{ 0, 4, "hsqs" },
	{ 1024, 4, "\xe2\xe1\xf5\xe0" },	/* erofs */
	{ 1024, 2, "H+" },
	{ 1024, 2, "HX" },
	{ 1024, 2, "BD" },			/* hfs */
	{ 32769, 5, "CD001" },
	{ 32768, 4, "JFS1" },
	{ 65588, 6, "ReIsEr" },
	{ 1030, 2, "\x34\x34" },		/* nilfs2 */
	{ 4096, 4, "\xfc\x4e\x2b\xa9" },	/* MD */
};

static bool begins_something(const struct device *d, uint64_t offset)
{
	char bytes[16];

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		if (!device_read(d, bytes, beginnings[i].len, offset + beginnings[i].at) &&
		    !memcmp(bytes, beginnings[i].bytes, beginnings[i].len))
			return true;
	return false;
}

/* Whether the sector is a table; a boot sector of FAT or NTFS has the same last bytes. */
static bool is_dos_table(const uint8_t *sector)
{
	bool any = false;

	if (sector[510] != 0x55 || sector[511] != 0xaa)
		return false;
	for (int i = 0; i < 4; i++) {
		const uint8_t *e = sector + MBR_ENTRIES + 16 * i;

		if (e[0] & 0x7f)
			return false;
		any |= e[4] && e[4] != TYPE_GPT && get_le32(e + 12);
	}
	return any;
}

/*
 * Number of partitions of the table that begin with a known signature if sectors have
 * @sector bytes; *@of gets the number of all partitions.
 */
static unsigned int count_fitting(const struct device *d, const uint8_t *table,
				  unsigned int sector, unsigned int *of)
{
	unsigned int nr = 0;

	*of = 0;
	for (int i = 0; i < 4; i++) {
		const uint8_t *e = table + MBR_ENTRIES + 16 * i;
		uint64_t start = (uint64_t)get_le32(e + 8) * sector;

		if (!e[4] || !start)
			continue;
		++*of;
		nr += begins_something(d, start);
	}
	return nr;
}

static unsigned int by_dos_table(const struct device *d)
{
	unsigned int best = 0, most = 0;
	uint8_t table[512];

	if (device_read(d, table, sizeof(table), 0) || !is_dos_table(table))
		return 0;
	for (size_t i = 0; i < NR_SIZES; i++) {
		unsigned int of, nr = count_fitting(d, table, sizes[i], &of);

		if (nr > most) {
			most = nr;
			best = sizes[i];
		}
		if (nr && nr == of)
			break;
	}
	return best;
}

unsigned int sector_recognise(const struct device *d)
{
	for (size_t i = 0; i < NR_SIZES; i++)
		if (gpt_has_primary(d, sizes[i]))
			return sizes[i];
	/* A DOS table is newer than a GPT copy that was left at the end of the disk. */
	return by_dos_table(d);
}

unsigned int sector_by_backup(const struct device *d)
{
	for (size_t i = 0; i < NR_SIZES; i++)
		if (gpt_has_backup(d, sizes[i]))
			return sizes[i];
	return 0;
}

bool sector_is_dos_table(const struct device *d)
{
	uint8_t table[512];

	return !device_read(d, table, sizeof(table), 0) && is_dos_table(table);
}

bool sector_is_possible(struct blockdev *bd, unsigned int sector)
{
	/* A device writes whole blocks only; through a descriptor any bytes can be read. */
	return sector >= bd->limits.logical_block ||
	       (!bd->can_write && blockdev_descriptor(bd, BLOCKDEV_FD_READ) >= 0);
}

void sector_set(struct blockdev *bd, unsigned int sector)
{
	uint64_t capacity = bd->capacity / sector * sector, stored = bd->capacity - bd->tail;

	bd->limits.logical_block = sector;
	if (bd->limits.physical_block < sector)
		bd->limits.physical_block = sector;
	if (bd->limits.discard_granularity < sector)
		bd->limits.discard_granularity = sector;
	bd->capacity = capacity;
	bd->tail = capacity > stored ? capacity - stored : 0;
}
