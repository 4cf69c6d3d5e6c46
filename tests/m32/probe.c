// SPDX-License-Identifier: GPL-2.0
/*
 * probe.c - recognise the file systems of the 32-bit kernel
 *
 * Replaces lib/image/probe.c, because libblkid is not installed for 32-bit programs.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "gpt.h"
#include "image.h"
#include "prefetch.h"

static const struct {
	uint32_t offset;
	uint8_t len;
	const char *magic, *fstype;
} table[] = {
	{ 0x438, 2, "\x53\xef", "ext4" },
	{ 0, 4, "XFSB", "xfs" },
	{ 0x10040, 8, "_BHRfS_M", "btrfs" },
	{ 54, 4, "FAT1", "vfat" },
	{ 82, 5, "FAT32", "vfat" },
};

int probe_superblock(const struct device *d, struct probe_super *s)
{
	static char head[0x10048];
	int rc;

	memset(s, 0, sizeof(*s));
	if (d->size < sizeof(head))
		return 0;
	rc = device_read(d, head, sizeof(head), 0);
	for (size_t i = 0; !rc && i < sizeof(table) / sizeof(*table); i++) {
		if (memcmp(head + table[i].offset, table[i].magic, table[i].len))
			continue;
		s->usage = PROBE_FILESYSTEM;
		strcpy(s->fstype, table[i].fstype);
	}
	return rc;
}

/* Only GPT: tests make no other table. */
int probe_parttable(const struct device *d, struct probe_table *t)
{
	memset(t, 0, sizeof(*t));
	return gpt_find_table(d, t);
}

void probe_table_free(struct probe_table *t)
{
	free(t->entries);
	memset(t, 0, sizeof(*t));
}

/* No disk of these tests is remote. */
void probe_prefetch(const struct device *d)
{
	(void)d;
}
