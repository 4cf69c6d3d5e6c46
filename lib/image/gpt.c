// SPDX-License-Identifier: GPL-2.0
/*
 * gpt.c - read a GUID partition table (UEFI specification, chapter 5)
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "crc32.h"
#include "gpt.h"
#include "text.h"
#include "utf16.h"
#include "utf8.h"

#define HEADER_BYTES	92u
#define SECTOR_MAX	4096u
#define ENTRY_BYTES	128u
#define ENTRIES_BYTES	(1u << 20)	/* limit of this program */
#define NAME_UNITS	36u

struct header {
	uint64_t my_lba, alternate_lba;	/* sectors of this header and of the other copy */
	uint64_t first_usable, last_usable;	/* sectors that partitions may use */
	uint64_t entries;		/* sector of the first entry */
	uint32_t nr, entry_size, entries_crc;
};

/* Check the CRC of the header; the CRC covers the header with the CRC field zeroed. */
static bool is_valid(uint8_t *p, unsigned int sector)
{
	uint32_t len = get_le32(p + 12), crc = get_le32(p + 16);

	if (memcmp(p, "EFI PART", 8) || len < HEADER_BYTES || len > sector)
		return false;
	put_le32(p + 16, 0);
	return crc32_of(p, len) == crc;
}

/* 0, -ENOENT if there is no valid header at sector @lba, or -errno. */
static int read_header(const struct device *d, unsigned int sector, uint64_t lba,
		       struct header *h)
{
	uint8_t buf[SECTOR_MAX];
	int rc = device_read(d, buf, sector, lba * sector);

	if (rc)
		return rc == -ENXIO ? -ENOENT : rc;
	if (!is_valid(buf, sector) || get_le64(buf + 24) != lba)
		return -ENOENT;
	h->my_lba = lba;
	h->alternate_lba = get_le64(buf + 32);
	h->first_usable = get_le64(buf + 40);
	h->last_usable = get_le64(buf + 48);
	h->entries = get_le64(buf + 72);
	h->nr = get_le32(buf + 80);
	h->entry_size = get_le32(buf + 84);
	h->entries_crc = get_le32(buf + 88);
	if (h->entry_size < ENTRY_BYTES || !h->nr || h->nr > ENTRIES_BYTES / h->entry_size)
		return -ENOENT;
	/* Reject sector numbers whose byte offsets would overflow. */
	if (h->last_usable >= UINT64_MAX / 2 / sector ||
	    h->alternate_lba >= UINT64_MAX / 2 / sector ||
	    h->first_usable > h->last_usable || h->entries >= UINT64_MAX / 2 / sector)
		return -ENOENT;
	return 0;
}

bool gpt_has_primary(const struct device *d, unsigned int sector)
{
	struct header h;

	return !read_header(d, sector, 1, &h);
}

bool gpt_has_backup(const struct device *d, unsigned int sector)
{
	struct header h;

	return d->size / sector > 2 && !read_header(d, sector, d->size / sector - 1, &h);
}

/* Convert UTF-16 to UTF-8; an unpaired surrogate becomes U+FFFD. */
static void copy_name(const uint8_t *p, char *dst, size_t len)
{
	const uint8_t *end = p + 2 * NAME_UNITS;
	size_t used = 0;

	while (p < end && used + 5 < len) {
		int32_t c = utf16_get(&p, end, false);

		if (!c)
			break;
		used += utf8_put(dst + used, c < 0 ? 0xfffd : c);
	}
	dst[used] = '\0';
}

static bool fill_entry(const struct header *h, const uint8_t *p, unsigned int sector,
		       struct probe_entry *e)
{
	static const uint8_t unused[16];
	uint64_t first = get_le64(p + 32), last = get_le64(p + 40);

	if (!memcmp(p, unused, sizeof(unused)) ||
	    first < h->first_usable || last > h->last_usable || last < first)
		return false;
	e->start = first * sector;
	e->size = (last - first + 1) * sector;
	guid_text(p, e->type);
	guid_text(p + 16, e->uuid);
	copy_name(p + 56, e->name, sizeof(e->name));
	return true;
}

static int fill_table(const struct header *h, const uint8_t *entries, unsigned int sector,
		      struct probe_table *t)
{
	t->entries = calloc(h->nr, sizeof(*t->entries));
	if (!t->entries)
		return -ENOMEM;
	snprintf(t->type, sizeof(t->type), "gpt");
	for (unsigned int i = 0; i < h->nr && i < PART_MAX; i++) {
		t->entries[t->nr].number = i + 1;
		if (fill_entry(h, entries + (size_t)i * h->entry_size, sector,
			       &t->entries[t->nr]))
			t->nr++;
	}
	return 0;
}

static int read_copy(const struct device *d, unsigned int sector, uint64_t lba, struct gpt *gpt)
{
	struct header h;
	int rc = read_header(d, sector, lba, &h);
	uint8_t *entries;
	size_t len;

	if (rc)
		return rc;
	len = (size_t)h.nr * h.entry_size;
	entries = malloc(len);
	if (!entries)
		return -ENOMEM;
	rc = device_read(d, entries, len, h.entries * sector);
	if (rc == -ENXIO || (!rc && crc32_of(entries, len) != h.entries_crc))
		rc = -ENOENT;
	if (!rc)
		rc = fill_table(&h, entries, sector, &gpt->table);
	gpt->disk_size = ((h.my_lba > h.alternate_lba ? h.my_lba : h.alternate_lba) + 1) * sector;
	free(entries);
	return rc;
}

int gpt_read(const struct device *d, unsigned int sector, struct gpt *gpt)
{
	int rc;

	memset(gpt, 0, sizeof(*gpt));
	rc = read_copy(d, sector, 1, gpt);
	if (rc == -ENOENT && d->size / sector > 2)
		rc = read_copy(d, sector, d->size / sector - 1, gpt);
	return rc;
}

int gpt_find_table(const struct device *d, struct probe_table *table)
{
	struct gpt gpt;
	int rc = gpt_read(d, d->block, &gpt);

	if (rc)
		probe_table_free(&gpt.table);
	else
		*table = gpt.table;
	return rc == -ENOENT ? 0 : rc;
}
