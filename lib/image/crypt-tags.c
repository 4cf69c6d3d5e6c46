// SPDX-License-Identifier: GPL-2.0
/*
 * crypt-tags.c - authentication tags of encrypted sectors, stored by dm-integrity
 *
 * A superblock is followed by a journal, then by data and tags.  The kernel writes an empty
 * superblock if there is none, so a volume without one is refused here.  The kernel checks
 * all other fields.
 *
 * When the device is removed cleanly, the driver marks all entries of the journal as unused.
 *
 * Reference: Documentation/admin-guide/device-mapper/dm-integrity.rst, and the structures at
 * the top of drivers/md/dm-integrity.c; numbers are little endian.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "crypt-tags.h"
#include "error.h"

#define SECTOR		512u
#define MAGIC		"integrt"	/* with its NUL */
#define TAG_SIZE	10u		/* u16; this and the next three: superblock offsets */
#define SECTIONS	12u		/* u32: number of sections of the journal */
#define DATA_SECTORS	16u		/* u64 */
#define FLAGS		24u		/* u32 */
#define SUPER_BYTES	32u
#define FLAG_MAC	1u		/* sectors of the journal end with a MAC */

/* The journal follows the sectors of the superblock. */
#define JOURNAL_AT	(8u * SECTOR)
#define JOURNAL_MAX	(1ull << 30)	/* bytes that are searched for entries */
/* A section of the journal has sectors with entries, then a block of data for each entry. */
#define ENTRY_SECTORS	8u
#define COMMIT_ID	8u		/* bytes at the end of each of these sectors */
#define MAC		8u		/* bytes of the MAC at the end of a sector */
#define ENTRY_FIXED	8u		/* bytes: the sector number */
#define ENTRY_SECTOR	8u		/* bytes for each sector of a block */
#define UNUSED		0xffffffffu	/* upper half of an unused entry's sector number */

static int read_super(const struct device *d, const char *object, const struct crypt_segment *s,
		      uint8_t *super)
{
	int rc = device_read(d, super, SUPER_BYTES, s->offset * SECTOR);

	if (rc == -ENXIO)
		return error_set(-EUCLEAN, "%s: truncated: the encrypted data begins beyond its end",
				 object);
	if (rc)
		return error_set(rc, "%s: its superblock of dm-integrity cannot be read: %s", object,
				 error_name(rc));
	if (memcmp(super, MAGIC, sizeof(MAGIC)) || get_le16(super + TAG_SIZE) != s->tag_size ||
	    !get_le64(super + DATA_SECTORS))
		return error_set(-EUCLEAN, "%s: its superblock of dm-integrity, with the authentication tags, is damaged",
				 object);
	return 0;
}

/* ---- The journal ------------------------------------------------------------------ */

struct journal {
	uint64_t section;		/* bytes of a section */
	uint32_t sections;
	unsigned int entry;		/* bytes of an entry */
	unsigned int per_sector;	/* entries in a sector */
};

static struct journal journal_of(const struct crypt_segment *s, const uint8_t *super)
{
	unsigned int block = s->sector_size / SECTOR;
	unsigned int mac = get_le32(super + FLAGS) & FLAG_MAC ? MAC : 0;
	struct journal j = { .sections = get_le32(super + SECTIONS) };

	j.entry = (ENTRY_FIXED + ENTRY_SECTOR * block + s->tag_size + 7) & ~7u;
	j.per_sector = (SECTOR - COMMIT_ID - mac) / j.entry;
	j.section = (uint64_t)ENTRY_SECTORS * (1 + j.per_sector * block) * SECTOR;
	return j;
}

static bool has_entries(const struct journal *j, const uint8_t *sectors)
{
	for (unsigned int i = 0; i < ENTRY_SECTORS; i++)
		for (unsigned int k = 0; k < j->per_sector; k++)
			if (get_le32(sectors + i * SECTOR + k * j->entry + 4) != UNUSED)
				return true;
	return false;
}

int tags_need_replay(const struct device *d, const char *object, const struct crypt_segment *s)
{
	uint8_t super[SUPER_BYTES], sectors[ENTRY_SECTORS * SECTOR];
	uint64_t at = s->offset * SECTOR + JOURNAL_AT;
	struct journal j;
	int rc = read_super(d, object, s, super);

	if (rc)
		return rc;
	j = journal_of(s, super);
	if (j.sections > JOURNAL_MAX / j.section)
		return 1;
	for (uint32_t i = 0; i < j.sections && !rc; i++, at += j.section) {
		rc = device_read(d, sectors, sizeof(sectors), at);
		if (!rc && has_entries(&j, sectors))
			return 1;
	}
	return rc ? error_set(rc, "%s: the journal of its authentication tags cannot be read: %s", object,
			      error_name(rc)) : 0;
}

/* ---- Mapping ------------------------------------------------------------------------ */

/* Read the number of data sectors from the superblock. */
static int data_sectors(struct anyfs_kernel *k, const char *object, const struct crypt_segment *s,
			uint64_t dev, uint64_t *sectors)
{
	uint8_t super[SUPER_BYTES];
	struct device d;
	int rc = device_open(k, dev, false, &d);

	if (rc)
		return error_set(rc, "%s: %s", object, error_name(rc));
	rc = read_super(&d, object, s, super);
	device_close(&d);
	*sectors = get_le64(super + DATA_SECTORS);
	return rc;
}

/*
 * Make the parameters of a dm-integrity target,
 * "DEVICE FIRST-SECTOR TAG-SIZE MODE 1 block_size:N"; the caller frees them.
 */
static char *tags_params(const struct crypt_segment *s, uint64_t dev, unsigned int flags)
{
	char number[32], *params;

	mapper_dev(dev, number, sizeof(number));
	if (asprintf(&params, "%s %" PRIu64 " %u %c 1 block_size:%u", number, s->offset, s->tag_size,
		     flags & MAPPER_READONLY ? 'R' : 'J', s->sector_size) < 0)
		return NULL;
	return params;
}

int tags_map(struct anyfs_kernel *k, const char *object, const struct crypt_segment *s,
	     uint64_t dev, unsigned int flags, uint64_t *size, struct mapper *m)
{
	struct mapper_target t = { .type = "integrity" };
	char why[MAPPER_WHY] = "", *params;
	int rc = data_sectors(k, object, s, dev, &t.len);

	if (rc)
		return rc;
	t.params = params = tags_params(s, dev, flags);
	if (!params)
		return error_set(-ENOMEM, "%s: out of memory", object);
	rc = mapper_create(k, &t, 1, flags & ~MAPPER_SECRET, m, why);
	free(params);
	*size = t.len * SECTOR;
	return rc ? error_set(rc, "%s: the kernel cannot check its authentication tags with dm-integrity: %s%s%s",
			      object, error_name(rc), *why ? ": " : "", why) : 0;
}
