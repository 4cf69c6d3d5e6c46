// SPDX-License-Identifier: GPL-2.0
/*
 * mkdisk-parse.c - parse the options --part and --lv of anyfs mkdisk
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "mkdisk.h"
#include "options.h"
#include "parse.h"
#include "run.h"
#include "words.h"

#define SECTOR		512u
#define GPT_NAME_MAX	36		/* characters */

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
		tool_usage(t, "%s %s: options=%s: a quote is not closed", part->option, part->name, value);
}

/* Take an option that only a partition has, not a logical volume; false if it is none. */
static bool set_part_option(struct tool *t, struct mkdisk_part *part, const char *name,
			    const char *value)
{
	if (part->is_logical)
		return false;
	if (!strcmp(name, "uuid"))
		part->uuid = value;
	else if (!strcmp(name, "type"))
		part->type = value;
	else if (!strcmp(name, "vg"))
		part->group = value;
	else
		return mkdisk_luks_option(t, part, name, value);
	return true;
}

static void set_option(struct tool *t, struct mkdisk_part *part, const char *name,
		       const char *value)
{
	if (!strcmp(name, "label"))
		part->job.label = value;
	else if (!strcmp(name, "fs-uuid"))
		part->job.uuid = value;
	else if (!set_part_option(t, part, name, value))
		tool_usage(t, "%s %s: unknown option %s; known: label, fs-uuid, options%s",
			   part->option, part->name, name, part->is_logical ? "" :
			   ", uuid, type, vg, luks and those of anyfs-mkdisk(1) for encrypted partitions");
	if (!*value)
		tool_usage(t, "%s %s: %s has no value", part->option, part->name, name);
	if (!strcmp(name, "uuid") && !mkdisk_is_uuid(value))
		tool_usage(t, "%s %s: uuid=%s: give a UUID, such as 6f8b3c1e-2d4a-4c5f-9e7b-a1b2c3d4e5f6",
			   part->option, part->name, value);
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
			tool_usage(t, "%s %s: %s: give OPTION=VALUE, such as label=root", part->option, part->name, text);
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
		tool_usage(t, "%s %s: size %s: give a multiple of 512 bytes, a size such as 256M, or rest",
			   part->option, part->name, text);
}

static void find_tool(struct tool *t, struct mkdisk_part *part)
{
	if (!strcmp(part->fs, "none") || mkdisk_is_lvm(part)) {
		if (part->job.label || part->job.uuid || part->job.options)
			tool_usage(t, "%s %s: label, fs-uuid and options need a file system",
				   part->option, part->name);
		return;
	}
	part->job.tool = mkfs_find(t, part->fs);
	if (!part->job.tool)
		tool_exit(t, EXIT_USAGE);
}

void mkdisk_set_sector(struct tool *t, struct mkdisk_part *part, unsigned int sector)
{
	const char *missing;

	part->job.sector_size = sector;
	if (!part->job.tool)
		return;
	missing = mkfs_lacks(&part->job);
	if (missing)
		tool_usage(t, "%s %s: the program that makes %s sets no %s", part->option, part->name,
			   part->fs, missing);
}

static void parse_part(struct tool *t, struct mkdisk_part *part, const char *text)
{
	char *next = tool_strdup(t, text), *size;

	part->name = strsep(&next, ":");
	part->fs = strsep(&next, ":");
	size = strsep(&next, ":");
	if (!*part->name || !part->fs || !*part->fs || !size)
		tool_usage(t, "%s %s: give NAME:FILESYSTEM:SIZE", part->option, text);
	parse_size_field(t, part, size);
	parse_options(t, part, next);
	find_tool(t, part);
}

void mkdisk_add_part(struct tool *t, struct mkdisk *disk, const char *text)
{
	struct mkdisk_part *part = &disk->parts[disk->nr_parts];

	if (disk->nr_parts++ == MKDISK_PARTS_MAX)
		tool_usage(t, "--part: a disk has at most %d partitions", MKDISK_PARTS_MAX);
	part->option = "--part";
	parse_part(t, part, text);
	if (count_characters(part->name) > GPT_NAME_MAX)
		tool_usage(t, "--part %s: a name has at most %d characters", part->name, GPT_NAME_MAX);
	mkdisk_luks_check(t, part);
	mkdisk_set_sector(t, part, mkdisk_luks_sector(&part->luks));
}

void mkdisk_add_logical(struct tool *t, struct mkdisk *disk, const char *text)
{
	struct mkdisk_part *lv = &disk->logical[disk->nr_logical];

	if (disk->nr_logical++ == MKDISK_LOGICAL_MAX)
		tool_usage(t, "--lv: a disk has at most %d logical volumes", MKDISK_LOGICAL_MAX);
	lv->option = "--lv";
	lv->is_logical = true;
	parse_part(t, lv, text);
	mkdisk_lvm_split_name(t, lv);
}
