// SPDX-License-Identifier: GPL-2.0
/*
 * mkdisk-parts.c - the places of the partitions of anyfs mkdisk
 */
#include <string.h>
#include "messages.h"
#include "mkdisk.h"
#include "options.h"
#include "output.h"

#define MIB		(1ull << 20)
#define SECTOR		512u
#define GPT_END		(33 * SECTOR)	/* the second table at the end of the disk */
#define DOS_PARTS_MAX	4
#define DOS_SECTORS_MAX	(1ull << 32)

static bool dos_can_have(struct tool *t, const struct mkdisk *disk)
{
	if (disk->nr_parts > DOS_PARTS_MAX)
		tool_error(t, "%s: a dos table has at most %d partitions; --table gpt has more",
			   disk->image, DOS_PARTS_MAX);
	else if (disk->size / SECTOR > DOS_SECTORS_MAX)
		tool_error(t, "%s: a dos table ends at 2 TiB; --table gpt does not", disk->image);
	else
		return true;
	return false;
}

static uint64_t align_mib(uint64_t n)
{
	return (n + MIB - 1) / MIB * MIB;
}

/* Set the starts; returns the end of the last partition, or UINT64_MAX if it is beyond 2^63. */
static uint64_t set_starts(struct mkdisk *disk)
{
	uint64_t end = MIB;

	for (unsigned int i = 0; i < disk->nr_parts; i++) {
		disk->parts[i].start = align_mib(end);
		end = disk->parts[i].start + disk->parts[i].size;
		if (end > INT64_MAX)
			return UINT64_MAX;
	}
	return end;
}

static struct mkdisk_part *find_rest(struct tool *t, struct mkdisk *disk)
{
	struct mkdisk_part *rest = NULL;

	for (unsigned int i = 0; i < disk->nr_parts; i++) {
		if (disk->parts[i].rest && rest)
			tool_usage(t, "--part %s, --part %s: only one can have the size rest",
				   rest->name, disk->parts[i].name);
		if (disk->parts[i].rest)
			rest = &disk->parts[i];
	}
	return rest;
}

static bool place_parts(struct tool *t, struct mkdisk *disk)
{
	bool gpt = !strcmp(disk->table, "gpt");
	uint64_t reserved = gpt ? GPT_END : 0, room, end;
	struct mkdisk_part *rest = find_rest(t, disk);
	char need[16], have[16];

	if (!gpt && !dos_can_have(t, disk))
		return false;
	room = disk->size > reserved ? disk->size - reserved : 0;
	end = set_starts(disk);
	if (rest && end < room) {
		/* The partitions after @rest move by whole MiB and remain aligned. */
		rest->size = (room - end) / MIB * MIB;
		set_starts(disk);
	}
	format_size(end + (rest ? MIB : 0) + reserved, need, sizeof(need));
	format_size(disk->size, have, sizeof(have));
	if (end > room)
		tool_error(t, "%s: the partitions do not fit: they need %s, and the disk has %s",
			   disk->image, end == UINT64_MAX ? "more" : need, have);
	else if (rest && !rest->size)
		tool_error(t, "%s: nothing is left for partition %s: all need %s, and the disk has %s",
			   disk->image, rest->name, need, have);
	else
		return true;
	return false;
}

bool mkdisk_place_parts(struct tool *t, struct mkdisk *disk)
{
	if (!place_parts(t, disk))
		return false;
	for (unsigned int i = 0; i < disk->nr_parts; i++)
		if (disk->parts[i].luks.version && !mkdisk_luks_fits(t, disk, &disk->parts[i]))
			return false;
	return mkdisk_lvm_place(t, disk);
}
