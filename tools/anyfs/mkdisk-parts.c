// SPDX-License-Identifier: GPL-2.0
/*
 * mkdisk-parts.c - the partitions of anyfs mkdisk: the option --part, and their places
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "mkdisk.h"
#include "options.h"
#include "output.h"
#include "parse.h"
#include "run.h"
#include "words.h"

#define MIB		(1ull << 20)
#define SECTOR		512u
#define GPT_END		(33 * SECTOR)	/* the second table at the end of the disk */
#define GPT_NAME_MAX	36		/* characters */
#define DOS_PARTS_MAX	4
#define DOS_SECTORS_MAX	(1ull << 32)

bool mkdisk_is_uuid(const char *text)
{
	for (int i = 0; i < 36; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? text[i] != '-' :
		    !isxdigit((unsigned char)text[i]))
			return false;
	return !text[36];
}

/* The number of characters of UTF-8 text. */
static size_t count_characters(const char *text)
{
	size_t nr = 0;

	for (; *text; text++)
		nr += (*text & 0xc0) != 0x80;
	return nr;
}

static void set_options(struct tool *t, struct mkdisk_part *part, const char *value)
{
	size_t nr;

	part->job.options = words_split(value, &nr);
	if (!part->job.options)
		tool_usage(t, "--part %s: options=%s: a quote is not closed", part->name, value);
}

static void set_option(struct tool *t, struct mkdisk_part *part, const char *name,
		       const char *value)
{
	if (!strcmp(name, "label"))
		part->job.label = value;
	else if (!strcmp(name, "fs-uuid"))
		part->job.uuid = value;
	else if (!strcmp(name, "uuid"))
		part->uuid = value;
	else if (!strcmp(name, "type"))
		part->type = value;
	else if (!mkdisk_luks_option(t, part, name, value))
		tool_usage(t, "--part %s: unknown option %s; known: label, uuid, fs-uuid, type, options, luks and those of anyfs-mkdisk(1) for encrypted partitions",
			   part->name, name);
	if (!*value)
		tool_usage(t, "--part %s: %s has no value", part->name, name);
	if (!strcmp(name, "uuid") && !mkdisk_is_uuid(value))
		tool_usage(t, "--part %s: uuid=%s: give a UUID, such as 6f8b3c1e-2d4a-4c5f-9e7b-a1b2c3d4e5f6",
			   part->name, value);
}

/*
 * Parse the options after the size: "label=root:luks:options=-m 0".  options= takes all that
 * follows; luks may have no value.
 */
static void parse_options(struct tool *t, struct mkdisk_part *part, char *text)
{
	while (text) {
		char *value = strchr(text, '='), *end;

		if (!strncmp(text, "luks", 4) && (text[4] == ':' || !text[4])) {
			set_option(t, part, "luks", "2");
			text = text[4] ? text + 5 : NULL;
			continue;
		}
		if (!value || value > text + strcspn(text, ":"))
			tool_usage(t, "--part %s: %s: give OPTION=VALUE, such as label=root", part->name, text);
		*value++ = '\0';
		if (!strcmp(text, "options")) {
			set_options(t, part, value);
			return;
		}
		end = strchr(value, ':');
		if (end)
			*end++ = '\0';
		set_option(t, part, text, value);
		text = end;
	}
}

static void parse_size_field(struct tool *t, struct mkdisk_part *part, const char *text)
{
	part->rest = !strcmp(text, "rest");
	if (!part->rest && (!parse_size(text, &part->size) || !part->size || part->size % SECTOR))
		tool_usage(t, "--part %s: size %s: give a multiple of 512 bytes, a size such as 256M, or rest",
			   part->name, text);
}

static void find_tool(struct tool *t, struct mkdisk_part *part)
{
	const char *missing;

	if (!strcmp(part->fs, "none")) {
		if (part->job.label || part->job.uuid || part->job.options)
			tool_usage(t, "--part %s: label, fs-uuid and options need a file system",
				   part->name);
		return;
	}
	part->job.tool = mkfs_find(t, part->fs);
	if (!part->job.tool)
		tool_exit(t, EXIT_USAGE);
	missing = mkfs_lacks(&part->job);
	if (missing)
		tool_usage(t, "--part %s: the program that makes %s sets no %s", part->name,
			   part->fs, missing);
}

void mkdisk_add_part(struct tool *t, struct mkdisk *disk, const char *text)
{
	struct mkdisk_part *part = &disk->parts[disk->nr_parts];
	char *next = tool_strdup(t, text), *size;

	if (disk->nr_parts++ == MKDISK_PARTS_MAX)
		tool_usage(t, "--part: a disk has at most %d partitions", MKDISK_PARTS_MAX);
	part->name = strsep(&next, ":");
	part->fs = strsep(&next, ":");
	size = strsep(&next, ":");
	if (!*part->name || !part->fs || !*part->fs || !size)
		tool_usage(t, "--part %s: give NAME:FILESYSTEM:SIZE", text);
	if (count_characters(part->name) > GPT_NAME_MAX)
		tool_usage(t, "--part %s: a name has at most %d characters", part->name, GPT_NAME_MAX);
	parse_size_field(t, part, size);
	parse_options(t, part, next);
	mkdisk_luks_check(t, part);
	part->job.sector_size = part->luks.version ? mkdisk_luks_sector(&part->luks) : 0;
	find_tool(t, part);
}

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
	return true;
}
